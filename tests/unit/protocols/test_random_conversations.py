# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever anybody tries, in whatever order: what was declared can be said, and nothing else.

The rules are the hub's own; what is expected of them is written down here a second time, from the
protocol files alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.protocol import Protocol, Step
from hub.protocols.compiled import load_compiled
from hub.protocols.exchanges import exchanges
from hub.protocols.order import allowed_next
from tests.unit.protocols.stage import HEARD, LOST, OPENER, OTHER, PARTNER, Stage, stages

CATALOGUE: Final = load_compiled()
ROLES: Final = sorted({role.id for protocol in CATALOGUE.all() for role in protocol.roles})
LONGEST: Final = 30
each_protocol = pytest.mark.parametrize(
    "protocol", [pytest.param(each, id=each.name) for each in CATALOGUE.all()]
)
Said = tuple[str, str, str]
"""Step, role that sends, role that receives."""


def declared(protocol: Protocol) -> set[Said]:
    return {(each.step.id, each.sender, each.recipient) for each in exchanges(protocol)}


@dataclass(frozen=True)
class Turn:
    """Somebody tried to say something; nothing was said about it yet."""

    before: Stage
    step: Step
    unit: str
    cau: str | None
    after: Stage

    @property
    def is_carried(self) -> bool:
        return self.after.refused is None

    @property
    def said(self) -> Said:
        roles = self.before.roles
        return self.step.id, roles[self.unit], roles[OTHER[self.unit]]

    def again(self, stage: Stage, fate: str) -> Stage:
        return stage.after(self.step, self.unit, self.cau, fate=fate)


def turns(first: Stage) -> Iterator[Turn]:
    """Go through all conversations of two units, and yield all that they try.

    Nothing is said twice by one side: no step waits for a second message of another. Corrections
    are tried everywhere and lead nowhere.
    """
    waiting, known = [first], {frozenset[tuple[str, str]]()}
    while waiting:
        stage = waiting.pop()
        for step, unit in _untold(stage):
            for cau in stage.causes(step, unit):
                turn = Turn(stage, step, unit, cau, stage.after(step, unit, cau))
                yield turn
                state = frozenset((each.step, each.author) for each in turn.after.said)
                if turn.is_carried and not step.corrects and state not in known:
                    known.add(state)
                    waiting.append(turn.after)


def _untold(stage: Stage) -> Iterator[tuple[Step, str]]:
    told = {(each.step, each.author) for each in stage.said}
    for step in stage.protocol.steps:
        # Before the first word nobody is the opener yet, so one order of the two is enough.
        for unit in OTHER if stage.said else (OPENER,):
            if (step.id, unit) not in told:
                yield step, unit


@each_protocol
def test_what_can_be_said_is_exactly_what_is_declared(protocol: Protocol) -> None:
    """Gone through exhaustively, with every role of the catalogue on either side."""
    found: set[Said] = set()
    for stage in stages(protocol, CATALOGUE, ROLES):
        for turn in turns(stage):
            expected = may_follow(turn.before, turn.step, turn.unit, turn.cau)
            assert turn.is_carried == expected, turn.said
            found |= {turn.said} if turn.is_carried else set()

    assert found == declared(protocol)


def first_turns(protocol: Protocol) -> Iterator[Turn]:
    """Yield, for each step and those who say it, the first time that it could be said."""
    seen: set[Said] = set()
    for stage in stages(protocol, CATALOGUE, [role.id for role in protocol.roles]):
        for turn in turns(stage):
            if turn.is_carried and turn.said not in seen and not turn.step.opens:
                seen.add(turn.said)
                yield turn


@each_protocol
def test_a_step_is_said_as_often_as_it_is_capped_and_no_more(protocol: Protocol) -> None:
    for turn in first_turns(protocol):
        if turn.step.at_most is None or turn.step.withdraws or turn.step.closes:
            continue
        stage = turn.before
        for _ in range(turn.step.at_most):
            stage = turn.again(stage, HEARD)
            assert stage.refused is None, turn.said

        assert turn.again(stage, HEARD).refused is not None, turn.said


@each_protocol
def test_what_does_not_arrive_is_said_again_as_often_as_that_is_allowed(
    protocol: Protocol,
) -> None:
    for turn in first_turns(protocol):
        stage = turn.before
        for _ in range(protocol.repeats + 1):
            stage = turn.again(stage, LOST)
            assert stage.refused is None, turn.said

        assert turn.again(stage, HEARD).refused is not None, turn.said


def test_the_catalogue_gives_a_cell_to_every_role() -> None:
    cells = {said for protocol in CATALOGUE.all() for said in declared(protocol)}

    assert {sender for _, sender, _ in cells} == set(ROLES)
    assert {recipient for _, _, recipient in cells} == set(ROLES)


