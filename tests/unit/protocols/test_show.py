# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people read of a protocol."""

from datetime import timedelta

import pytest

from hub.model.protocol import Deadline
from hub.protocols.show import WIDTH, cite, describe, explain_step, span
from tests.unit.protocols.builders import (
    LAW,
    SCHEMAS,
    SOURCE,
    a_basis,
    a_deadline,
    a_protocol,
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
    assert "ungeprüft, Stand 01.01.2026: § 4 Abs. 3 KKG" in describe(a_protocol(), law, SCHEMAS)
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
