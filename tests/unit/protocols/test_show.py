# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people read of a protocol."""

from datetime import timedelta

import pytest

from hub.model.protocol import Deadline, Protocol
from hub.protocols.show import SCREEN, WIDTH, describe, explain_step
from hub.protocols.wording import cite, every, span, spoken
from tests.unit.protocols.builders import (
    ALL_STEPS,
    LAW,
    SCHEMAS,
    SOURCE,
    a_basis,
    a_deadline,
    a_protocol,
    a_step,
    some_schemas,
    the_steps,
    without_feedback,
)


def test_a_protocol_names_its_steps_with_the_law_of_both_sides() -> None:
    shown = describe(a_protocol(), LAW, SCHEMAS)

    assert "schule → jugendamt" in shown
    assert "§ 4 Abs. 3 KKG | § 8a Abs. 1 SGB VIII" in shown
    assert "nach mitteilung, höchstens 2-mal" in shown


def test_a_correction_says_what_it_corrects_and_what_deliberately_not() -> None:
    protocol = a_protocol()
    shown = describe(protocol, LAW, SCHEMAS)
    text, again = protocol.step("berichtigung"), protocol.step("rueckmeldung-berichtigung")
    assert text
    assert again

    assert "zu eigener mitteilung, rueckfrage, antwort, höchstens 3-mal" in shown
    assert "zu eigener rueckmeldung, auch wiederholt, höchstens 3-mal" in shown
    assert "zu eigener Nachricht, höchstens 3-mal" in shown
    assert "+ rueckmeldung-berichtigung jugendamt → schule" in shown
    explained = explain_step(text, protocol, LAW, SCHEMAS)
    assert "Berichtigt nicht: rueckmeldung, rueckmeldung-berichtigung" in explained
    assert "§ 64 Abs. 4 SGB VIII: Eine Rückmeldung berichtigt ein eigener Schritt." in explained
    assert "ist zugestellt; der Vorgang" in explain_step(again, protocol, LAW, SCHEMAS)


def test_no_line_is_wider_than_a_screen() -> None:
    protocol = a_protocol()
    shown = [describe(protocol, LAW, SCHEMAS)]
    shown += [explain_step(step, protocol, LAW, SCHEMAS) for step in protocol.steps]

    assert max(len(line) for each in shown for line in each.splitlines()) <= WIDTH


def test_no_line_ends_in_half_a_citation() -> None:
    shown = describe(a_protocol(), LAW, SCHEMAS)

    assert not any(line.endswith(("§", "Abs.", "SGB")) for line in shown.splitlines())


def test_doubtful_law_is_shown_as_doubtful() -> None:
    law = {**LAW, "kkg-4-3": a_basis("kkg-4-3", "§ 4 Abs. 3 KKG", pruefstand="ungeprueft")}

    assert "§ 4 Abs. 3 KKG (ungeprüft)" in describe(a_protocol(), law, SCHEMAS)
    assert "Stand: geprüft 01.01.2026; ungeprüft" in describe(a_protocol(), law, SCHEMAS)
    assert cite(LAW["kkg-4-3"]) == "§ 4 Abs. 3 KKG"


def test_a_draft_says_that_it_is_one_and_why() -> None:
    draft = a_protocol(status="entwurf", status_reason="Der Wortlaut fehlt.")

    assert describe(draft, LAW, SCHEMAS).splitlines()[0].endswith("Entwurf")
    assert "Stand: Der Wortlaut fehlt." in describe(draft, LAW, SCHEMAS)


def test_what_is_deliberately_not_there_is_shown_too() -> None:
    protocol = without_feedback(a_protocol())
    step = the_steps()[0].model_copy(update={"absent": ("Religion: nicht nötig",)})

    assert "Nicht vorgesehen: rueckmeldung. § 4 Abs. 4 KKG" in describe(protocol, LAW, SCHEMAS)
    assert "Bewusst nicht dabei\n  Religion" in explain_step(step, protocol, LAW, SCHEMAS)


def test_a_step_explains_its_law_its_fields_and_who_may_read_it() -> None:
    members = {"person_only": True, "information": ("ja", "nein-schutz")}
    step = the_steps()[3].model_copy(update=members)

    shown = explain_step(step, a_protocol(), LAW, SCHEMAS)

    assert "§ 4 Abs. 4 KKG: Sinn." in shown
    assert "Felder: 1 von höchstens 160" in shown
    assert "Leseschlüssel der mitteilenden Person" in shown
    assert "Betroffene informiert: ja · nein, zum Schutz des Kindes" in shown
    assert "Erinnerung: alle 14 Tage (Vorgabe des Projekts)" in shown


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (a_deadline(seconds=30), "30 Sekunden"),
        (a_deadline(minutes=1), "1 Minute"),
        (a_deadline(minutes=90), "90 Minuten"),
        (a_deadline(hours=2), "2 Stunden"),
        (a_deadline(days=14), "14 Tage"),
        (
            Deadline(within=timedelta(hours=4), source=SOURCE, counted="office-hours"),
            "4 Stunden Dienstzeit",
        ),
        (Deadline(within=timedelta(0), source=SOURCE, counted="office-hours"), "zur Dienstzeit"),
        (
            Deadline(within=timedelta(days=1), source=SOURCE, counted="working-days"),
            "Arbeitstag 12 Uhr",
        ),
        (
            Deadline(within=timedelta(days=3), source=SOURCE, counted="working-days"),
            "3. Arbeitstag 12 Uhr",
        ),
    ],
)
def test_a_deadline_is_said_in_words(deadline: Deadline, words: str) -> None:
    assert span(deadline) == words


