# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which half-year can the demo evaluate, and on which of its days is something said in it?

An evaluation appears sixty days after the half-year. So the demo begins in the last one that has
appeared on the Thursday of its story, ten weeks before the end, and goes on to that Thursday.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hub import clock
from hub.directory.calendar import ORDINARY
from hub.inquire.halves import Half, halves_at

WEEKS: Final = 10
"""From the founding to the end of the half-year. Rosters are made on the day of the founding and
hold for a year: that is long enough for every Thursday that follows."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Past:
    """The last weeks of a half-year that lies behind the story."""

    half: Half

    @classmethod
    def before(cls, moment: datetime) -> "Past":
        """Return that of the newest half-year that can be evaluated at a moment."""
        return cls(halves_at(moment.timestamp())[0])

    @property
    def founding(self) -> datetime:
        """The Monday morning on which the hub is founded."""
        end = datetime.fromtimestamp(self.half.ends, clock.BERLIN).date()
        return _on(end - timedelta(weeks=WEEKS, days=end.weekday()), 9, 0)

    def by_day(self, week: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment on the first day of a week on which the offices work, and the next too.

        The founding is in week 0.
        """
        day = self._monday(week)
        while not all(ORDINARY.is_working_day(each) for each in (day, day + _DAY)):
            day += _DAY
        return _on(day, hour, minute)

    def on_sunday(self, week: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment on the Sunday that ends a week."""
        return _on(self._monday(week) + 6 * _DAY, hour, minute)

    def _monday(self, week: int) -> date:
        return self.founding.date() + timedelta(weeks=week)


def _on(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BERLIN)
