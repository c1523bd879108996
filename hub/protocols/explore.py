# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which conversations does a protocol allow?

The walk uses the rules themselves, not a model of them. Two conversations in which the same was
said equally often, and came through equally often, allow the same to follow; so each such state is
looked at once, and the caps bound their number. Each message is let fail, one in a conversation:
how failures add up is a matter of ``order``. Corrections are left out: they open and close nothing,
and every state but the first allows them.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from hub.model.conversation import Conversation, Utterance
from hub.model.protocol import Protocol, Step
from hub.protocols.objection import is_closed, stands
from hub.protocols.order import allowed_next

OPENER: Final = "opener:demo"
PARTNER: Final = "partner:demo"
THROUGH: Final = "taken"
FELL: Final = "rejected"

_State = frozenset[tuple[tuple[str, str, str], int]]


@dataclass(frozen=True)
class Walk:
    """What was met on the way through all conversations of a protocol."""

    states: int
    said: frozenset[str]
    """Steps that occur."""
    stuck: tuple[tuple[str, ...], ...]
    """Courses after which no closing step can come any more, where there is one; shortest first."""


def explore(protocol: Protocol) -> Walk:
    """Go through every conversation that the protocol allows.

    Every step has to be capped (``cap_of``), or the walk does not end. A protocol without a closing
    step is closed by the hub after ``ends_after``, so nothing in it is stuck.
    """
    reached: dict[_State, Conversation] = {}
    before: dict[_State, set[_State]] = {}
    waiting: deque[tuple[Conversation, _State | None]] = deque()
    waiting.extend((each, None) for each in _openings(protocol))
    while waiting:
        conversation, came_from = waiting.popleft()
        state = _state(conversation)
        before.setdefault(state, set())
        if came_from is not None:
            before[state].add(came_from)
        if state not in reached:
            reached[state] = conversation
            waiting.extend((each, state) for each in _continued(conversation, protocol))
    ending = {state for state, each in reached.items() if _has_ended(each, protocol)}
    stuck = reached.keys() - _all_before(ending, before)
    return Walk(
        states=len(reached),
        said=frozenset(u.step for each in reached.values() for u in each.utterances),
        stuck=tuple(sorted(sorted(_course(reached[state]) for state in stuck), key=len)),
    )


def cap_of(step: Step, protocol: Protocol, seen: frozenset[str] = frozenset()) -> int | None:
    """Return how often a step can be said by one side, or None if there is no bound.

    A step without a cap of its own is bounded by the messages that it answers, unless those are
    in turn answers to it.
    """
    if step.opens:
        return 1
    if step.at_most is not None:
        return step.at_most
    answered = protocol.step(step.answers) if step.answers else None
    if answered is None or step.id in seen:
        return None
    return cap_of(answered, protocol, seen | {step.id})


def _openings(protocol: Protocol) -> Iterator[Conversation]:
    empty = Conversation("", protocol.name, OPENER, PARTNER, (), closed=False)
    for step in protocol.steps:
        if step.opens:
            yield from (_with(empty, step.id, OPENER, fate) for fate in (THROUGH, FELL))


def _continued(conversation: Conversation, protocol: Protocol) -> Iterator[Conversation]:
    for unit in (OPENER, PARTNER):
        for step_id in allowed_next(protocol, conversation, unit):
            step = protocol.step(step_id)
            if step is None or step.corrects:
                continue
            yield _with(conversation, step_id, unit, THROUGH)
            # A second failure is met where the first was: it leaves what may follow as it is, until
            # ``repeats`` are used up, and then the way ends with ``ends_after``.
            if protocol.repeats and all(map(stands, conversation.utterances)):
                yield _with(conversation, step_id, unit, FELL)


def _with(conversation: Conversation, step: str, author: str, fate: str) -> Conversation:
    position = len(conversation.utterances) + 1
    said = Utterance(
        message=str(position),
        position=position,
        step=step,
        author=author,
        recipient=PARTNER if author == OPENER else OPENER,
        env="",
        state=fate,
        was_taken=True,
    )
    return replace(conversation, utterances=(*conversation.utterances, said))


def _state(conversation: Conversation) -> _State:
    # The opener is told apart: whether it came through decides about everything after it.
    return frozenset(Counter((u.step, u.author, u.state) for u in conversation.utterances).items())


def _has_ended(conversation: Conversation, protocol: Protocol) -> bool:
    if not any(step.closes for step in protocol.steps):
        return True
    return not stands(conversation.utterances[0]) or is_closed(conversation, protocol)


def _all_before(states: set[_State], before: dict[_State, set[_State]]) -> set[_State]:
    """Return the states from which one of ``states`` can be reached, and these."""
    found, waiting = set(states), list(states)
    while waiting:
        new = before[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def _course(conversation: Conversation) -> tuple[str, ...]:
    return tuple(
        each.step if stands(each) else f"{each.step} (nicht angekommen)"
        for each in conversation.utterances
    )