def test_a_reminder_and_a_deadline_have_their_words_in_a_sentence() -> None:
    noon = Deadline(within=timedelta(days=1), source=SOURCE, counted="working-days")

    assert (every(a_deadline(days=1)), every(a_deadline(days=7))) == ("jeden Tag", "alle 7 Tage")
    assert spoken(noon) == "bis 12 Uhr am nächsten Arbeitstag"
    assert spoken(a_deadline(minutes=10)) == "in 10 Minuten"


def with_members(**members: object) -> Protocol:
    """Return the invented protocol with another first step."""
    steps = the_steps()
    return a_protocol(steps[0].model_copy(update=members), *steps[1:])


def test_a_role_with_a_basis_of_its_own_is_named_with_it() -> None:
    shown = describe(with_members(basis_sender_of={"schule": ("kkg-4-4",)}), LAW, SCHEMAS)
    other = describe(with_members(basis_recipient_of={"schule": ("kkg-4-4",)}), LAW, SCHEMAS)

    assert "    schule: § 4 Abs. 4 KKG | § 8a Abs. 1 SGB VIII" in shown
    assert "§ 4 Abs. 3 KKG | § 8a Abs. 1 SGB VIII; schule: § 4 Abs. 4 KKG" in other


def test_a_basis_that_both_sides_have_stands_once() -> None:
    members = {"basis_sender": ("kkg-4-4",), "basis_recipient": ("kkg-4-4",)}

    assert "    beide Seiten § 4 Abs. 4 KKG" in describe(with_members(**members), LAW, SCHEMAS)


def test_what_the_hub_asks_of_a_step_is_said_with_it() -> None:
    protocol = with_members(
        signed_by=("richter", "staatsanwalt"), basis_chosen=True, mandatory=True, speaker="opener"
    )

    shown = " ".join(describe(protocol, LAW, SCHEMAS).split())
    assert "muss gesagt werden" in shown
    assert "spricht, wer eröffnet hat" in shown
    assert "Grundlage jedes Mal gewählt" in shown
    assert "nur mit dem Schlüssel von richter oder staatsanwalt" in shown


def test_a_step_that_waits_for_several_says_so() -> None:
    steps = list(the_steps())
    waits = {"after": (), "after_each": ("mitteilung", "rueckfrage")}
    steps[3] = steps[3].model_copy(update=waits)

    assert "erst nach mitteilung und rueckfrage" in describe(a_protocol(*steps), LAW, SCHEMAS)


def test_a_rule_is_named_with_the_protocol_and_told_with_the_step() -> None:
    law = {**LAW, "sgb10-82a-3": a_basis("sgb10-82a-3", "§ 82a Abs. 3 SGB X")}
    rules = ("ohne-hinweis-nur-mit-grund", "geburtstag-nur-mit-monat")
    protocol = with_members(rules=rules)

    shown = describe(protocol, law, SCHEMAS)
    told = " ".join(explain_step(protocol.steps[0], protocol, law, SCHEMAS).split())
    assert "Regeln: ohne-hinweis-nur-mit-grund (§ 82a Abs. 3 SGB X)" in shown
    assert "sagt warum: Die Ausnahme ist eine begründete Entscheidung" in told
    assert "den Tag muss es geben. (Vorgabe des Projekts)" in told


def test_what_is_open_is_shown_with_the_protocol_and_with_each_step() -> None:
    protocol = a_protocol(open_points=("Wortlaut lesen.", "Vereinbarung lesen."))

    shown = describe(protocol, LAW, SCHEMAS)
    assert "Offen: Wortlaut lesen.\nOffen: Vereinbarung lesen." in shown
    told = explain_step(protocol.steps[0], protocol, LAW, SCHEMAS)
    assert "Offen\n  Wortlaut lesen.\n  Vereinbarung lesen." in told


def test_an_exchange_that_nothing_ties_to_anything_says_so_and_when_it_lapses() -> None:
    protocol = a_protocol(unlinked=True, void_after=a_deadline(days=180))

    shown = " ".join(describe(protocol, LAW, SCHEMAS).split())
    assert "mit keiner anderen verknüpft" in shown
    assert "spätestens 180 Tage nach der ersten" in shown


def test_what_the_reform_of_2021_changed_stands_with_the_law() -> None:
    law = {**LAW, "kkg-4-3": a_basis("kkg-4-3", "§ 4 Abs. 3 KKG", kjsg="Satz 3 angefügt.")}
    protocol = a_protocol()

    assert "KJSG: Satz 3 angefügt." in explain_step(protocol.steps[0], protocol, law, SCHEMAS)


def test_one_side_opens_even_where_both_hold_one_role() -> None:
    opening = a_step("mitteilung", "jugendamt", "jugendamt", opens=True)
    shown = describe(a_protocol(opening), LAW, SCHEMAS)

    assert "o mitteilung    jugendamt → jugendamt" in shown


def test_a_long_protocol_gives_reasons_in_one_sentence_and_stays_on_one_screen() -> None:
    """What decides is still there: who, in which order, on what, and what is open."""
    long = "Das ist so, weil § 4 Abs. 4 KKG es sagt. " + "Und noch etwas mehr dazu. " * 20
    many = tuple(
        a_step(f"frage-{number}", "jugendamt", "schule", after=("mitteilung",), at_most=1)
        for number in range(9)
    )
    schemas = some_schemas(*ALL_STEPS, *(step.id for step in many))
    protocol = a_protocol(
        *the_steps(), *many, purpose=long, retention=long, open_points=("A lesen.", "B lesen.")
    )

    shown = describe(protocol, LAW, schemas)
    assert len(shown.splitlines()) <= SCREEN
    assert "Das ist so, weil § 4 Abs. 4 KKG es sagt." in shown
    assert "noch etwas mehr" not in shown
    assert "Offen: A lesen. / B lesen." in shown
    assert all(f" {step.id}: jugendamt → schule" in shown for step in many)
