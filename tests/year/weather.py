# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes wrong in the simulated year, and when: all of it follows from the seed.

Nobody at the desk, connectors that fetch nothing, a hub that is down; and when notices come: at any
time, but gladly in the minutes in which something changes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Final

from tests.year.towns import Office, Towns
from tests.year.wall import DAY, changes, holidays, instant

HOUR: Final = 3600
MINUTE: Final = 60
URGENCIES: Final = ("sofort", "unverzueglich", "unverzueglich", "planbar")
MEDIAN: Final = {"sofort": 3 * MINUTE, "unverzueglich": 40 * MINUTE, "planbar": 3 * HOUR}
"""How long somebody who is there needs."""
FAR: Final = 2100
LONG_GONE: Final = 60
"""Of so many offices, the connectors of one are away for longer than a message lasts."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Coming:
    """A notice that somebody wants to send."""

    number: int
    at: int
    office: Office
    urgency: str
    school: int
    sealed_before: int
    """Seconds from sealing to sending."""


class Weather:
    """The troubles of one year."""

    def __init__(self, towns: Towns, first: date, days: int, seed: int) -> None:
        self.towns = towns
        self.first = first
        self.days = days
        self.seed = seed
        self.begins = instant(first, "00:00")
        self.ends = instant(first + days * DAY, "00:00")
        self._absences = cache(self._drawn_absences)
        self._outages = cache(self._drawn_outages)

    def random(self, about: object) -> Random:
        """Return numbers that belong to one thing, whatever else is drawn."""
        return Random(f"{self.seed} {about}")  # noqa: S311

    def notices(self, count: int) -> list[Coming]:
        """Return so many notices in the order of their time."""
        random = self.random("notices")
        moments = self._moments(random)
        made = [self._notice(number, random, moments) for number in range(count)]
        return sorted(made, key=lambda each: each.at)

    def hub_is_down(self) -> tuple[Span, ...]:
        """Return when the hub is down; in both nights in which the clocks are put, too."""
        random = self.random("hub")
        nights = [
            (instant(day, "01:40"), instant(day, "03:20")) for day in changes(self.first.year)
        ]
        times = max(3, self.days // 23)
        drawn = [self._span(random, random.choice((5, 45, 400, 6 * HOUR))) for _ in range(times)]
        return _apart([*(night for night in nights if self._is_in(night[0])), *drawn])

    def connector_is_back(self, unit: str, at: int) -> int:
        """Return from when on the connector of a unit fetches again; at once, most often."""
        return _end_of(self._outages(unit), at)

    def noted_at(self, notice: int, unit: str, urgency: str, at: int) -> int:
        """Return when a person of a unit takes note of what came at that time."""
        random = self.random(f"{notice} {unit}")
        after = MEDIAN[urgency] * random.lognormvariate(0, 0.8)
        if random.random() < 0.08:
            after += random.uniform(HOUR, 40 * HOUR)
        if random.random() < 0.004:
            after += random.uniform(5, 13) * 24 * HOUR
        return _end_of(self._absences(unit), at + round(after))

    def _drawn_absences(self, unit: str) -> tuple[Span, ...]:
        random = self.random(f"absent {unit}")
        return _apart([self._span(random, random.uniform(HOUR, 30 * HOUR)) for _ in range(10)])

    def _drawn_outages(self, unit: str) -> tuple[Span, ...]:
        random = self.random(f"connector {unit}")
        drawn = [self._span(random, random.uniform(10 * MINUTE, 20 * HOUR)) for _ in range(4)]
        if unit in self._long_gone():
            begins = random.randint(self.begins, self.ends)
            drawn.append((begins, begins + 20 * 24 * HOUR))
        return _apart(drawn)

    def _long_gone(self) -> frozenset[str]:
        """Return all units of a few offices: whatever comes for them meanwhile expires."""
        offices = self.towns.offices
        gone = self.random("gone").sample(offices, max(1, len(offices) // LONG_GONE))
        return frozenset(
            unit
            for office in gone
            for unit in (office.desk, *(s.unit for s in office.shifts))
            if unit
        )

    def _span(self, random: Random, length: float) -> Span:
        begins = random.randint(self.begins, self.ends)
        return begins, begins + round(length)

    def _is_in(self, at: int) -> bool:
        return self.begins <= at < self.ends

    def _moments(self, random: Random) -> list[int]:
        """Return moments at which something changes, or may be forgotten to."""
        lines = [shift for office in self.towns.offices for shift in office.shifts]
        last = {day for line in lines for day in (line.last, line.agreed_until)}
        last |= {office.last for office in self.towns.offices}
        spring, autumn = changes(self.first.year)
        midnights = [*holidays(self.first.year), *(day + DAY for day in last if day.year < FAR)]
        found = [instant(day, "00:00") for day in midnights]
        for day in (spring, autumn):
            found += [instant(day, wall) for wall in ("01:30", "02:00", "02:30", "03:00")] * 5
        # The hour that there is twice, once more.
        found += [instant(autumn, "02:00") + half * HOUR // 2 for half in range(2, 6)] * 5
        for wall in ("07:30", "08:00", "12:30", "16:00", "22:00", "00:00") * 20:
            found.append(instant(self.first + random.randrange(self.days) * DAY, wall))
        return [at for at in found if self._is_in(at)]

    def _notice(self, number: int, random: Random, moments: Sequence[int]) -> Coming:
        if random.random() < 0.25:
            at = random.choice(moments) + random.randint(-40, 40)
        else:
            at = random.randint(self.begins, self.ends - 1)
        return Coming(
            number,
            at=max(at, self.begins + HOUR),
            office=random.choice(self.towns.offices),
            urgency=random.choice(URGENCIES),
            school=random.randrange(12),
            sealed_before=random.choice((0, 0, 0, 25)),
        )


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch as one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1] + HOUR:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return tuple(found)


def _end_of(spans: Sequence[Span], at: int) -> int:
    """Return the end of the span that runs at a second, or that second."""
    place = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return max(at, spans[place][1]) if place >= 0 else at
