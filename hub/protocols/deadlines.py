# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By when does somebody have to act?

Days and noon are those of Europe/Berlin, whatever the clock of the machine says. Office hours and
working days are those of the addressed office, which whoever knows its roster brings as
``working``. Without that they are the ordinary ones, and no day is a holiday: then somebody is
asked too soon rather than too late.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from typing import Protocol as Kind
from zoneinfo import ZoneInfo

from hub.model.protocol import Clocks, Deadline, Protocol, Step

ZONE: Final = ZoneInfo("Europe/Berlin")
NOON: Final = time(12)
OPENS: Final = time(8)
CLOSES: Final = time(16)
"""Of an office that has not said its hours: Vorgabe des Projekts."""
SATURDAY: Final = 5
DAY: Final = timedelta(days=1)
REMAINING: Final = 15 * 60
"""Seconds of an opening in which an office can still answer: Vorgabe des Projekts."""


class WorkingTime(Kind):
    """When an office works; the calendar of the directory is one."""

    def is_working_day(self, day: date) -> bool:
        """Tell whether a deadline in working days counts this one; never a weekend."""
        ...

    def closes(self, at: int) -> int | None:
        """Return the end of the opening that runs; none where none does, or it has no end."""
        ...

    def add_office_time(self, start: int, seconds: int) -> int:
        """Return when so much office time has passed: never sooner than so much time has."""
        ...


class Ordinary:
    """Monday to Friday from eight to four, whatever day it is."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY

    def closes(self, at: int) -> int | None:
        day = datetime.fromtimestamp(at, ZONE).date()
        is_open = self.is_working_day(day) and _second(day, OPENS) <= at < _second(day, CLOSES)
        return _second(day, CLOSES) if is_open else None

    def add_office_time(self, start: int, seconds: int) -> int:
        day, left = datetime.fromtimestamp(start, ZONE).date(), seconds
        while True:
            at, end = max(start, _second(day, OPENS)), _second(day, CLOSES)
            if self.is_working_day(day) and at < end:
                if left <= end - at:
                    return at + left
                left -= end - at
            day += DAY


ORDINARY: Final = Ordinary()


@dataclass(frozen=True)
class Due:
    """When a message has to be where, in Unix seconds; none of them is later than the next."""

    taken_by: int
    """Else the next on the roster gets it."""
    acknowledged_by: int
    """Else likewise."""
    overdue_at: int
    """Then the sender is told, with a telephone number."""


def due(
    clocks: Clocks,
    accepted_at: int,
    *,
    working: WorkingTime = ORDINARY,
    latest: int | None = None,
) -> Due:
    """Return when the clocks of one urgency run out for a message accepted at that second.

    None of them runs beyond ``latest``, when the content leaves the hub: an office may be closed
    for longer than that, and its sender hears of silence all the same.

    Clocks are counted in different ways, and an office may be open on afternoons alone. So what
    is to be acknowledged by noon has to be there by noon, however few office hours have passed.
    What is asked by the clock has to be acknowledged before the office closes, where enough of the
    opening is left (Vorgabe des Projekts): nobody goes home on an unread message.
    """
    overdue = ends(clocks.overdue, accepted_at, working=working)
    overdue = overdue if latest is None else min(overdue, latest)
    acknowledged = min(ends(clocks.acknowledged, accepted_at, working=working), overdue)
    taken = min(ends(clocks.taken, accepted_at, working=working), acknowledged)
    if clocks.acknowledged.counted == clocks.taken.counted == "elapsed":
        closing = working.closes(accepted_at)
        if closing is not None and closing >= max(taken, accepted_at + REMAINING):
            acknowledged = min(acknowledged, closing)
    return Due(taken, acknowledged, overdue)


def ends(deadline: Deadline, start: int, *, working: WorkingTime = ORDINARY) -> int:
    """Return the second at which a deadline that began at ``start`` runs out.

    No time in office hours is over when the office opens next, at once where it is open.
    """
    if deadline.counted == "working-days":
        return _noon_after(start, deadline.within.days, working)
    seconds = int(deadline.within.total_seconds())
    if deadline.counted == "office-hours":
        return working.add_office_time(start, seconds)
    return start + seconds


def next_reminder(reminder: Deadline, since: int, now: int) -> int:
    """Return the first reminder after ``now``; reminders repeat until what is owed was said."""
    every = int(reminder.within.total_seconds())
    passed = max(0, (now - since) // every)
    return since + (passed + 1) * every


def latest_end(step: Step, iat: int, recipient_roles: frozenset[str]) -> int:
    """Return the latest value that the claim ``end`` may have in a message issued at ``iat``."""
    return iat + int(step.limit_to(recipient_roles).within.total_seconds())


def closes_at(protocol: Protocol, last_accepted_at: int) -> int:
    """Return when the hub closes a conversation in which nothing more is said."""
    return ends(protocol.ends_after, last_accepted_at)


def _noon_after(start: int, days: int, working: WorkingTime) -> int:
    """Return noon of the n-th working day after the day of ``start``.

    Noon exists once on every day, also on the two on which the clocks are changed.
    """
    day = datetime.fromtimestamp(start, ZONE).date()
    while days > 0:
        day += DAY
        days -= working.is_working_day(day)
    return _second(day, NOON)


def _second(day: date, at: time) -> int:
    return int(datetime.combine(day, at, ZONE).timestamp())
