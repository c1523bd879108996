# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Between which instants does a shift run?

People agree on times of the wall clock of Europe/Berlin; here they become intervals of Unix
seconds, each with its beginning and without its end. Where the clock shows an hour twice, its
first run is meant; a time that the clock leaps over is the instant of the leap. So every time of
every day falls on one instant, a later time never on an earlier one, and shifts that follow each
other leave no gap and no overlap, in either night.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.model.roster import Hours, Weekday

ZONE: Final = ZoneInfo("Europe/Berlin")
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mo", "di", "mi", "do", "fr", "sa", "so")
DAY: Final = timedelta(days=1)
WHOLE_DAY: Final = 24 * 60

Interval = tuple[int, int]
"""From one second on until another, without this."""
Runs = Callable[[date], bool]
"""Whether what begins on this day takes place."""


def day_of(at: int) -> date:
    """Return the day on which people in Berlin place an instant."""
    return datetime.fromtimestamp(at, ZONE).date()


def instant(day: date, minutes: int) -> int:
    """Return the one instant of a time of the wall clock, counted in minutes of that day."""
    over, minutes = divmod(minutes, WHOLE_DAY)
    there = datetime.combine(day + over * DAY, time(*divmod(minutes, 60)), ZONE)
    found = int(there.timestamp())
    if datetime.fromtimestamp(found, ZONE).time() != there.time():
        # The clock leaps over a whole hour, so that its full hour is the instant of the leap.
        return int(there.replace(minute=0).timestamp())
    return found


def term(first: date, last: date) -> Interval:
    """Return the instants of some days, the last one to its end."""
    return instant(first, 0), instant(last, WHOLE_DAY)


def shifts(hours: Iterable[Hours], days: Sequence[date], runs: Runs) -> Iterator[Interval]:
    """Return the shifts that begin on these days; one over midnight belongs to its first day."""
    for each in hours:
        begins, ends = minutes_of(each.begins), minutes_of(each.ends)
        if ends <= begins:
            ends += WHOLE_DAY
        for day in days:
            if WEEKDAYS[day.weekday()] in each.days and runs(day):
                yield instant(day, begins), instant(day, ends)


def minutes_of(text: str) -> int:
    """Return the minutes from midnight to a time of the wall clock."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def days_of(span: Interval) -> list[date]:
    """Return the days whose shifts may touch a span; one over midnight began the day before."""
    first, last = day_of(span[0]) - DAY, day_of(span[1])
    return [first + each * DAY for each in range((last - first).days + 1)]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same instants in order, with what meets joined and what is empty left out."""
    joined: list[Interval] = []
    for begins, ends in sorted(each for each in intervals if each[0] < each[1]):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((begins, ends))
    return joined


def within(intervals: Iterable[Interval], spans: Iterable[Interval]) -> list[Interval]:
    """Return the instants that lie in one of each."""
    known = tuple(spans)
    return union((max(a, c), min(b, d)) for a, b in intervals for c, d in known)


def outside(intervals: Iterable[Interval], span: Interval) -> list[Interval]:
    """Return the instants of a span that lie in none of the intervals."""
    found, at = [], span[0]
    for begins, ends in within(intervals, [span]):
        found.append((at, begins))
        at = ends
    return union([*found, (at, span[1])])
