# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which few conversations show everything that two roles can say to each other?

Planned on a stage, with the hub's own rules, so that a hub can be made to hear as little as
possible twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.sides import opening_pairs
from tests.unit.protocols.stage import OPENER, OTHER, PARTNER, Stage


@dataclass(frozen=True)
class Line:
    """One message of a planned conversation."""

    step: Step
    by_opener: bool
    about: int | None
    """Position of the message that it corrects."""


@dataclass(frozen=True)
class Plan:
    """One conversation between two roles."""

    protocol: Protocol
    opener: str
    partner: str
    lines: tuple[Line, ...]


def plans(protocol: Protocol, catalogue: Catalogue) -> Iterator[Plan]:
    """Plan conversations in which every step occurs that any two roles can say."""
    for opening in protocol.steps:
        for own, other in sorted(opening_pairs(opening, protocol)) if opening.opens else ():
            roles = {OPENER: own, PARTNER: other}
            yield from _between(opening, Stage(protocol, catalogue, roles))


def _between(opening: Step, empty: Stage) -> Iterator[Plan]:
    """Go on until a conversation brings nothing new."""
    told: set[tuple[str, str]] = set()
    while new := _courses(opening, empty, told):
        told |= {(line.step.id, OPENER if line.by_opener else PARTNER) for line in new}
        roles = empty.roles
        yield Plan(empty.protocol, roles[OPENER], roles[PARTNER], new)


def _courses(opening: Step, empty: Stage, told: set[tuple[str, str]]) -> tuple[Line, ...]:
    """Return one conversation with something that was not told yet; nothing where there is none."""
    stage, lines = empty.after(opening, OPENER), [Line(opening, by_opener=True, about=None)]
    while following := _next(stage, told):
        step, unit, cau = following
        stage = stage.after(step, unit, cau)
        about = next((each.position for each in stage.said if each.message == cau), None)
        lines.append(Line(step, unit == OPENER, about))
    spoken = {(each.step, each.author) for each in stage.said}
    return tuple(lines) if spoken - told else ()


def _next(stage: Stage, told: set[tuple[str, str]]) -> tuple[Step, str, str | None] | None:
    """Choose what comes next: what leads on before what closes, and what is new before the old."""
    spoken = {(each.step, each.author) for each in stage.said}
    open_to = [
        (step, unit, cau)
        for step in stage.protocol.steps
        for unit in OTHER
        for cau in stage.causes(step, unit)
        if (step.id, unit) not in spoken and stage.after(step, unit, cau).refused is None
    ]
    wanted = [each for each in open_to if (each[0].id, each[1]) not in told]
    leading = [each for each in open_to if not each[0].closes and not each[0].corrects]
    return min(wanted or leading, key=lambda each: _lateness(each[0]), default=None)


def _lateness(step: Step) -> int:
    """Corrections come last, as nothing is shut off by them; what takes back comes after those."""
    return step.closes + 2 * bool(step.corrects) + step.withdraws
