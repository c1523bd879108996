# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the checker finds in protocols with a defect, one defect at a time."""

from typing import Any

import pytest

from hub.model.protocol import Protocol, Role
from hub.protocols.check import findings
from hub.protocols.explore import cap_of, explore
from hub.sealing.canonical import digest
from tests.unit.protocols.builders import (
    ALL_STEPS,
    FEEDBACK,
    LAW,
    SCHEMAS,
    a_basis,
    a_deadline,
    a_protocol,
    a_step,
    some_clocks,
    some_schemas,
    the_steps,
    without_feedback,
)


def found(protocol: Protocol) -> list[str]:
    return [str(each) for each in findings(protocol, LAW, SCHEMAS)]


def changed(step_id: str, **members: Any) -> Protocol:
    """Return the protocol with one step that is different."""
    return a_protocol(
        *(s.model_copy(update=members) if s.id == step_id else s for s in the_steps())
    )


def test_a_sound_protocol_has_no_findings() -> None:
    assert found(a_protocol()) == []


def test_a_protocol_that_only_time_closes_is_sound() -> None:
    assert found(without_feedback(a_protocol())) == []


@pytest.mark.parametrize(
    ("step", "members", "finding"),
    [
        ("mitteilung", {"sender": ()}, "steps/mitteilung/sender: niemand darf"),
        ("mitteilung", {"recipient": ()}, "steps/mitteilung/recipient: niemand ist"),
        ("mitteilung", {"guidance": " "}, "steps/mitteilung/guidance: sagt nicht"),
        ("antwort", {"basis_sender": ()}, "steps/antwort/basis_sender: nennt keine"),
        ("antwort", {"basis_recipient": ()}, "steps/antwort/basis_recipient: nennt keine"),
        ("antwort", {"basis_sender": ("bgb-1",)}, "bgb-1 steht nicht in specs/law"),
        ("antwort", {"schema_name": "x/1.0.0/y"}, "steps/antwort/schema_name: Schema"),
        ("antwort", {"schema_digest": digest("x")}, "eine andere Prüfsumme"),
        ("antwort", {"information": ("ja",)}, "steps/antwort/information: nennt anderes"),
        ("antwort", {"urgencies": ()}, "steps/antwort/urgencies: nennt keine"),
        ("antwort", {"urgencies": ("unverzueglich",)}, "clocks/unverzueglich: fehlt"),
        ("antwort", {"content_limit": a_deadline(minutes=10)}, "Inhaltsgrenze von antwort"),
        ("antwort", {"answers": None}, "steps/antwort/after: sagt nicht, worauf"),
        ("antwort", {"withdraws": True}, "steps/antwort: nimmt zurück"),
        ("rueckmeldung", {"reminder": None}, "steps/rueckmeldung/reminder: an den Abschluss"),
        ("rueckfrage", {"at_most": None}, "steps/rueckfrage/at_most: der Schritt kann beliebig"),
        ("berichtigung", {"at_most": None}, "steps/berichtigung/at_most: der Schritt kann"),
        ("rueckmeldung", {"opens": True}, "steps/rueckmeldung: eröffnet und kann"),
        ("berichtigung", {"corrects": ("ruecknahme",)}, "corrects: ruecknahme nimmt zurück"),
        ("berichtigung", {"corrects": FEEDBACK}, "corrects: rueckmeldung ist nur für eine Person"),
        ("berichtigung", {"corrects": FEEDBACK}, "absent_corrections: rueckmeldung steht in"),
        ("rueckmeldung-berichtigung", {"corrects": ("antwort",)}, "corrects: wer antwort spricht"),
        ("ruecknahme", {"corrects": ("ruecknahme",)}, "corrects: nennt nur den Schritt selbst"),
    ],
)
def test_a_defect_is_found(step: str, members: dict[str, Any], finding: str) -> None:
    assert any(finding in each for each in found(changed(step, **members)))


def test_a_cycle_without_a_cap_is_found_on_both_its_sides() -> None:
    question, answer = (s for s in the_steps() if s.id in {"rueckfrage", "antwort"})
    protocol = a_protocol(
        *(s for s in the_steps() if s.id not in {"rueckfrage", "antwort"}),
        question.model_copy(update={"at_most": None, "answers": "antwort"}),
        answer,
    )

    assert cap_of(answer, protocol) is None
    assert sum("beliebig oft" in each for each in found(protocol)) == 2


def test_a_close_that_can_never_come_is_found_with_the_shortest_way_there() -> None:
    protocol = changed("rueckmeldung", after=("rueckmeldung",))

    assert "steps: kein Weg führt zum Abschluss nach: mitteilung" in found(protocol)


def test_a_close_that_nobody_is_asked_for_is_found() -> None:
    """A closing answer without its question is as good as none."""
    question = a_step("rueckfrage", "jugendamt", "schule", after=("mitteilung",), at_most=1)
    closing = a_step("antwort", "schule", "jugendamt", answers="rueckfrage", closes=True)

    assert explore(a_protocol(the_steps()[0], question, closing)).stuck == ()
    assert explore(a_protocol(the_steps()[0], closing)).stuck == (("mitteilung",),)


def test_a_step_that_never_comes_is_found() -> None:
    protocol = changed("rueckfrage", after=("antwort",))

    assert "steps/rueckfrage: kommt in keinem Vorgang vor" in found(protocol)
    assert "steps/antwort: kommt in keinem Vorgang vor" in found(protocol)


def test_a_protocol_that_nobody_can_open_is_found() -> None:
    assert "steps: kein Schritt eröffnet einen Vorgang" in found(
        changed("mitteilung", opens=False, after=("antwort",), at_most=1)
    )


def test_a_conversation_that_never_ends_is_found() -> None:
    assert any(
        each.startswith("ends_after:") for each in found(a_protocol(ends_after=a_deadline(days=0)))
    )


