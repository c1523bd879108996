# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The protocols that are shipped: sound, unchanged, explained, and no wider than the law."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from ruamel.yaml import YAML

from hub.model.protocol import Deadline, Protocol, Step
from hub.protocols.catalogue import load_catalogue
from hub.protocols.check import findings
from hub.protocols.load import FILE, published_digest
from hub.protocols.shape import text
from hub.protocols.show import describe, explain_step
from hub.protocols.wording import WIDTH
from hub.schemas import SCHEMAS, SPECS

CATALOGUE = load_catalogue(SPECS, SCHEMAS)
ONE_SCREEN = 50
each_protocol = pytest.mark.parametrize(
    "protocol", [pytest.param(each, id=each.name) for each in CATALOGUE.all()]
)


def folder_of(protocol: Protocol) -> Path:
    return SPECS / "protocols" / protocol.name


def read(protocol: Protocol) -> Any:
    return YAML(typ="safe", pure=True).load(folder_of(protocol) / FILE)


TWENTY = {
    "schule-mitteilung": "P01",
    "fachberatung": "P02",
    "gesundheit-mitteilung": "P04a",
    "aerzte-austausch": "P04b",
    "polizei-mitteilung": "P05",
    "justiz-mitteilung": "P06",
    "jugendamt-einschaltung": "P07",
    "familiengericht": "P08",
    "jugendamt-mitteilung": "P09",
    "fallabgabe": "P10",
    "inobhutnahme": "P11",
    "jugendgerichtshilfe": "P12",
    "fallkonferenz": "P13",
    "schulabsentismus": "P14",
    "vermisste": "P15",
    "krisendienst-uebergabe": "P16",
    "auskunftsersuchen": "P17",
    "traeger-mitteilung": "P18a",
    "zoll-mitteilung": "P18b",
    "ordnungsamt-mitteilung": "P18c",
}
"""Every exchange that the law knows; P03 is a step and no protocol."""

OPENERS = {
    "schule-mitteilung": {"mitteilung"},
    "fachberatung": {"frage"},
    "gesundheit-mitteilung": {"mitteilung"},
    "aerzte-austausch": {"anfrage"},
    "polizei-mitteilung": {"mitteilung"},
    "justiz-mitteilung": {"mitteilung"},
    "jugendamt-einschaltung": {"ersuchen"},
    "familiengericht": {"anrufung", "hinweis"},
    "jugendamt-mitteilung": {"mitteilung"},
    "fallabgabe": {"unterrichtung"},
    "inobhutnahme": {"uebergabe", "unterbringung", "unterrichtung"},
    # The police open with a step of their own, because nothing comes back to them.
    "jugendgerichtshilfe": {"mitteilung", "unterrichtung"},
    "fallkonferenz": {"einladung"},
    "schulabsentismus": {"unterrichtung", "ersuchen", "antrag"},
    "vermisste": {"mitteilung"},
    "krisendienst-uebergabe": {"uebergabe"},
    "auskunftsersuchen": {"ersuchen"},
    "traeger-mitteilung": {"mitteilung"},
    "zoll-mitteilung": {"mitteilung"},
    "ordnungsamt-mitteilung": {"mitteilung"},
}
CLOSERS = {
    "schule-mitteilung": {"rueckmeldung"},
    "fachberatung": {"abschluss"},
    "gesundheit-mitteilung": {"rueckmeldung"},
    "aerzte-austausch": {"auskunft", "abschluss"},
    "polizei-mitteilung": set[str](),
    "justiz-mitteilung": {"ausgang"},
    "jugendamt-einschaltung": {"erledigung"},
    "familiengericht": {"abschluss"},
    "jugendamt-mitteilung": {"uebernahme"},
    "fallabgabe": {"uebernahme"},
    "inobhutnahme": {"ende"},
    "jugendgerichtshilfe": {"ausgang"},
    "fallkonferenz": {"abschluss"},
    "schulabsentismus": {"erledigung"},
    "vermisste": {"auffindung"},
    "krisendienst-uebergabe": {"uebernahme"},
    "auskunftsersuchen": {"auskunft", "ablehnung"},
    "traeger-mitteilung": {"rueckmeldung"},
    "zoll-mitteilung": set[str](),
    "ordnungsamt-mitteilung": set[str](),
}

LONGER = {"schule": 60, "gesundheit": 60, "ratsuchende": 30}
"""Days that content waits for those who have holidays, or who are to be asked no second time."""

FORTNIGHT = 14
SHORT_LIVED = {"fallkonferenz"}
"""An invitation is about a day; whoever is on holiday then is not there."""
UNVERIFIED = {
    "aerzte-austausch",
    "polizei-mitteilung",
    "schulabsentismus",
    "ordnungsamt-mitteilung",
}
"""Their rules or their basis could not be read in the wording of the statute."""


def test_the_twenty_protocols_are_there() -> None:
    assert {each.id: each.number for each in CATALOGUE.all()} == TWENTY


