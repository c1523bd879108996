# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act now in a network, who follows, and where will nobody be there?

From the directory alone, as everybody may read it; no message is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.directory.duty import OnDuty, on_duty
from hub.directory.hours import Interval
from hub.directory.participants import Directory
from hub.directory.roster_text import unattended
from hub.inquire.network import Member
from hub.model.participant import Unit

AHEAD: Final = 7 * 24 * 3600
"""Seconds that are looked ahead for times without anybody."""
SOON: Final = 14
"""Days before its end from which on a roster is to be renewed."""
_NOTIFIED: Final = frozenset({"jugendamt", "jugendgerichtshilfe"})
"""Roles that others send notices to: a unit with one of them needs a roster."""


@dataclass(frozen=True)
class Attendance:
    """One unit: who acts for it now, and what its roster leaves open."""

    member: Member
    unit: Unit
    now: OnDuty
    valid_until: date | None
    """Last day of the roster; None where the unit has none."""
    gaps: tuple[Interval, ...]
    """Times of the coming week at which nobody is there for what is urgent."""
    ends_soon: bool

    @property
    def needs_work(self) -> bool:
        return self.valid_until is None or bool(self.gaps) or self.ends_soon


def attendances(
    members: Sequence[Member], directory: Directory, at: int, today: date
) -> tuple[Attendance, ...]:
    """Return the units that have a roster or need one; first those that need work."""
    found = [
        _attendance(member, unit, directory, at, today)
        for member in members
        for unit in _units(member, directory)
    ]
    return tuple(sorted(found, key=lambda each: not each.needs_work))


def _units(member: Member, directory: Directory) -> Iterator[Unit]:
    for listed in member.units:
        unit = directory.unit(listed.id)
        if unit is not None and (unit.roster is not None or not _NOTIFIED.isdisjoint(unit.roles)):
            yield unit


def _attendance(
    member: Member, unit: Unit, directory: Directory, at: int, today: date
) -> Attendance:
    last = unit.roster.valid_until if unit.roster is not None else None
    return Attendance(
        member=member,
        unit=unit,
        now=on_duty(unit.id, directory, at),
        valid_until=last,
        gaps=unattended(unit.id, directory, (at, at + AHEAD)),
        ends_soon=last is not None and (last - today).days < SOON,
    )
