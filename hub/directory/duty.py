# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act for a unit at an instant, who is asked after it, and until when?

The answer is the same wherever it is worked out: it comes from signed entries and a clock alone.
A line of another organisation counts only while that organisation says itself that it serves this
one. A line whose unit does not take part counts for nothing, so that nobody waits for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from hub.directory.calendar import ORDINARY, Calendar
from hub.directory.duty_words import line_reason, missing_reason, now_reason, office_state
from hub.directory.hours import Interval, within
from hub.directory.kinds import key_of
from hub.directory.plan import Covers, Plan, terms_of
from hub.model.contact import Reached
from hub.model.ids import kind_of, organisation_of
from hub.model.roster import Line, Roster, Service

DAY: Final = 86_400
WEEK: Final = 7 * DAY
AGS: Final = 8
"""Digits of an Amtlicher Gemeindeschluessel; the first of them name the Kreis."""
DISTRICT: Final = 5
NEAR: Final = "Eine Stelle im selben Kreis, jetzt im Dienst."
ADDRESSED: Final = "Die Mitteilung ist an diese Stelle gerichtet."


class Addressed(Protocol):
    """A unit, with its keys or without."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def telephone(self) -> str: ...
    @property
    def roster(self) -> Roster | None: ...
    @property
    def serves(self) -> tuple[Service, ...]: ...


class Named(Protocol):
    """An organisation."""

    @property
    def name(self) -> str: ...


class Known(Protocol):
    """What has to be known: the directory, or the proposals of network files."""

    @property
    def units(self) -> Sequence[Addressed]: ...
    def unit(self, party: str) -> Addressed | None: ...
    def is_active(self, unit: str) -> bool: ...
    def organisation(self, party: str) -> Named | None: ...


@dataclass(frozen=True)
class Turn:
    """One who is asked."""

    unit: str | None
    """None: somebody who is called and reads nothing."""
    name: str
    telephone: str
    order: int
    basis: str | None
    reached: Reached
    reason: str
    """One German sentence."""


@dataclass(frozen=True)
class OnDuty:
    """Who is asked at an instant, in this order."""

    unit: str
    """The addressed one, which stays the addressee whoever is asked."""
    at: int
    turns: tuple[Turn, ...]
    is_valid: bool
    """Whether the roster says so. Without one the unit itself is asked, and nobody promised."""
    until: int | None
    """The next instant at which others are asked; none where none is in sight."""
    reason: str
    """One German sentence."""

    @property
    def first(self) -> str:
        """The unit that is asked first."""
        return next(turn.unit for turn in self.turns if turn.unit is not None)


class Desk:
    """The compiled roster of one unit, as one directory knows it."""

    def __init__(self, unit: str, directory: Known) -> None:
        found = directory.unit(unit)
        name, telephone = (found.name, found.telephone) if found else (unit, "")
        self.roster = found.roster if found else None
        self.itself = Turn(unit, name, telephone, 1, None, Reached(), ADDRESSED)
        lines = _named_lines(unit, directory, active=True)
        self.plan = Plan(self.roster, lines) if self.roster else None
        self.calendar = self.plan.calendar if self.plan else ORDINARY
        self._asked = tuple(map(_turn, self.plan.lines)) if self.plan else ()
        self._turns: dict[Covers, tuple[Turn, ...]] = {}

    def covers(self, at: int) -> Covers:
        return self.plan.covers(at) if self.plan else ()

    def turns(self, covers: Covers) -> tuple[Turn, ...]:
        """Return whom these lines ask; before all others the unit itself, where none reads."""
        if (found := self._turns.get(covers)) is None:
            asked = tuple(self._asked[place] for place in covers)
            if all(turn.unit is None for turn in asked):
                asked = self.itself, *asked
            found = self._turns[covers] = asked
        return found

    def first(self, covers: Covers) -> Turn:
        """Return the first line that reads, else the first that is called."""
        asked = [self._asked[place] for place in covers]
        return next((turn for turn in asked if turn.unit), asked[0])

    def reading_lines(self, span: Interval) -> list[Line]:
        """Return the lines with a unit whose terms touch a span, by their order."""
        if self.plan is None:
            return []
        known = zip(self.plan.lines, self.plan.terms, strict=True)
        return [line for line, terms in known if line.unit and within(terms, [span])]

    def missing_at(self, at: int) -> list[str]:
        """Return the names of lines that would cover, had the other organisation agreed."""
        if self._agreed is None:
            return []
        return [self._agreed.lines[place].name for place in self._agreed.covers(at)]

    @cached_property
    def _agreed(self) -> Plan | None:
        roster = self.roster
        return Plan(roster, [(line, None) for line in roster.lines]) if roster else None


_DESKS: Final[WeakKeyDictionary[Known, dict[str, Desk]]] = WeakKeyDictionary()
"""Compiled once for each directory, which never changes; they go when it goes."""


def on_duty(unit: str, directory: Known, at: int) -> OnDuty:
    """Return who has to act for a unit at an instant."""
    desk = _desk(unit, directory)
    covers = desk.covers(at)
    until = desk.plan.until(at) if desk.plan else None
    turns = desk.turns(covers)
    if covers:
        first = desk.first(covers)
        state = office_state(unit, desk.calendar, at)
        reason = now_reason(state, until, first.name, reads=first.unit is not None)
    else:
        reason = missing_reason(desk.roster, at, desk.missing_at(at))
    return OnDuty(unit, at, turns, bool(covers), until, reason)


def calendar_of(unit: str, directory: Known) -> Calendar:
    """Return the calendar in which the deadlines of a unit run."""
    return _desk(unit, directory).calendar


def named_units(unit: str, directory: Known, at: int) -> tuple[str, ...]:
    """Return the other units to seal to, by order: who may be asked now or within a day."""
    lines = _desk(unit, directory).reading_lines((at, at + DAY))
    return tuple(dict.fromkeys(line.unit for line in lines if line.unit not in {None, unit}))


def may_act(unit: str, for_unit: str, directory: Known, at: int) -> bool:
    """Tell whether a unit has to do with what is addressed to another, or to itself, right now."""
    if unit == for_unit:
        return True
    desk = _desk(for_unit, directory)
    return any(turn.unit == unit for turn in desk.turns(desk.covers(at)))


def is_named(unit: str, for_unit: str, directory: Known, at: int) -> bool:
    """Tell whether a roster names a unit about this time, so that it may have signed for it.

    About: clocks differ, and whoever signs at the end of a shift is heard a little later.
    """
    if unit == for_unit:
        return True
    named = _named_lines(for_unit, directory, active=False)
    roster = _desk(for_unit, directory).roster
    return roster is not None and any(
        line.unit == unit and within(terms_of(roster, line, consent), [(at - WEEK, at + WEEK)])
        for line, consent in named
    )


def neighbour(unit: str, directory: Known, at: int) -> Turn | None:
    """Return somebody of the same kind and Kreis who is on duty now, to be rung up."""
    for near in _near(unit, directory):
        desk = _desk(near.id, directory)
        if covers := desk.covers(at):
            first, office = desk.first(covers), directory.organisation(near.id)
            name = f"{office.name if office else near.name}, {first.name}"
            return Turn(
                first.unit, name, first.telephone, first.order, first.basis, first.reached, NEAR
            )
    return None


def _near(unit: str, directory: Known) -> Iterator[Addressed]:
    own, key = directory.unit(unit), key_of(organisation_of(unit))
    if own is None or len(key) != AGS or not key.isdigit():
        return
    area = f"{kind_of(unit)}:{key[:DISTRICT]}"
    for other in sorted(directory.units, key=lambda each: each.id):
        is_near = other.id.startswith(area) and directory.is_active(other.id)
        is_other = organisation_of(other.id) != organisation_of(unit)
        if is_near and is_other and set(own.roles) & set(other.roles):
            yield other


def _desk(unit: str, directory: Known) -> Desk:
    if (desks := _DESKS.get(directory)) is None:
        desks = _DESKS.setdefault(directory, {})
    if (desk := desks.get(unit)) is None:
        desk = desks[unit] = Desk(unit, directory)
    return desk


def _named_lines(
    unit: str, directory: Known, *, active: bool
) -> Iterator[tuple[Line, tuple[Service, ...] | None]]:
    """Give the lines that count, with the consent to those of other organisations.

    ``active``: only those whose unit takes part at this moment.
    """
    found = directory.unit(unit)
    for line in found.roster.lines if found and found.roster else ():
        reader = directory.unit(line.unit) if line.unit else None
        own = organisation_of(unit)
        if line.unit is None:
            yield line, None
        elif reader is None or (active and not directory.is_active(line.unit)):
            continue
        elif organisation_of(line.unit) == own:
            yield line, None
        else:
            yield line, tuple(each for each in reader.serves if each.organisation == own)


def _turn(line: Line) -> Turn:
    return Turn(
        line.unit,
        line.name,
        line.telephone,
        line.order,
        line.basis,
        line.reached,
        line_reason(line),
    )
