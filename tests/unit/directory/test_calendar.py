# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When an office is open, and when so much of its time has passed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.calendar import ORDINARY, Calendar
from hub.model.roster import Hours, Roster
from tests.unit.directory.duties import DAYS, a_roster, instant, is_open

HOUR = 3600
WEEK = ("mo di mi do 08:00-16:00", "fr 08:00-12:30")
WERNE = Calendar(a_roster(office=WEEK, closed=(date(2026, 12, 24), date(2026, 12, 31))))
NIGHT_OFFICE = Calendar(a_roster(office=("sa 22:00-06:00",)))
NEVER = Calendar(a_roster(office=()))
EVER = Calendar(a_roster(office=("mo di mi do fr sa so 00:00-24:00",)))
WALL = st.integers(0, 24).map(lambda hour: f"{hour:02}:00")
ROSTERS = st.builds(
    lambda hours, closed: a_roster(closed=closed).model_copy(update={"office_hours": hours}),
    st.lists(
        st.builds(
            Hours,
            days=st.sets(st.sampled_from(DAYS), min_size=1).map(tuple),
            begins=WALL,
            ends=WALL,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    st.lists(st.integers(0, 300).map(lambda n: date(2026, 3, 1) + timedelta(n)), max_size=2).map(
        tuple
    ),
)
STARTS = st.one_of(
    st.integers(instant("2026-02-01T00:00") // 600, instant("2027-06-01T00:00") // 600),
    st.integers(instant("2026-10-24T20:00") // 600, instant("2026-10-25T06:00") // 600),
    st.integers(instant("2027-03-27T20:00") // 600, instant("2027-03-28T06:00") // 600),
).map(lambda tenth: tenth * 600)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-11-18T09:00", 4, "2026-11-18T13:00", id="within a day"),
        pytest.param("2026-11-18T08:00", 8, "2026-11-18T16:00", id="to the very end"),
        pytest.param("2026-11-18T16:00", 4, "2026-11-19T12:00", id="from the end on"),
        pytest.param("2026-11-18T14:00", 4, "2026-11-19T10:00", id="over a night"),
        pytest.param("2026-11-20T12:00", 4, "2026-11-23T11:30", id="over a weekend"),
        pytest.param("2026-11-21T21:52", 4, "2026-11-23T12:00", id="Saturday night in Werne"),
        pytest.param("2026-06-03T15:00", 4, "2026-06-05T11:00", id="over Fronleichnam"),
        pytest.param("2026-04-02T15:00", 4, "2026-04-07T11:00", id="over Easter"),
        pytest.param("2026-12-23T15:00", 4, "2026-12-28T11:00", id="over Christmas Eve too"),
        pytest.param("2026-10-23T12:00", 4, "2026-10-26T11:30", id="over the long night"),
        pytest.param("2027-03-25T15:00", 4, "2027-03-30T11:00", id="over Easter and short night"),
        pytest.param("2026-11-18T03:00", 0, "2026-11-18T08:00", id="nothing, at night"),
        pytest.param("2026-11-18T09:17", 0, "2026-11-18T09:17", id="nothing, by day"),
    ],
)
def test_office_time_passes_while_the_office_is_open(start: str, hours: int, end: str) -> None:
    assert WERNE.add_office_time(instant(start), hours * HOUR) == instant(end)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-10-24T22:00", 9, "2026-10-25T06:00"),
        ("2027-03-27T22:00", 7, "2027-03-28T06:00"),
        ("2026-10-24T23:00", 3, "2026-10-25T02:00+02:00"),
        ("2026-10-24T23:00", 4, "2026-10-25T02:00+01:00"),
    ],
)
def test_hours_are_hours_where_the_clocks_change(begins: str, hours: int, ends: str) -> None:
    assert NIGHT_OFFICE.add_office_time(instant(begins), hours * HOUR) == instant(ends)


def test_an_office_that_never_opens_has_no_time_of_its_own() -> None:
    start = instant("2026-11-18T09:00")

    assert NEVER.opens(start) is None
    assert NEVER.closes(start) is None
    assert NEVER.add_office_time(start, 4 * HOUR) == start + 4 * HOUR
    assert NEVER.is_working_day(date(2026, 11, 18))


def test_an_office_that_never_closes_has_no_end() -> None:
    """But on holidays it does."""
    start = instant("2026-11-02T09:00")

    assert EVER.opens(start) == start
    assert EVER.closes(start) == instant("2026-12-25T00:00")
    assert EVER.closes(instant("2026-06-05T09:00")) is None
    assert EVER.add_office_time(start, 100 * HOUR) == start + 100 * HOUR


def test_opening_and_closing() -> None:
    assert WERNE.opens(instant("2026-11-21T21:52")) == instant("2026-11-23T08:00")
    assert WERNE.opens(instant("2026-11-23T08:00")) == instant("2026-11-23T08:00")
    assert WERNE.closes(instant("2026-11-23T08:00")) == instant("2026-11-23T16:00")
    assert WERNE.closes(instant("2026-11-23T15:59")) == instant("2026-11-23T16:00")
    assert WERNE.closes(instant("2026-11-23T16:00")) is None
    assert WERNE.closes(instant("2026-11-23T07:59")) is None


def test_openings_that_meet_are_one() -> None:
    split = Calendar(a_roster(office=("mi 08:00-12:00", "mi 12:00-16:00", "mi 13:00-14:00")))

    assert split.closes(instant("2026-11-18T09:00")) == instant("2026-11-18T16:00")
    assert split.add_office_time(instant("2026-11-18T09:00"), 7 * HOUR) == instant(
        "2026-11-18T16:00"
    )


def test_openings_that_overlap_at_midnight_are_counted_once() -> None:
    office = Calendar(a_roster(office=("di 22:00-06:00", "mi 00:00-08:00")))

    assert office.add_office_time(instant("2026-11-17T22:00"), 10 * HOUR) == instant(
        "2026-11-18T08:00"
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-06-04", False),
        ("2026-06-05", True),
        ("2026-12-24", False),
        ("2026-12-25", False),
        ("2026-12-28", True),
        ("2026-10-19", True),
    ],
)
def test_working_days_are_neither_weekend_nor_holiday_nor_closed(
    day: str, *, expected: bool
) -> None:
    assert WERNE.is_working_day(date.fromisoformat(day)) is expected


