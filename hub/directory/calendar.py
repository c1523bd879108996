# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When is an office open, and when has so much of its time passed?

An opening that would begin on a public holiday, or on a day of ``closed``, does not take place. A
working day is Monday to Friday and neither of both, however few hours an office keeps: whoever
opens once a week is not given five weeks. School holidays move nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from hub.directory.holidays import holiday_on
from hub.directory.hours import DAY, Interval, day_of, instant, shifts, union
from hub.model.roster import Hours, Roster

ORDINARY_HOURS: Final = (Hours(days=("mo", "di", "mi", "do", "fr"), begins="08:00", ends="16:00"),)
"""Vorgabe des Projekts, for offices that have not said theirs."""
FARTHEST: Final = 60
"""Days; an office that does not open in as many counts as one that never does."""
SATURDAY: Final = 5
_KEPT: Final = 512
"""Days whose openings one calendar keeps."""


class Calendar:
    """The office hours of one roster; beyond its term, and without one, the ordinary ones."""

    def __init__(self, roster: Roster | None = None) -> None:
        self.land = roster.land if roster else "nw"
        self._hours = roster.office_hours if roster else ORDINARY_HOURS
        self._closed = frozenset(roster.closed if roster else ())
        self._first = roster.valid_from if roster else date.min
        self._last = roster.valid_until if roster else date.max
        self._known: dict[date, list[Interval]] = {}

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and self.takes_place(day)

    def takes_place(self, day: date) -> bool:
        """Tell whether an office opens on this day at all, its hours aside."""
        return self.closed_for(day) is None

    def closed_for(self, day: date) -> str | None:
        """Return why an office is closed on a whole day that others work: in one German word."""
        if name := holiday_on(self.land, day):
            return name
        return "Schließtag" if day in self._closed and self._is_in_term(day) else None

    def is_open(self, at: int) -> bool:
        day = day_of(at)
        return any(
            begins <= at < ends
            for each in (day - DAY, day)
            for begins, ends in self.openings_on(each)
        )

    def opens(self, at: int) -> int | None:
        """Return the next instant at which the office is open: this one where it is."""
        return next((max(at, begins) for begins, _ in self._openings(at)), None)

    def closes(self, at: int) -> int | None:
        """Return the end of the opening that runs; none where none does, or it has no end."""
        end = at
        for begins, ends in self._openings(at):
            if begins > end:
                return end if end > at else None
            end = max(end, ends)
        return end if at < end < instant(day_of(at) + FARTHEST * DAY, 0) else None

    def add_office_time(self, start: int, seconds: int) -> int:
        """Return when so many seconds of office time have passed, the first of them counted.

        Nothing of it begins before the office opens. An office that never does has no time of its
        own, so that it is counted as it passes: there is no deadline without an end.
        """
        left, at = seconds, start
        for begins, ends in self._openings(start):
            at = max(at, begins)
            if left <= ends - at:
                return at + left
            left, at = left - max(0, ends - at), max(at, ends)
        return at + left

    def openings_on(self, day: date) -> list[Interval]:
        """Return the openings that begin on a day."""
        if (found := self._known.get(day)) is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            hours = self._hours if self._is_in_term(day) else ORDINARY_HOURS
            found = self._known[day] = union(shifts(hours, (day,), self.takes_place))
        return found

    def _openings(self, at: int) -> Iterator[Interval]:
        """Give the openings that end after an instant, by their beginnings."""
        today = day_of(at)
        for each in range(-1, FARTHEST + 1):
            for opening in self.openings_on(today + each * DAY):
                if opening[1] > at:
                    yield opening

    def _is_in_term(self, day: date) -> bool:
        return self._first <= day <= self._last


ORDINARY: Final = Calendar()
"""Of a unit without a roster."""
