# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shifts are intervals of instants, also in the two nights on which the clocks change."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.hours import (
    WHOLE_DAY,
    Interval,
    day_of,
    days_of,
    instant,
    minutes_of,
    outside,
    shifts,
    term,
    union,
    within,
)
from tests.unit.directory import duties
from tests.unit.directory.duties import DAYS, some_hours

NIGHTS = "mo di mi do fr sa so 22:00-06:00"
HOUR = 3600
OCTOBER, MARCH = date(2026, 10, 25), date(2027, 3, 28)
DATES = st.dates(date(1995, 1, 1), date(2060, 12, 31))
CHANGES = st.sampled_from([OCTOBER, MARCH])
MINUTES = st.integers(0, WHOLE_DAY)
INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def always(_: date) -> bool:
    return True


def one_shift(text: str, day: date) -> Interval:
    [found] = shifts((some_hours(text),), (day,), always)
    return found


@pytest.mark.parametrize(
    ("begins_on", "hours"),
    [(date(2026, 10, 24), 9), (date(2027, 3, 27), 7), (date(2026, 11, 21), 8)],
)
def test_a_night_shift_lasts_as_long_as_its_night(begins_on: date, hours: int) -> None:
    begins, ends = one_shift(NIGHTS, begins_on)

    assert ends - begins == hours * HOUR


@pytest.mark.parametrize(
    ("day", "there"),
    [(OCTOBER, "2026-10-25T02:30+02:00"), (MARCH, "2027-03-28T03:00+02:00")],
)
def test_half_past_two_is_one_instant_in_either_night(day: date, there: str) -> None:
    assert instant(day, 150) == duties.instant(there)


def test_a_time_that_is_leapt_over_is_the_instant_of_the_leap() -> None:
    leap = duties.instant("2027-03-28T01:00+00:00")

    assert {instant(MARCH, minute) for minute in range(120, 181)} == {leap}
    assert instant(MARCH, 181) == leap + 60


@given(st.one_of(DATES, CHANGES), MINUTES, MINUTES)
def test_a_later_time_of_a_day_is_never_an_earlier_instant(day: date, one: int, two: int) -> None:
    earlier, later = sorted((one, two))

    assert instant(day, earlier) <= instant(day, later)


@given(DATES)
def test_the_end_of_a_day_is_the_beginning_of_the_next(day: date) -> None:
    assert instant(day, WHOLE_DAY) == instant(day + timedelta(days=1), 0)
    assert term(day, day)[1] - term(day, day)[0] in {23 * HOUR, 24 * HOUR, 25 * HOUR}
    assert day_of(instant(day, 0)) == day == day_of(instant(day, WHOLE_DAY) - 1)


@given(st.one_of(DATES, CHANGES), st.lists(st.integers(0, WHOLE_DAY - 1), min_size=2, unique=True))
def test_shifts_that_follow_each_other_leave_no_gap_and_no_overlap(
    day: date, cuts: Sequence[int]
) -> None:
    cuts = sorted(cuts)
    names = [f"{cut // 60:02}:{cut % 60:02}" for cut in (*cuts, cuts[0])]
    hours = [some_hours(f"{' '.join(DAYS)} {a}-{b}") for a, b in pairwise(names)]
    days = [day + timedelta(days=each) for each in (-1, 0, 1)]
    found = sorted(each for each in shifts(hours, days, always) if each[0] < each[1])

    assert all(one[1] == other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("sa 08:00-12:00", "2026-11-21T08:00", "2026-11-21T12:00"),
        ("sa 22:00-06:00", "2026-11-21T22:00", "2026-11-22T06:00"),
        ("sa 08:00-08:00", "2026-11-21T08:00", "2026-11-22T08:00"),
        ("sa 00:00-24:00", "2026-11-21T00:00", "2026-11-22T00:00"),
        ("sa 18:00-00:00", "2026-11-21T18:00", "2026-11-22T00:00"),
        ("sa 18:00-24:00", "2026-11-21T18:00", "2026-11-22T00:00"),
        ("sa 24:00-06:00", "2026-11-22T00:00", "2026-11-22T06:00"),
    ],
)
def test_an_end_that_is_not_after_the_beginning_is_on_the_next_day(
    text: str, begins: str, ends: str
) -> None:
    found = one_shift(text, date(2026, 11, 21))

    assert found == (duties.instant(begins), duties.instant(ends))


def test_a_shift_belongs_to_the_day_on_which_it_begins() -> None:
    week = [date(2026, 11, 16) + timedelta(days=each) for each in range(7)]
    found = list(shifts((some_hours("fr 22:00-06:00"),), week, always))

    assert found == [(duties.instant("2026-11-20T22:00"), duties.instant("2026-11-21T06:00"))]
    assert not list(shifts((some_hours("fr 22:00-06:00"),), week, lambda day: day.day != 20))


def test_the_days_of_a_span_begin_with_the_one_before() -> None:
    span = duties.instant("2026-10-25T00:00"), duties.instant("2026-10-26T00:00")

    assert days_of(span) == [date(2026, 10, 24), OCTOBER, date(2026, 10, 26)]


def test_minutes_are_counted_from_midnight() -> None:
    assert [minutes_of(each) for each in ("00:00", "02:30", "24:00")] == [0, 150, 1440]


def seconds(intervals: Sequence[Interval]) -> set[int]:
    return {second for begins, ends in intervals for second in range(begins, ends)}


@given(INTERVALS, INTERVALS)
def test_intervals_are_sets_of_seconds(one: list[Interval], other: list[Interval]) -> None:
    span = (5, 55)

    assert seconds(union(one)) == seconds(one)
    assert seconds(within(one, other)) == seconds(one) & seconds(other)
    assert seconds(outside(one, span)) == seconds([span]) - seconds(one)
    assert all(a[1] < b[0] for a, b in pairwise(union(one)))
