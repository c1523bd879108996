# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time is it in the demo? Its own: the story begins on a Thursday morning and ends on Monday.

So it tells the same whenever somebody starts it. All its processes live by one file; only a hub on
which everything is invented has such a clock.
"""

import time
from datetime import date, datetime, timedelta
from typing import Final

from deploy.demo.place import ROOT, Place
from deploy.demo.tell import say
from hub import clock
from hub.directory.calendar import ORDINARY

WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_DAY: Final = timedelta(days=1)


def wind(place: Place) -> None:
    """Let this process live by the clock of the demo as well."""
    clock.live_by(clock.DemoClock(ROOT / place.clock))


class Week:
    """The days of the story: the next Thursday to Monday on which no office is closed."""

    def __init__(self, today: date) -> None:
        day = today + _DAY
        while not self._is_plain(day):
            day += _DAY
        self.thursday: Final = day

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment so many days after the Thursday, by the wall clock in Berlin."""
        day = self.thursday + days * _DAY
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BERLIN)

    @staticmethod
    def _is_plain(day: date) -> bool:
        working = (day, day + _DAY, day + 4 * _DAY)
        return day.weekday() == 3 and all(ORDINARY.is_working_day(each) for each in working)


def put(place: Place, moment: datetime) -> None:
    """Put the clock of the demo to a later moment, and say so."""
    set_to(place, moment)
    say(f"Die Uhr der Vorführung: {WEEKDAYS[moment.weekday()]}, {moment:%d.%m.%Y, %H:%M} Uhr.")


def set_to(place: Place, moment: datetime) -> None:
    """Put the clock of the demo, as ``meldeweg demo-clock set`` does."""
    file = ROOT / place.clock
    new = file.with_suffix(".new")
    new.write_text(f"{moment.timestamp() - time.time():.3f}\n", encoding="ascii")
    # Whoever looks sees the old time or the new one.
    new.replace(file)
