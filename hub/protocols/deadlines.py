# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By when does somebody have to act?

Days and noon are those of Europe/Berlin, whatever the clock of the machine says. Two things are
rougher than the words of the protocol, until duty calendars are known here: ``office-hours`` run
like any other hours, and every weekday is a working day, holiday or not. Both err on the early
side, so that somebody is asked too soon rather than too late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.model.protocol import Clocks, Deadline, Protocol, Step

ZONE: Final = ZoneInfo("Europe/Berlin")
NOON: Final = time(12)
SATURDAY: Final = 5


@dataclass(frozen=True)
class Due:
    """When a message has to be where, in Unix seconds."""

    taken_by: int
    """Else the next on the roster gets it."""
    acknowledged_by: int
    """Else likewise."""
    overdue_at: int
    """Then the sender is told, with a telephone number."""


def is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def due(
    clocks: Clocks, accepted_at: int, *, is_working_day: Callable[[date], bool] = is_weekday
) -> Due:
    """Return when the clocks of one urgency run out for a message accepted at that second."""
    return Due(
        taken_by=ends(clocks.taken, accepted_at, is_working_day=is_working_day),
        acknowledged_by=ends(clocks.acknowledged, accepted_at, is_working_day=is_working_day),
        overdue_at=ends(clocks.overdue, accepted_at, is_working_day=is_working_day),
    )


def ends(
    deadline: Deadline, start: int, *, is_working_day: Callable[[date], bool] = is_weekday
) -> int:
    """Return the second at which a deadline that began at ``start`` runs out."""
    if deadline.counted == "working-days":
        return _noon_after(start, deadline.within.days, is_working_day)
    return start + int(deadline.within.total_seconds())


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


def _noon_after(start: int, days: int, is_working_day: Callable[[date], bool]) -> int:
    """Return noon of the n-th working day after the day of ``start``.

    Noon exists once on every day, also on the two on which the clocks are changed.
    """
    day = datetime.fromtimestamp(start, ZONE).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return int(datetime.combine(day, NOON, ZONE).timestamp())