@each_protocol
def test_a_protocol_opens_and_closes_as_it_was_agreed(protocol: Protocol) -> None:
    opening = {step.id for step in protocol.steps if step.opens}
    closing = {step.id for step in protocol.steps if step.closes}

    assert opening == OPENERS[protocol.id]
    assert closing == CLOSERS[protocol.id]


@each_protocol
def test_a_protocol_whose_basis_was_not_read_is_a_draft(protocol: Protocol) -> None:
    assert protocol.status == "entwurf" or protocol.id not in UNVERIFIED
    assert protocol.status in {"in-kraft", "entwurf"}
    assert bool(protocol.status_reason) == (protocol.status == "entwurf")


@each_protocol
def test_a_protocol_leaves_nobody_waiting(protocol: Protocol) -> None:
    assert [str(each) for each in findings(protocol, CATALOGUE.law, CATALOGUE.schemas)] == []


@each_protocol
def test_a_published_version_is_the_one_that_was_published(protocol: Protocol) -> None:
    """Controllers have signed this digest; whoever changes the file makes a new version."""
    assert published_digest(folder_of(protocol)) == protocol.digest


@each_protocol
def test_a_change_is_told_to_those_who_are_bound(protocol: Protocol) -> None:
    changes = (folder_of(protocol).parent / "CHANGES.md").read_text("utf-8")

    assert f"## {protocol.version}" in changes


@each_protocol
def test_a_protocol_is_read_on_one_screen(protocol: Protocol) -> None:
    lines = describe(protocol, CATALOGUE.law, CATALOGUE.schemas).splitlines()

    assert len(lines) <= ONE_SCREEN
    assert max(map(len, lines)) <= WIDTH


@each_protocol
def test_every_step_can_be_explained(protocol: Protocol) -> None:
    for step in protocol.steps:
        shown = explain_step(step, protocol, CATALOGUE.law, CATALOGUE.schemas)

        assert step.guidance.split()[0] in shown
        assert max(map(len, shown.splitlines())) <= WIDTH


@each_protocol
def test_every_number_says_whose_it_is(protocol: Protocol) -> None:
    clocks = [each for c in protocol.clocks.values() for each in dict(c).values()]
    limits = [each for step in protocol.steps for each in limits_of(step)]
    ends = [each for each in (protocol.ends_after, protocol.void_after) if each]
    reminders = [step.reminder for step in protocol.steps if step.reminder]

    assert all("Vorgabe des Projekts" in each.source for each in (*clocks, *limits))
    for deadline in (*ends, *reminders):
        assert "Vorgabe des Projekts" in deadline.source or is_cited(deadline.source)


def limits_of(step: Step) -> list[Deadline]:
    return [step.content_limit, *step.content_limit_to.values()]


def is_cited(source: str) -> bool:
    """Tell whether a source is a place in the law that is looked up here."""
    return any(source.startswith(basis.citation) for basis in CATALOGUE.law.values())


@each_protocol
def test_every_message_can_be_corrected_and_taken_back_by_its_author(protocol: Protocol) -> None:
    """Art. 16 and 17 DSGVO bind whoever said something that is wrong."""
    for step in protocol.steps if not protocol.unlinked else ():
        by = [each for each in protocol.steps if step.id in each.corrects]
        assert all(set(step.sender) <= set(each.sender) for each in by)
        assert all(set(step.recipient) <= set(each.recipient) for each in by)
        assert [each.id for each in by if each.withdraws] == ["ruecknahme"] * (not step.withdraws)
        assert step.corrects or len([each for each in by if not each.withdraws]) == 1


@each_protocol
def test_where_nothing_may_be_linked_nothing_names_another_message(protocol: Protocol) -> None:
    """§ 4 Abs. 2 KKG: a correction would say which message it corrects."""
    assert protocol.unlinked == (protocol.id == "fachberatung")
    if protocol.unlinked:
        assert not any(step.corrects or step.withdraws for step in protocol.steps)


@each_protocol
def test_content_stays_a_fortnight_and_over_the_holidays_where_there_are_any(
    protocol: Protocol,
) -> None:
    longer = {} if protocol.id in SHORT_LIVED else LONGER
    for step in protocol.steps:
        for role in step.recipient:
            days = longer.get(role, FORTNIGHT)
            assert step.limit_to({role}).within == timedelta(days=days)


@each_protocol
def test_an_opening_step_names_what_is_deliberately_absent(protocol: Protocol) -> None:
    for step in protocol.steps:
        if step.opens:
            assert "Religion" in step.absent[0]


def test_the_clocks_are_those_of_the_project() -> None:
    known = CATALOGUE.known("schule-mitteilung/1.0.0").clocks
    at_once, same_day = known["sofort"], known["unverzueglich"]

    assert at_once.taken.within == timedelta(minutes=2)
    assert at_once.acknowledged.within == at_once.overdue.within == timedelta(minutes=10)
    assert same_day.taken.within == timedelta(minutes=15)
    assert same_day.acknowledged.within == timedelta(hours=2)
    assert same_day.overdue.within == timedelta(hours=4)


