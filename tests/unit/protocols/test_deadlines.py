# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By when somebody has to act, also across the two nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.calendar import ORDINARY, Calendar
from hub.model.protocol import Clocks, Deadline
from hub.protocols.agreements import is_never_later
from hub.protocols.deadlines import (
    ZONE,
    Ordinary,
    WorkingTime,
    closes_at,
    due,
    ends,
    latest_end,
    next_reminder,
)
from tests.unit.directory.duties import a_roster
from tests.unit.protocols.builders import NOW, SOURCE, a_deadline, a_protocol, a_step, some_clocks

NEXT_WORKING_DAY = Deadline(within=timedelta(days=1), source=SOURCE, counted="working-days")
DAY = 86_400


def second(text: str) -> int:
    """Return the second of a time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_what_must_happen_at_once_runs_by_the_clock() -> None:
    found = due(some_clocks(), NOW)

    assert found.taken_by == NOW + 120
    assert found.acknowledged_by == found.overdue_at == NOW + 600


@pytest.mark.parametrize(
    ("accepted", "noon"),
    [
        pytest.param("2026-06-02T08:00", "2026-06-03T10:00", id="tuesday to wednesday, summer"),
        pytest.param("2026-12-01T08:00", "2026-12-02T11:00", id="tuesday to wednesday, winter"),
        pytest.param("2026-06-05T08:00", "2026-06-08T10:00", id="friday to monday"),
        pytest.param("2026-06-06T08:00", "2026-06-08T10:00", id="saturday to monday"),
        pytest.param("2026-06-07T21:59", "2026-06-08T10:00", id="sunday night to monday"),
        pytest.param("2026-06-07T22:01", "2026-06-09T10:00", id="already monday in Berlin"),
        pytest.param("2026-03-27T12:00", "2026-03-30T10:00", id="over the night of 29 March"),
        pytest.param("2026-10-23T12:00", "2026-10-26T11:00", id="over the night of 25 October"),
    ],
)
def test_what_can_be_planned_is_due_at_noon_of_the_next_working_day(
    accepted: str, noon: str
) -> None:
    assert ends(NEXT_WORKING_DAY, second(accepted)) == second(noon)


def test_a_weekend_with_a_change_of_clocks_is_an_hour_shorter_or_longer() -> None:
    in_march = second("2026-03-27T11:00"), ends(NEXT_WORKING_DAY, second("2026-03-27T11:00"))
    in_october = second("2026-10-23T10:00"), ends(NEXT_WORKING_DAY, second("2026-10-23T10:00"))

    assert in_march[1] - in_march[0] == 3 * DAY - 3600
    assert in_october[1] - in_october[0] == 3 * DAY + 3600


def test_hours_are_hours_in_the_nights_on_which_the_clocks_change() -> None:
    for night in ("2026-03-29T00:30", "2026-10-25T00:30"):
        assert ends(a_deadline(hours=2), second(night)) == second(night) + 7200


def test_a_holiday_and_a_closed_day_are_passed_over_where_the_calendar_knows_them() -> None:
    before_corpus_christi = second("2026-06-03T08:00")
    closed = a_roster(closed=(date(2026, 6, 5),))

    assert ends(NEXT_WORKING_DAY, before_corpus_christi) == second("2026-06-04T10:00")
    assert ends(NEXT_WORKING_DAY, before_corpus_christi, working=ORDINARY) == second(
        "2026-06-05T10:00"
    )
    assert ends(NEXT_WORKING_DAY, before_corpus_christi, working=Calendar(closed)) == second(
        "2026-06-08T10:00"
    )


@pytest.mark.parametrize(
    ("accepted", "hours", "expected"),
    [
        pytest.param("2026-11-18T08:00", 4, "2026-11-18T12:00", id="within a morning"),
        pytest.param("2026-11-20T14:00", 4, "2026-11-23T10:00", id="over a weekend"),
        pytest.param("2026-11-21T20:52", 0, "2026-11-23T07:00", id="at the next opening"),
        pytest.param("2026-11-18T08:17", 0, "2026-11-18T08:17", id="at once where it is open"),
        pytest.param("2026-11-18T15:00", 0, "2026-11-19T07:00", id="not at the moment it closes"),
    ],
)
def test_office_hours_are_counted_while_the_office_is_open(
    accepted: str, hours: int, expected: str
) -> None:
    office_time = Deadline(within=timedelta(hours=hours), source=SOURCE, counted="office-hours")

    assert ends(office_time, second(accepted)) == second(expected)
    assert ends(office_time, second(accepted), working=ORDINARY) == second(expected)


@given(
    st.integers(second("2026-08-03T00:00"), second("2026-09-30T00:00")),
    st.integers(min_value=0, max_value=200_000),
)
def test_who_knows_no_holidays_counts_like_who_does_where_there_are_none(
    start: int, seconds: int
) -> None:
    plain = Ordinary()

    assert plain.add_office_time(start, seconds) == ORDINARY.add_office_time(start, seconds)
    assert plain.closes(start) == ORDINARY.closes(start)


def test_every_clock_asks_the_calendar() -> None:
    planned = Clocks(
        noticed=NEXT_WORKING_DAY,
        taken=NEXT_WORKING_DAY,
        acknowledged=NEXT_WORKING_DAY,
        overdue=NEXT_WORKING_DAY,
    )

    found = due(planned, second("2026-06-03T08:00"), working=ORDINARY)

    assert found.taken_by == found.acknowledged_by == found.overdue_at
    assert found.overdue_at == second("2026-06-05T10:00")


OFFICE_HOURS = Deadline(within=timedelta(hours=4), source=SOURCE, counted="office-hours")
PLANNED = Clocks(
    noticed=Deadline(within=timedelta(0), source=SOURCE, counted="office-hours"),
    taken=OFFICE_HOURS,
    acknowledged=NEXT_WORKING_DAY,
    overdue=NEXT_WORKING_DAY,
)


def test_what_is_acknowledged_by_noon_is_there_by_noon_also_in_an_office_of_afternoons() -> None:
    afternoons = Calendar(a_roster(office=("mo di mi do fr 15:00-17:00",)))

    found = due(PLANNED, second("2026-11-18T16:30"), working=afternoons)

    assert found.taken_by == found.acknowledged_by == second("2026-11-19T11:00")


def test_no_clock_runs_beyond_the_stay_of_the_content() -> None:
    on_holiday = Calendar(a_roster(closed=tuple(date(2026, 11, day) for day in range(16, 31))))
    accepted, ends_at = second("2026-11-16T09:00"), second("2026-11-20T09:00")

    found = due(PLANNED, accepted, working=on_holiday, latest=ends_at)

    assert found.taken_by == found.acknowledged_by == found.overdue_at == ends_at
    assert due(PLANNED, accepted, working=on_holiday).overdue_at == second("2026-12-01T11:00")


WITHOUT_DELAY = Clocks(
    noticed=a_deadline(minutes=5),
    taken=a_deadline(minutes=15),
    acknowledged=a_deadline(hours=2),
    overdue=a_deadline(hours=4),
)


@pytest.mark.parametrize(
    ("accepted", "acknowledged"),
    [
        pytest.param("2026-11-18T09:00", "2026-11-18T11:00", id="two hours, by day"),
        pytest.param("2026-11-18T13:00", "2026-11-18T15:00", id="to the end of the day's duty"),
        pytest.param("2026-11-18T14:00", "2026-11-18T15:00", id="an hour is left"),
        pytest.param("2026-11-18T14:45", "2026-11-18T15:00", id="a quarter of an hour is left"),
        pytest.param("2026-11-18T14:46", "2026-11-18T16:46", id="less is left: whoever comes next"),
        pytest.param("2026-11-18T15:00", "2026-11-18T17:00", id="the office has closed"),
        pytest.param("2026-11-21T20:52", "2026-11-21T22:52", id="at night"),
        pytest.param("2026-11-18T06:59", "2026-11-18T08:59", id="before it opens"),
    ],
)
def test_nobody_goes_home_on_what_is_to_be_acknowledged_without_delay(
    accepted: str, acknowledged: str
) -> None:
    found = due(WITHOUT_DELAY, second(accepted), working=ORDINARY)

    assert found.acknowledged_by == second(acknowledged)
    assert found.taken_by == second(accepted) + 900
    assert found.overdue_at == second(accepted) + 4 * 3600


def test_the_end_of_the_day_never_comes_before_the_time_to_take() -> None:
    slow = WITHOUT_DELAY.model_copy(update={"taken": a_deadline(minutes=40)})

    assert due(slow, second("2026-11-18T14:30")).acknowledged_by == second("2026-11-18T16:30")
    assert due(slow, second("2026-11-18T14:20")).acknowledged_by == second("2026-11-18T15:00")


def test_what_must_happen_at_once_knows_no_closing_time() -> None:
    accepted = second("2026-11-18T14:58")

    assert due(some_clocks(), accepted, working=ORDINARY).acknowledged_by == accepted + 600


def test_what_is_planned_knows_no_closing_time() -> None:
    assert due(PLANNED, second("2026-11-18T14:00")).acknowledged_by == second("2026-11-19T11:00")


WITHIN = st.integers(0, 30 * 24).map(lambda hours: timedelta(hours=hours))
DEADLINES = st.one_of(
    st.builds(
        Deadline,
        within=WITHIN,
        source=st.just(SOURCE),
        counted=st.sampled_from(["elapsed", "office-hours"]),
    ),
    st.builds(
        Deadline,
        within=st.integers(1, 5).map(lambda days: timedelta(days=days)),
        source=st.just(SOURCE),
        counted=st.just("working-days"),
    ),
)
STARTS = st.integers(min_value=second("2026-01-01T00:00"), max_value=second("2027-12-01T00:00"))
OFFICES = st.sampled_from(
    [
        ORDINARY,
        Ordinary(),
        Calendar(a_roster(office=())),
        Calendar(a_roster(office=("mo di mi do fr sa so 00:00-24:00",))),
        Calendar(a_roster(office=("do 14:00-18:00",))),
        Calendar(a_roster(office=("mo 23:00-01:00", "sa 09:00-12:00"))),
    ]
)


@given(st.tuples(DEADLINES, DEADLINES, DEADLINES), STARTS, OFFICES)
def test_clocks_follow_each_other_in_every_office(
    three: tuple[Deadline, Deadline, Deadline], start: int, office: WorkingTime
) -> None:
    taken, acknowledged, overdue = three
    clocks = Clocks(noticed=taken, taken=taken, acknowledged=acknowledged, overdue=overdue)

    found = due(clocks, start, working=office)

    assert start <= found.taken_by <= found.acknowledged_by <= found.overdue_at
    assert found.overdue_at == ends(overdue, start, working=office)


@settings(max_examples=300)
@given(DEADLINES, DEADLINES, STARTS, OFFICES)
def test_what_is_never_later_is_not_later_in_any_office(
    one: Deadline, other: Deadline, start: int, office: WorkingTime
) -> None:
    if is_never_later(one, other):
        assert ends(one, start, working=office) <= ends(other, start, working=office)


@given(st.integers(min_value=1_700_000_000, max_value=2_000_000_000))
def test_noon_of_the_next_working_day_is_near_and_on_a_weekday(start: int) -> None:
    found = ends(NEXT_WORKING_DAY, start)
    there = datetime.fromtimestamp(found, ZONE)

    assert (there.hour, there.minute, there.second) == (12, 0, 0)
    assert there.weekday() < 5
    # Never sooner than twelve hours, and a long weekend at most.
    assert 12 * 3600 < found - start <= 4 * DAY


def test_reminders_repeat_until_what_is_owed_was_said() -> None:
    fortnight = a_deadline(days=14)

    assert next_reminder(fortnight, NOW, NOW) == NOW + 14 * DAY
    assert next_reminder(fortnight, NOW, NOW + 14 * DAY - 1) == NOW + 14 * DAY
    assert next_reminder(fortnight, NOW, NOW + 14 * DAY) == NOW + 28 * DAY
    assert next_reminder(fortnight, NOW, NOW - DAY) == NOW + 14 * DAY


def test_the_shortest_limit_holds_for_a_recipient_of_several_roles() -> None:
    step = a_step(
        "ruecknahme",
        "schule",
        "jugendamt",
        recipient=("jugendamt", "schule"),
        content_limit_to={"schule": a_deadline(days=60)},
    )

    assert latest_end(step, NOW, frozenset({"schule"})) == NOW + 60 * DAY
    assert latest_end(step, NOW, frozenset({"schule", "jugendamt"})) == NOW + 14 * DAY
    assert latest_end(step, NOW, frozenset()) == NOW + 14 * DAY


def test_a_silent_conversation_is_closed_after_the_time_of_its_protocol() -> None:
    assert closes_at(a_protocol(), NOW) == NOW + 90 * DAY
