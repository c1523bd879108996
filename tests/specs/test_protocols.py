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

from hub.model.protocol import Protocol
from hub.protocols.catalogue import load_catalogue
from hub.protocols.check import findings
from hub.protocols.load import FILE, published_digest
from hub.protocols.shape import text
from hub.protocols.show import WIDTH, describe, explain_step
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


def test_the_two_first_protocols_are_there() -> None:
    assert [(each.number, each.name) for each in CATALOGUE.all()] == [
        ("P01", "schule-mitteilung/1.0.0"),
        ("P05", "polizei-mitteilung/1.0.0"),
    ]


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
    limits = [step.content_limit for step in protocol.steps]

    assert all("Vorgabe des Projekts" in each.source for each in (*clocks, *limits))


@each_protocol
def test_every_message_can_be_corrected_and_taken_back_by_its_author(protocol: Protocol) -> None:
    """Art. 16 and 17 DSGVO bind whoever said something that is wrong."""
    for step in protocol.steps:
        by = [each for each in protocol.steps if step.id in each.corrects]
        assert all(set(step.sender) <= set(each.sender) for each in by)
        assert all(set(step.recipient) <= set(each.recipient) for each in by)
        assert [each.id for each in by if each.withdraws] == ["ruecknahme"] * (not step.withdraws)
        assert step.corrects or len([each for each in by if not each.withdraws]) == 1


@each_protocol
def test_content_stays_a_fortnight_and_with_schools_over_the_holidays(protocol: Protocol) -> None:
    for step in protocol.steps:
        for role in step.recipient:
            days = 60 if role == "schule" else 14
            assert step.limit_to({role}).within == timedelta(days=days)


@each_protocol
def test_an_opening_step_names_what_is_deliberately_absent(protocol: Protocol) -> None:
    for step in protocol.steps:
        if step.opens:
            assert any("Religion" in each for each in step.absent)


def test_the_clocks_are_those_of_the_project() -> None:
    for protocol in CATALOGUE.all():
        at_once, same_day = protocol.clocks["sofort"], protocol.clocks["unverzueglich"]

        assert at_once.taken.within == timedelta(minutes=2)
        assert at_once.acknowledged.within == at_once.overdue.within == timedelta(minutes=10)
        assert same_day.taken.within == timedelta(minutes=15)
        assert same_day.acknowledged.within == timedelta(hours=2)
        assert same_day.overdue.within == timedelta(hours=4)


def test_the_school_hears_three_answers_once_and_only_the_person_who_told() -> None:
    """§ 64 Abs. 4 SGB VIII: "ausschließlich"."""
    protocol = CATALOGUE.known("schule-mitteilung/1.0.0")
    step = protocol.step("rueckmeldung")
    assert step

    leaves = CATALOGUE.schemas.by_digest(step.schema_digest).leaves

    assert {leaf.kind for leaf in leaves} == {"boolean"}
    assert len(leaves) == 3
    assert (step.at_most, step.closes, step.person_only) == (1, True, True)
    assert step.urgencies == ("planbar",)
    assert step.reminder
    assert step.reminder.within == timedelta(days=14)


def test_a_correction_of_the_three_answers_is_no_wider_than_they_are() -> None:
    """§ 64 Abs. 4 SGB VIII: "ausschließlich", also the second time."""
    protocol = CATALOGUE.known("schule-mitteilung/1.0.0")
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