@each_protocol
def test_a_protocol_has_the_clocks_of_its_urgencies_and_no_others(protocol: Protocol) -> None:
    known = CATALOGUE.known("schule-mitteilung/1.0.0").clocks

    assert set(protocol.clocks) == {urg for step in protocol.steps for urg in step.urgencies}
    assert all(protocol.clocks[urgency] == known[urgency] for urgency in protocol.clocks)


FEEDBACK = {"schule-mitteilung", "gesundheit-mitteilung", "traeger-mitteilung"}
"""Where somebody of § 4 Abs. 1 KKG may be the one who tells."""
gives_feedback = pytest.mark.parametrize(
    "protocol",
    [pytest.param(each, id=each.name) for each in CATALOGUE.all() if each.id in FEEDBACK],
)


@each_protocol
def test_only_those_whom_the_law_names_hear_back(protocol: Protocol) -> None:
    """§ 4 Abs. 4 KKG; that customs, police and courts get none is said, not forgotten."""
    assert (protocol.step("rueckmeldung") is not None) == (protocol.id in FEEDBACK)
    told = {"polizei-mitteilung", "zoll-mitteilung", "ordnungsamt-mitteilung", "justiz-mitteilung"}
    assert (protocol.absent_step("rueckmeldung") is not None) >= (protocol.id in told)


@gives_feedback
def test_the_person_who_told_hears_three_answers_once(protocol: Protocol) -> None:
    """§ 64 Abs. 4 SGB VIII: "ausschließlich"."""
    step = protocol.step("rueckmeldung")
    assert step

    leaves = CATALOGUE.schemas.by_digest(step.schema_digest).leaves

    assert {leaf.kind for leaf in leaves} == {"boolean"}
    assert len(leaves) == 3
    assert (step.at_most, step.closes, step.person_only) == (1, True, True)
    assert step.urgencies == ("planbar",)
    assert step.reminder
    assert step.reminder.within == timedelta(days=14)


@gives_feedback
def test_a_correction_of_the_three_answers_is_no_wider_than_they_are(protocol: Protocol) -> None:
    """§ 64 Abs. 4 SGB VIII: "ausschließlich", also the second time."""
    first, second = protocol.step("rueckmeldung"), protocol.step("rueckmeldung-berichtigung")
    assert first
    assert second

    assert second.corrects == ("rueckmeldung", "rueckmeldung-berichtigung")
    assert (second.closes, second.withdraws, second.at_most) == (False, False, 20)
    for same in ("sender", "recipient", "basis_sender", "basis_recipient", "urgencies"):
        assert getattr(second, same) == getattr(first, same)
    assert second.content_limit == first.content_limit
    assert second.person_only
    assert first.person_only


def test_the_police_hear_nothing_but_receipts_and_one_question() -> None:
    """§ 4 Abs. 4 KKG names the persons of Abs. 1; the police are not among them."""
    protocol = CATALOGUE.known("polizei-mitteilung/1.0.0")
    absent, question = protocol.absent_step("rueckmeldung"), protocol.step("rueckfrage")
    assert absent
    assert question

    assert protocol.status == "entwurf"
    assert "§ 27 PolG NRW" in protocol.status_reason
    assert absent.reason.startswith("§ 4 Abs. 4 KKG nennt die Polizei nicht.")
    assert CATALOGUE.cite(absent.basis) == "§ 4 Abs. 4 KKG"
    assert question.at_most == 1
    assert not any(step.closes for step in protocol.steps)


def test_a_request_for_social_data_lives_half_a_year() -> None:
    """§ 68 Abs. 1 SGB X: it may not go back longer than six months."""
    void = CATALOGUE.known("auskunftsersuchen/1.0.0").void_after
    assert void

    assert timedelta(days=180) <= void.within <= timedelta(days=184)
    assert void.source.startswith("§ 68")


@pytest.mark.parametrize(
    ("name", "days"),
    [("fachberatung/1.0.0", 30), ("justiz-mitteilung/1.0.0", 365), ("fallabgabe/1.0.0", 90)],
)
def test_a_silent_conversation_ends(name: str, days: int) -> None:
    assert CATALOGUE.known(name).ends_after.within == timedelta(days=days)


def test_the_shape_of_a_protocol_file_is_the_one_that_is_shipped() -> None:
    """If not: ``python -m hub.protocols.shape specs/protocol.schema.json``, and look at it."""
    assert (SPECS / "protocol.schema.json").read_text("utf-8") == text()


@each_protocol
def test_a_protocol_file_has_that_shape(protocol: Protocol) -> None:
    validator = Draft202012Validator(json.loads(text()))

    assert [str(error.instance_path) for error in validator.iter_errors(read(protocol))] == []


@each_protocol
def test_the_shape_refuses_what_the_loader_counts(protocol: Protocol) -> None:
    validator = Draft202012Validator(json.loads(text()))

    assert not validator.is_valid({**read(protocol), "digest": protocol.digest})
    assert not validator.is_valid({**read(protocol), "ends_after": "neunzig Tage"})