@each_protocol
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_conversation_never_leaves_its_protocol(protocol: Protocol, data: st.DataObject) -> None:
    cells = declared(protocol)
    stage = Stage(protocol, CATALOGUE, _two_roles(data, protocol))
    for _ in range(data.draw(st.integers(1, LONGEST))):
        step = data.draw(st.sampled_from(_sayable(stage)))
        unit = data.draw(st.sampled_from([OPENER, PARTNER])) if stage.said else OPENER
        cau = data.draw(st.sampled_from(stage.causes(step, unit)))
        after = stage.after(step, unit, cau, fate=data.draw(st.sampled_from([HEARD, HEARD, LOST])))
        assert (after.refused is None) == may_follow(stage, step, unit, cau)
        if after.refused is None:
            assert (step.id, stage.roles[unit], stage.roles[OTHER[unit]]) in cells
            check_what_is_offered(after)
        else:
            assert after.said == stage.said
        stage = after


def _sayable(stage: Stage) -> Sequence[Step]:
    """Return what somebody may want to say: of the first word, an opening one as often as not."""
    steps = stage.protocol.steps
    opening = [step for step in steps if step.opens]
    return steps if stage.said else [*opening * len(steps), *steps * len(opening)]


def _two_roles(data: st.DataObject, protocol: Protocol) -> dict[str, str]:
    """Choose two roles, nearly always such that one may open with the other, else any.

    Where nobody opens nothing is said, and such examples teach little.
    """
    meeting = [
        pair
        for step in protocol.steps
        for pair in product(step.sender, step.recipient)
        if may_open(step, pair, protocol)
    ]
    chosen = st.sampled_from(meeting)
    if data.draw(st.integers(0, 9)) == 0:
        chosen = st.tuples(st.sampled_from(ROLES), st.sampled_from(ROLES))
    return dict(zip((OPENER, PARTNER), data.draw(chosen), strict=True))


def may_open(step: Step, pair: tuple[str, str], protocol: Protocol) -> bool:
    """Say by the words of the protocol file alone whether one role opens with another."""
    own, other = pair
    facing = [set(side) for side in protocol.sides or ()]
    is_across = not facing or not any(own in side and other in side for side in facing)
    return step.opens and own in step.sender and other in step.recipient and is_across


def check_what_is_offered(stage: Stage) -> None:
    """What the hub offers to say next is what it would carry, and nothing else."""
    assert stage.conversation is not None
    for unit in OTHER:
        offered = allowed_next(stage.protocol, stage.conversation, unit)
        taken = {
            step.id
            for step in stage.protocol.steps
            if any(stage.after(step, unit, cau).refused is None for cau in stage.causes(step, unit))
        }
        assert set(offered) == taken


def may_follow(stage: Stage, step: Step, unit: str, cau: str | None) -> bool:
    """Say by the words of the protocol file alone whether a step may be said."""
    pair = stage.roles[unit], stage.roles[OTHER[unit]]
    if not stage.said:
        return may_open(step, pair, stage.protocol)
    return (
        not step.opens
        and _is_of_this_side(stage, step, unit)
        and (
            _may_correct(stage, step, unit, cau) if step.corrects else _may_come(stage, step, unit)
        )
        and not _is_said_often_enough(stage, step, unit)
    )


def _is_of_this_side(stage: Stage, step: Step, unit: str) -> bool:
    is_theirs = stage.roles[unit] in step.sender and stage.roles[OTHER[unit]] in step.recipient
    side = "opener" if unit == OPENER else "partner"
    return is_theirs and step.speaker in {None, side}


def _may_come(stage: Stage, step: Step, unit: str) -> bool:
    heard = [each for each in stage.said if each.state == HEARD]
    steps = {each.step for each in heard}
    own = Counter((each.step, each.author) for each in heard)
    is_open = stage.said[0].state == HEARD and not any(
        rule.closes for rule in stage.protocol.steps if rule.id in steps
    )
    follows = not step.after or bool(steps & set(step.after))
    is_asked = step.answers is None or own[step.answers, OTHER[unit]] > own[step.id, unit]
    return is_open and follows and steps >= set(step.after_each) and is_asked


def _may_correct(stage: Stage, step: Step, unit: str, cau: str | None) -> bool:
    withdrawing = {each.id for each in stage.protocol.steps if each.withdraws}
    gone = {each.cau for each in stage.said if each.step in withdrawing and each.state == HEARD}
    named = [each for each in stage.said if each.message == cau and each.author == unit]
    return any(each.step in step.corrects for each in named) and cau not in gone


def _is_said_often_enough(stage: Stage, step: Step, unit: str) -> bool:
    tried = [each for each in stage.said if (each.step, each.author) == (step.id, unit)]
    heard = [each for each in tried if each.state == HEARD]
    is_capped = step.at_most is not None and len(heard) >= step.at_most
    return is_capped or len(tried) - len(heard) > stage.protocol.repeats
