# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do calendar and wall clock say, worked out once more and without the hub?

Everything here is slow and plain on purpose: it is what the calendars of the hub are held against.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

BERLIN: Final = ZoneInfo("Europe/Berlin")
DAY: Final = timedelta(days=1)
WEEK: Final = ("mo", "di", "mi", "do", "fr", "sa", "so")


def instant(day: date, wall: str) -> int:
    """Return the second at which the clocks on the walls show a time; the first, of two.

    Where they never show it, the first after it that they do show.
    """
    if wall == "24:00":
        return instant(day + DAY, "00:00")
    there = datetime.combine(day, time.fromisoformat(wall), BERLIN)
    while datetime.fromtimestamp(there.timestamp(), BERLIN).time() != there.time():
        there += timedelta(minutes=1)
    return int(there.timestamp())


def day_of(at: int) -> date:
    return datetime.fromtimestamp(at, BERLIN).date()


def weekday(day: date) -> str:
    return WEEK[day.weekday()]


@cache
def easter(year: int) -> date:
    """Return Easter Sunday (the rule of 1582, as Butcher wrote it down)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, cycle = century // 4, (century + 8) // 25
    epact = (19 * golden + century - leaps - (century - cycle + 1) // 3 + 15) % 30
    shift = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * shift) // 451
    month, day = divmod(epact + shift - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of North Rhine-Westphalia."""
    sunday = easter(year)
    moving = {-2, 1, 39, 50, 60}
    fixed = {(1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26)}
    return frozenset(
        {sunday + timedelta(days=days) for days in moving} | {date(year, *each) for each in fixed}
    )


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)


def changes(year: int) -> tuple[date, date]:
    """Return the two Sundays on which the clocks are put."""
    return _last_sunday(year, 3), _last_sunday(year, 10)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