def test_clocks_that_run_backwards_are_found() -> None:
    backwards = some_clocks().model_copy(update={"overdue": a_deadline(minutes=1)})
    protocol = a_protocol(clocks={"sofort": backwards, "planbar": some_clocks()})

    assert any(each.startswith("clocks/sofort: Fristen") for each in found(protocol))


def test_a_role_without_a_part_is_found() -> None:
    roles = (*a_protocol().roles, Role(id="polizei", title="Polizei"))

    assert "roles/polizei: kommt in keinem Schritt vor" in found(a_protocol(roles=roles))


def test_what_stands_on_unverified_law_is_a_draft() -> None:
    law = {**LAW, "kkg-4-3": a_basis("kkg-4-3", "§ 4 Abs. 3 KKG", pruefstand="sinngemaess")}

    in_force = findings(a_protocol(), law, SCHEMAS)
    draft = a_protocol(status="entwurf", status_reason="Wortlaut nicht geprüft.")

    assert [each.place for each in in_force] == ["steps/mitteilung/basis_sender"]
    assert findings(draft, law, SCHEMAS) == ()


def test_a_draft_says_why() -> None:
    assert found(a_protocol(status="entwurf"))[0].startswith("status_reason:")


def test_protocol_and_schema_agree_about_the_information_of_those_concerned() -> None:
    leaf = {"betroffene_informiert": {"type": "string", "enum": ["ja", "nein-schutz"]}}
    schemas = some_schemas(*ALL_STEPS, extra=leaf)

    def with_information(*choice: str) -> list[str]:
        step = a_step(
            "mitteilung",
            "schule",
            "jugendamt",
            opens=True,
            information=choice,
            schema_digest=schemas.digest_of("erfunden/1.0.0/mitteilung"),
        )
        places = [each.place for each in findings(a_protocol(step), LAW, schemas)]
        return [place for place in places if place.endswith("information")]

    assert with_information("ja", "nein-schutz") == []
    assert with_information("ja") == ["steps/mitteilung/information"]


def test_the_walk_meets_every_number_of_questions_answers_and_failures() -> None:
    """Counted by hand for one question, one answer and no second try."""
    question = a_step("rueckfrage", "jugendamt", "schule", after=("mitteilung",), at_most=1)
    answer = a_step("antwort", "schule", "jugendamt", answers="rueckfrage")
    walk = explore(a_protocol(the_steps()[0], question, answer, repeats=0))

    # Fell through; opened; asked; answered.
    assert walk.states == 4
    assert walk.said == {"mitteilung", "rueckfrage", "antwort"}


def test_a_step_names_a_whole_side_or_none_of_it() -> None:
    """Else what is allowed next would depend on who happens to sit there."""
    opening = a_step("mitteilung", "schule", "jugendamt", opens=True, sender=("schule", "polizei"))
    answer = a_step("rueckfrage", "jugendamt", "schule", after=("mitteilung",), at_most=1)

    assert "steps/rueckfrage: nennt nur einen Teil einer Seite von mitteilung" in found(
        a_protocol(opening, answer)
    )


def test_a_role_without_a_basis_of_its_own_is_found() -> None:
    protocol = changed("mitteilung", basis_sender_of={"schule": ()})

    assert "steps/mitteilung/basis_sender: nennt keine Rechtsgrundlage für schule" in found(
        protocol
    )


@pytest.mark.parametrize(
    ("name", "recipient", "finding"),
    [
        ("anvertraut", "polizei", "polizei: Anvertrautes geht nur an"),
        ("schutzadresse", "traeger", "traeger: Wo ein Kind zu seinem Schutz"),
        ("erfunden", "jugendamt", "die Klasse erfunden ist nicht bekannt"),
        ("anvertraut", "jugendamt", None),
    ],
)
def test_guarded_data_reach_nobody_else(name: str, recipient: str, finding: str | None) -> None:
    """§ 65 SGB VIII, and the address of a shelter."""
    schemas = some_schemas(*ALL_STEPS, extra={"vertraut": {"type": "boolean", "x-class": name}})
    digest_of_step = schemas.digest_of("erfunden/1.0.0/mitteilung")
    step = a_step("mitteilung", "jugendamt", recipient, opens=True, schema_digest=digest_of_step)
    texts = [each.text for each in findings(a_protocol(step), LAW, schemas)]

    assert any(finding is not None and each.startswith(finding) for each in texts) == bool(finding)
    assert finding or not any("nur an" in each or "Klasse" in each for each in texts)


@pytest.mark.parametrize(
    ("members", "finding"),
    [
        ({"speaker": "opener"}, "steps/mitteilung/speaker: wer eröffnet"),
        ({"after_each": ("antwort",)}, "steps/mitteilung: eröffnet und kann"),
        ({"mandatory": True}, "steps/mitteilung/mandatory: nur ein Abschluss"),
    ],
)
def test_what_an_opening_cannot_be_is_found(members: dict[str, Any], finding: str) -> None:
    assert any(finding in each for each in found(changed("mitteilung", **members)))


def test_an_exchange_that_is_void_before_its_content_ends_is_found() -> None:
    protocol = a_protocol(void_after=a_deadline(days=7))

    assert any(each.startswith("void_after: der Vorgang endet vor") for each in found(protocol))


def test_what_must_not_be_linked_has_no_corrections() -> None:
    assert any("unlinked schließt das aus" in each for each in found(a_protocol(unlinked=True)))


def test_sides_that_never_meet_are_found() -> None:
    protocol = a_protocol(sides=(("schule", "jugendamt"), ("polizei",)))

    assert "steps/mitteilung: niemand steht sich nach sides so gegenüber" in found(protocol)
