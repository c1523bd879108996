# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which step can one role say to another, in some conversation that the hub would carry?

``sides`` says who may face whom. Here the order counts too: a step that follows only on what these
two never say to each other is no exchange between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hub.model.protocol import Protocol, RoleId, Step, StepId
from hub.protocols.sides import opening_pairs

_Side = Literal["opener", "partner"]
_OTHER: Final[dict[_Side, _Side]] = {"opener": "partner", "partner": "opener"}


@dataclass(frozen=True)
class Exchange:
    """One step, said by one role to another."""

    step: Step
    sender: RoleId
    recipient: RoleId


def exchanges(protocol: Protocol) -> tuple[Exchange, ...]:
    """Return every exchange of a protocol, in the order of its steps and then of its roles.

    Complete and exact for units of one role: no conversation holds what is not in it, and each of
    it occurs in one.
    """
    roles = [role.id for role in protocol.roles]
    found = {
        (step, *(pair if side == "opener" else reversed(pair)))
        for opening in protocol.steps
        if opening.opens
        for pair in opening_pairs(opening, protocol)
        for step, side in _Talk(opening, *pair, protocol).sayable()
    }
    return tuple(
        Exchange(step, sender, recipient)
        for step in protocol.steps
        for sender in roles
        for recipient in roles
        if (step.id, sender, recipient) in found
    )


@dataclass(frozen=True)
class _Talk:
    """All conversations that one role opens with another by one step."""

    opening: Step
    opener: RoleId
    partner: RoleId
    protocol: Protocol

    def sayable(self) -> set[tuple[StepId, _Side]]:
        """Return what can be said in one of them, and by whom."""
        said: set[tuple[StepId, _Side]] = {(self.opening.id, "opener")}
        while more := set(self._next(said)) - said:
            said |= more
        return said

    def _next(self, said: set[tuple[StepId, _Side]]) -> Iterator[tuple[StepId, _Side]]:
        for step in self.protocol.steps:
            for side in _OTHER:
                if self._may_speak(step, side) and self._may_follow(step, side, said):
                    yield step.id, side

    def _may_speak(self, step: Step, side: _Side) -> bool:
        own, other = self.opener, self.partner
        if side == "partner":
            own, other = other, own
        is_theirs = own in step.sender and other in step.recipient
        return is_theirs and not step.opens and step.speaker in {None, side}

    def _may_follow(self, step: Step, side: _Side, said: set[tuple[StepId, _Side]]) -> bool:
        if step.corrects:
            return any((each, side) in said for each in step.corrects)
        # Once a closing step has come through, nothing but corrections follows.
        before = {(each, by) for each, by in said if not self._closes(each)}
        heard = {each for each, _ in before}
        return (
            (not step.after or not heard.isdisjoint(step.after))
            and heard.issuperset(step.after_each)
            and (step.answers is None or (step.answers, _OTHER[side]) in before)
            and self.opening.id in heard
        )

    def _closes(self, step_id: StepId) -> bool:
        return any(step.id == step_id and step.closes for step in self.protocol.steps)
