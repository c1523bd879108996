# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The exchanges counted out of a protocol are those that its conversations hold, and no others."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hub.model.conversation import Conversation, Utterance
from hub.model.protocol import Protocol, Role, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_compiled
from hub.protocols.exchanges import exchanges
from hub.protocols.objection import objection
from hub.protocols.sides import opening_pairs
from tests.unit.protocols.builders import a_protocol, a_step

OPENER, PARTNER = "opener:probe", "partner:probe"
Found = set[tuple[str, str, str]]


@cache
def shipped() -> Catalogue:
    return load_compiled()


def said_in(protocol: Protocol) -> Found:
    """Hold all conversations between units of one role, and return who said what to whom."""
    return {
        (step, sender, recipient)
        for opening in protocol.steps
        if opening.opens
        for pair in opening_pairs(opening, protocol)
        for step, sender, recipient in walked(opening, pair, protocol)
    }


def walked(opening: Step, pair: tuple[str, str], protocol: Protocol) -> Iterator[tuple[str, ...]]:
    roles = dict(zip((OPENER, PARTNER), pair, strict=True))
    empty = Conversation("", protocol.name, OPENER, PARTNER, (), closed=False)
    waiting = [told(empty, opening, OPENER)]
    seen: set[frozenset[tuple[str, str]]] = set()
    while waiting:
        conversation = waiting.pop()
        state = frozenset((each.step, each.author) for each in conversation.utterances)
        if state in seen:
            continue
        seen.add(state)
        last = conversation.utterances[-1]
        yield last.step, roles[last.author], roles[last.recipient]
        for unit in (OPENER, PARTNER):
            other = PARTNER if unit == OPENER else OPENER
            waiting += [
                told(conversation, step, unit)
                for step in protocol.steps
                # What admission asks of the roles, and what the order asks.
                if roles[unit] in step.sender and roles[other] in step.recipient
                if objection(step, unit, conversation, protocol) is None
            ]


def told(conversation: Conversation, step: Step, author: str) -> Conversation:
    position = len(conversation.utterances) + 1
    utterance = Utterance(
        message=str(position),
        position=position,
        step=step.id,
        author=author,
        recipient=PARTNER if author == OPENER else OPENER,
        env="",
        state="taken",
        was_taken=True,
    )
    return replace(conversation, utterances=(*conversation.utterances, utterance))


def counted(protocol: Protocol) -> Found:
    return {(each.step.id, each.sender, each.recipient) for each in exchanges(protocol)}


@pytest.mark.parametrize("name", sorted(shipped().protocols))
def test_of_every_shipped_protocol_they_are_those_of_its_conversations(name: str) -> None:
    protocol = shipped().protocols[name]

    assert counted(protocol) == said_in(protocol)


ROLES = tuple(Role(id=each, title=each) for each in ("schule", "jugendamt", "polizei"))


def test_two_that_never_open_a_conversation_say_nothing_to_each_other() -> None:
    """A step of many roles is said only by those that face each other."""
    both = {"sender": ("jugendamt", "polizei"), "recipient": ("jugendamt", "polizei")}
    protocol = a_protocol(
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("antwort", "", "", after=("mitteilung",), **both),
        roles=ROLES,
    )

    assert counted(protocol) == said_in(protocol) == {("mitteilung", "schule", "jugendamt")}


def test_what_follows_only_on_another_opening_is_not_said() -> None:
    many = {"recipient": ("jugendamt", "polizei")}
    protocol = a_protocol(
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("rueckfrage", "schule", "polizei", opens=True),
        a_step("antwort", "schule", "", after=("mitteilung",), **many),
        roles=ROLES,
    )

    assert ("antwort", "schule", "jugendamt") in counted(protocol)
    assert ("antwort", "schule", "polizei") not in counted(protocol)
    assert counted(protocol) == said_in(protocol)


def test_after_the_close_nothing_follows_but_corrections() -> None:
    protocol = a_protocol(
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("rueckmeldung", "jugendamt", "schule", after=("mitteilung",), closes=True),
        a_step("antwort", "schule", "jugendamt", after=("rueckmeldung",)),
        a_step("berichtigung", "jugendamt", "schule", corrects=("rueckmeldung",)),
    )

    assert {step for step, _, _ in counted(protocol)} == {
        "mitteilung",
        "rueckmeldung",
        "berichtigung",
    }
    assert counted(protocol) == said_in(protocol)


def test_a_step_that_waits_for_all_waits_for_what_can_be_said() -> None:
    protocol = a_protocol(
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("rueckfrage", "jugendamt", "schule", after=("mitteilung",), at_most=1),
        a_step("antwort", "schule", "jugendamt", after_each=("mitteilung", "rueckfrage")),
        a_step("rueckmeldung", "jugendamt", "polizei", after=("mitteilung",)),
        a_step("ruecknahme", "schule", "jugendamt", after_each=("rueckmeldung",)),
        roles=ROLES,
    )

    assert {step for step, _, _ in counted(protocol)} == {"mitteilung", "rueckfrage", "antwort"}
    assert counted(protocol) == said_in(protocol)


def test_where_both_hold_one_role_the_side_decides_who_speaks() -> None:
    protocol = a_protocol(
        a_step("mitteilung", "jugendamt", "jugendamt", opens=True),
        a_step("antwort", "jugendamt", "jugendamt", answers="mitteilung", speaker="opener"),
        a_step("rueckfrage", "jugendamt", "jugendamt", answers="mitteilung", speaker="partner"),
    )

    assert {step for step, _, _ in counted(protocol)} == {"mitteilung", "rueckfrage"}
    assert counted(protocol) == said_in(protocol)