def test_an_office_that_opens_once_a_week_is_not_given_five_weeks() -> None:
    rarely = Calendar(a_roster(office=("mo 09:00-10:00",)))

    assert rarely.is_working_day(date(2026, 11, 18))


def test_why_a_day_is_closed_is_said() -> None:
    assert WERNE.closed_for(date(2026, 12, 24)) == "Schließtag"
    assert WERNE.closed_for(date(2026, 12, 25)) == "Erster Weihnachtstag"
    assert WERNE.closed_for(date(2026, 11, 21)) is None


def test_beyond_the_term_of_a_roster_the_hours_are_the_ordinary_ones() -> None:
    roster = a_roster(
        office=("sa 10:00-12:00",),
        closed=(date(2026, 11, 24),),
        term=(date(2026, 1, 1), date(2026, 11, 20)),
    )

    assert not Calendar(roster).is_open(instant("2026-11-20T11:00"))
    assert Calendar(roster).opens(instant("2026-11-20T11:00")) == instant("2026-11-23T08:00")
    assert Calendar(roster).is_open(instant("2026-11-24T11:00"))


def test_without_a_roster_the_hours_are_the_ordinary_ones() -> None:
    assert ORDINARY.is_open(instant("2026-11-18T08:00"))
    assert not ORDINARY.is_open(instant("2026-11-18T16:00"))
    assert not ORDINARY.is_open(instant("2026-06-04T10:00"))
    assert ORDINARY.is_open(instant("2026-12-24T10:00"))


@settings(max_examples=100)
@given(ROSTERS, STARTS, st.integers(0, 30))
def test_office_time_is_what_one_gets_by_counting(roster: Roster, start: int, tenths: int) -> None:
    calendar, seconds = Calendar(roster), tenths * 600
    at = start
    while not is_open(roster, at):
        at += 600
    assert calendar.opens(start) == at
    left = seconds
    while left > 0:
        left -= 600 * is_open(roster, at)
        at += 600

    assert calendar.add_office_time(start, seconds) == at


@settings(max_examples=100)
@given(ROSTERS, STARTS)
def test_opening_and_closing_are_where_one_finds_them_by_looking(
    roster: Roster, start: int
) -> None:
    calendar = Calendar(roster)
    closes = calendar.closes(start)

    assert calendar.is_open(start) is is_open(roster, start)
    if closes is not None:
        assert all(is_open(roster, at) for at in range(start, closes, 600))
        assert not is_open(roster, closes)


@given(ROSTERS, STARTS, st.integers(0, 40), st.integers(0, 40))
def test_more_office_time_never_ends_sooner_and_no_faster_than_time(
    roster: Roster, start: int, one: int, other: int
) -> None:
    less, more = sorted((one * 600, other * 600))
    calendar = Calendar(roster)

    assert calendar.add_office_time(start, less) <= calendar.add_office_time(start, more)
    assert calendar.add_office_time(start, less) >= start + less
