# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is asked at the hours at which programs go wrong: holidays, both changes, a last midnight."""

from datetime import date, timedelta

import pytest

from hub.model.roster import Line, Roster
from tests.journeys.networks.werne import (
    ASD,
    BERGKAMEN,
    HEAD,
    MINUTE,
    SERVICE,
    SERVICE_OF_BERGKAMEN,
    STANDBY_OF_BERGKAMEN,
    at,
    duty,
    entries,
    fetches,
    files,
    pass_time,
    publish,
    travel,
)
from tests.world import World

pytestmark = pytest.mark.anyio

LAST_DAY = date(2026, 12, 31)
TWICE = (2026, 10, 25, 2, 30)
"""The hour that exists two times."""


@pytest.mark.parametrize("fold", [0, 1], ids=["first", "second"])
async def test_in_the_hour_that_exists_twice_the_service_is_there_both_times(
    night: World, fold: int
) -> None:
    await travel(night, at(*TWICE, fold=fold))
    notice = await files(night)

    assert await fetches(night, SERVICE) == [notice.id]
    assert await fetches(night, ASD) == []


async def test_ten_minutes_are_ten_minutes_while_the_wall_clock_goes_back(night: World) -> None:
    """At 02:55 the first time; ten minutes later the wall clock says 02:05, the second time."""
    await travel(night, at(2026, 10, 25, 2, 55))
    notice = await files(night)
    await fetches(night, SERVICE)

    await pass_time(night, 9)
    assert entries(night, notice.id, "message.escalated", "message.overdue") == []
    await pass_time(night, 1)
    assert len(entries(night, notice.id, "message.escalated")) == 1
    await pass_time(night, 5)
    assert len(entries(night, notice.id, "message.escalated")) == 1

    assert await fetches(night, HEAD) == [notice.id]


async def test_ten_minutes_are_ten_minutes_while_the_wall_clock_leaps(night: World) -> None:
    """At 01:55; ten minutes later it is 03:05, and nobody was late by an hour."""
    await travel(night, at(2027, 3, 28, 1, 55))
    notice = await files(night)
    await fetches(night, SERVICE)

    await pass_time(night, 9)
    assert entries(night, notice.id, "message.escalated", "message.overdue") == []
    await pass_time(night, 1)
    assert len(entries(night, notice.id, "message.escalated")) == 1


@pytest.mark.parametrize("hour", [1, 3])
async def test_on_both_sides_of_the_hour_that_is_missing_somebody_is_there(
    night: World, hour: int
) -> None:
    await travel(night, at(2027, 3, 28, hour, 30))
    notice = await files(night)

    assert await fetches(night, SERVICE) == [notice.id]


async def test_on_fronleichnam_the_office_is_closed_and_the_service_has_duty(night: World) -> None:
    """A Thursday in May, ten o'clock; in North Rhine-Westphalia a public holiday."""
    await travel(night, at(2027, 5, 27, 10, 0))
    notice = await files(night)

    assert await fetches(night, ASD) == []
    assert await fetches(night, SERVICE) == [notice.id]


@pytest.mark.parametrize("day", [26, 28])
async def test_on_the_day_before_and_after_fronleichnam_it_is_the_office(
    night: World, day: int
) -> None:
    await travel(night, at(2027, 5, day, 10, 0))
    notice = await files(night)

    assert await fetches(night, ASD) == [notice.id]


async def test_a_contract_that_has_ended_gives_nothing_to_read(night: World) -> None:
    """Bergkamen's ended; the line still stands in its roster."""
    await travel(night, at(2026, 10, 10, 21, 52))
    notice = await files(night, to=BERGKAMEN)

    assert await fetches(night, SERVICE_OF_BERGKAMEN) == []
    assert await fetches(night, STANDBY_OF_BERGKAMEN) == [notice.id]


async def test_a_contract_ends_at_midnight_and_not_a_minute_earlier(night: World) -> None:
    contract_until(night, LAST_DAY)
    await travel(night, at(2026, 12, 31, 23, 59))
    before = await files(night)
    assert await fetches(night, SERVICE) == [before.id]

    await travel(night, at(2027, 1, 1, 0, 0))
    after = await files(night)
    assert await fetches(night, SERVICE) == []
    assert await fetches(night, HEAD) == [after.id]


async def test_what_was_not_fetched_before_the_contract_ended_stays_away(night: World) -> None:
    """Sealed to the service it was; at midnight its wrap stays with the hub."""
    contract_until(night, LAST_DAY)
    await travel(night, at(2026, 12, 31, 23, 59))
    notice = await files(night)
    await travel(night, at(2027, 1, 1, 0, 1))

    assert await fetches(night, SERVICE) == []
    assert await fetches(night, HEAD) == [notice.id], "its turn comes two minutes after acceptance"


async def test_what_the_service_itself_has_not_promised_does_not_count(night: World) -> None:
    """Both have to sign: the office its roster, and the service for whom it stands in."""
    publish(night, SERVICE, serves=())
    await travel(night, at(2026, 10, 10, 21, 52))
    notice = await files(night)

    assert await fetches(night, SERVICE) == []
    assert await fetches(night, HEAD) == [notice.id]


def contract_until(world: World, last: date) -> None:
    """Have the Jugendamt of Werne sign a roster in which the service stands until a last day."""
    unit = world.node.directory.unit(ASD)
    assert unit is not None
    assert unit.roster is not None
    publish(world, ASD, roster=_until(unit.roster, last))
    assert duty(world, ASD).is_valid


def _until(roster: Roster, last: date) -> Roster:
    def shortened(line: Line) -> Line:
        return line.model_copy(update={"valid_until": last}) if line.unit == SERVICE else line

    return roster.model_copy(update={"lines": tuple(map(shortened, roster.lines))})


def test_the_two_changes_and_the_holiday_are_where_the_tests_take_them() -> None:
    first, second = (at(*TWICE, fold=fold).timestamp() for fold in (0, 1))

    assert second - first == 60 * MINUTE
    assert at(2027, 3, 28, 3, 5).timestamp() - at(2027, 3, 28, 1, 55).timestamp() == 10 * MINUTE
    assert date(2027, 3, 28) + timedelta(days=60) == date(2027, 5, 27), "Easter and sixty days"
