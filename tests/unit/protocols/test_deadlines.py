# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By when somebody has to act, also across the two nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.protocol import Clocks, Deadline
from hub.protocols.deadlines import (
    ZONE,
    closes_at,
    due,
    ends,
    is_weekday,
    latest_end,
    next_reminder,
)
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


def test_a_holiday_is_passed_over_where_the_calendar_knows_it() -> None:
    corpus_christi = date(2026, 6, 4)

    found = ends(
        NEXT_WORKING_DAY,
        second("2026-06-03T08:00"),
        is_working_day=lambda day: is_weekday(day) and day != corpus_christi,
    )

    assert found == second("2026-06-05T10:00")


def test_every_clock_asks_the_calendar() -> None:
    planned = Clocks(
        noticed=NEXT_WORKING_DAY,
        taken=NEXT_WORKING_DAY,
        acknowledged=NEXT_WORKING_DAY,
        overdue=NEXT_WORKING_DAY,
    )

    found = due(planned, second("2026-06-02T08:00"), is_working_day=lambda day: day.day == 9)

    assert found.taken_by == found.acknowledged_by == found.overdue_at
    assert found.overdue_at == second("2026-06-09T10:00")


@given(st.integers(min_value=1_700_000_000, max_value=2_000_000_000))
def test_noon_of_the_next_working_day_is_near_and_on_a_weekday(start: int) -> None:
    found = ends(NEXT_WORKING_DAY, start)
    there = datetime.fromtimestamp(found, ZONE)

    assert (there.hour, there.minute, there.second) == (12, 0, 0)
    assert is_weekday(there.date())
    # Never sooner than the office-hours clock of four hours, and a long weekend at most.
    assert 4 * 3600 < found - start <= 4 * DAY


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
