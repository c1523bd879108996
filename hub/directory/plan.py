# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which lines of a roster cover an instant, and until when do they?

A roster is worked out week by week, when somebody asks for the week, into spans in which nothing
changes; an answer is then a look into a list. Weeks here begin where seven days of Unix time do,
which no one else needs to know.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from hub.directory.calendar import Calendar
from hub.directory.holidays import holiday_on
from hub.directory.hours import Interval, days_of, outside, shifts, term, within
from hub.model.roster import Line, Roster, Service

WEEK: Final = 7 * 86_400
FARTHEST: Final = 60
"""Weeks that are looked ahead for a change; a roster is renewed before."""
_KEPT: Final = 70
"""Weeks that one plan keeps."""

UNKNOWN: Final = -1

Covers = tuple[int, ...]
"""Places of the lines that cover a span, by their order."""


@dataclass(frozen=True)
class Span:
    """Some time in which the same lines cover; it may go on in the week after."""

    begins: int
    ends: int
    covers: Covers


class Plan:
    """A roster with the terms of its lines and, where they need it, of the consent to them."""

    def __init__(
        self, roster: Roster, lines: Iterable[tuple[Line, Sequence[Service] | None]]
    ) -> None:
        self.calendar = Calendar(roster)
        # Sorting keeps the lines of one order as the roster lists them.
        known = sorted(lines, key=lambda each: each[0].order)
        self.lines = tuple(line for line, _ in known)
        self.terms = tuple(terms_of(roster, line, consent) for line, consent in known)
        self._last = max((ends for terms in self.terms for _, ends in terms), default=0)
        self._weeks: dict[int, list[Span]] = {}
        self._changes: dict[int, int | None] = {}

    def covers(self, at: int) -> Covers:
        return self._span(at).covers

    def until(self, at: int) -> int | None:
        """Return the next instant at which other lines cover; none where none is in sight."""
        span = self._span(at)
        if (found := self._changes.get(span.begins, UNKNOWN)) == UNKNOWN:
            found = self._changes[span.begins] = self._next_change(span)
        return found

    def _next_change(self, span: Span) -> int | None:
        at, farthest = span.ends, min(self._last, span.ends + FARTHEST * WEEK)
        while at <= farthest:
            following = self._span(at)
            if following.covers != span.covers:
                return at
            at = following.ends
        return None

    def _span(self, at: int) -> Span:
        number = at // WEEK
        if (week := self._weeks.get(number)) is None:
            if len(self._weeks) >= _KEPT:
                self._weeks.clear()
                self._changes.clear()
            week = self._weeks[number] = self._worked_out((number * WEEK, (number + 1) * WEEK))
        return week[bisect_right(week, at, key=_begins) - 1]

    def _worked_out(self, week: Interval) -> list[Span]:
        """Return the spans of a week: from one beginning or end of a line to the next."""
        turned: dict[int, set[int]] = defaultdict(set, {week[0]: set()})
        for place, (line, terms) in enumerate(zip(self.lines, self.terms, strict=True)):
            for interval in within(within(self._times(line, week), terms), [week]):
                for at in interval:
                    turned[at] ^= {place}
        turned.pop(week[1], None)
        cuts = [*sorted(turned), week[1]]
        covering: set[int] = set()
        spans = []
        for begins, ends in pairwise(cuts):
            covering ^= turned[begins]
            spans.append(Span(begins, ends, tuple(sorted(covering))))
        return spans

    def _times(self, line: Line, week: Interval) -> Iterable[Interval]:
        """Return when a line covers by its own words, its term aside."""
        days = days_of(week)
        runs = self._any_day if line.on_holidays else self._no_holiday
        if not isinstance(line.when, str):
            return shifts(line.when, days, runs)
        if line.when == "always":
            return [term(day, day) for day in days if runs(day)]
        openings = [each for day in days for each in self.calendar.openings_on(day)]
        return openings if line.when == "office-hours" else outside(openings, week)

    def _no_holiday(self, day: date) -> bool:
        return holiday_on(self.calendar.land, day) is None

    @staticmethod
    def _any_day(_: date) -> bool:
        return True


def _begins(span: Span) -> int:
    return span.begins


def terms_of(roster: Roster, line: Line, consent: Sequence[Service] | None) -> tuple[Interval, ...]:
    """Return when a line can cover at all: within its term, the roster's and the consent's."""
    own = within([term(line.valid_from, line.valid_until)], [_term(roster)])
    return tuple(own if consent is None else within(own, map(_term, consent)))


def _term(of: Roster | Service) -> Interval:
    return term(of.valid_from, of.valid_until)
