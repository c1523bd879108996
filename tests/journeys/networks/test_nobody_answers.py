# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A telephone that nobody answers: one after the other is asked, and the sender hears of it."""

from datetime import datetime

import pytest

from hub import clock
from hub.audit.verify import verify_db
from hub.store.duty import StoredDuty, read_duties
from tests.databases import sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.networks.werne import (
    ASD,
    CONTROL_CENTRE,
    HEAD,
    PATROL,
    SATURDAY,
    SERVICE,
    at,
    entries,
    fetch,
    fetches,
    files,
    pass_time,
    travel,
)
from tests.journeys.receipts import word_of
from tests.world import World

pytestmark = pytest.mark.anyio

TOLD = ("message.escalated", "message.overdue", "reminder.sent")


def asked(world: World, message: str) -> list[StoredDuty]:
    """Return those who were asked after the first, in their order."""
    return list(world.node.readers.run_now(lambda connection: read_duties(connection, message)))


def told_at(world: World, message: str) -> list[tuple[str, str]]:
    """Return what the hub did about a message, and when by the wall clock."""
    return [
        (f"{datetime.fromisoformat(entry['t']).astimezone(clock.BERLIN):%H:%M}", entry["k"])
        for entry in entries(world, message, *TOLD)
    ]


async def minute_by_minute(world: World, minutes: int) -> None:
    for _ in range(minutes):
        await pass_time(world, 1)


async def test_the_whole_chain_is_asked_in_its_order_and_then_asked_again(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)

    await minute_by_minute(night, 33)

    assert told_at(night, notice.id) == [
        ("21:54", "message.escalated"),
        ("22:02", "message.overdue"),
        ("22:02", "message.escalated"),
        ("22:12", "reminder.sent"),
        ("22:22", "reminder.sent"),
    ]
    assert [each.unit or each.telephone for each in asked(night, notice.id)] == [
        HEAD,
        CONTROL_CENTRE,
    ]


async def test_the_sender_has_overdue_with_a_number_within_ten_minutes(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await minute_by_minute(night, 10)

    async with night.hub(PATROL) as patrol:
        heard = await patrol.events()
        shown = await patrol.sender_view(notice.id)

    assert [word_of(jws) for jws in heard.values()] == ["overdue"]
    assert [each.word for each in shown] == ["accepted", "overdue"]
    assert shown[-1].telephone is not None
    assert shown[-1].telephone in shown[-1].line


async def test_a_hub_that_slept_through_it_makes_up_for_each_step_once(night: World) -> None:
    """Deadlines drive it and not attempts: however late the turn comes, nothing is told twice."""
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 33)
    await pass_time(night, 0)
    await pass_time(night, 0)

    kinds = [kind for _, kind in told_at(night, notice.id)]
    assert sorted(kinds) == ["message.escalated", "message.overdue"]


async def test_whoever_is_asked_later_takes_over_and_stops_the_clock(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 2)
    async with night.hub(HEAD) as head:
        [message] = await fetch(head)
        await message.acknowledge("leitung")
    so_far = told_at(night, notice.id)

    await minute_by_minute(night, 30)

    assert message.turn == 2
    assert told_at(night, notice.id) == so_far == [("21:54", "message.escalated")]


async def test_whoever_was_asked_first_can_still_be_the_quicker_one(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 2)

    assert await fetches(night, SERVICE) == [notice.id]
    async with night.hub(HEAD) as head:
        [message] = await fetch(head)

    assert message.taken, "it is durable with the service already"
    assert len(entries(night, notice.id, "message.taken")) == 1


async def test_the_next_morning_it_is_the_office_that_is_asked(night: World) -> None:
    """Nobody took note the whole Sunday: then it is not the night's matter any more."""
    await travel(night, at(2026, 10, 12, 7, 30))
    notice = await files(night)
    await minute_by_minute(night, 45)

    assert await fetches(night, ASD) == [notice.id]


async def test_by_day_nobody_wakes_the_service(night: World) -> None:
    await travel(night, at(2026, 10, 12, 10, 0))
    notice = await files(night)
    await minute_by_minute(night, 30)

    assert [each.unit or each.telephone for each in asked(night, notice.id)] == [
        HEAD,
        CONTROL_CENTRE,
    ]
    assert await fetches(night, SERVICE) == []


@sqlite_only
async def test_the_log_of_such_a_night_verifies(night: World) -> None:
    await travel(night, SATURDAY)
    await files(night)
    await minute_by_minute(night, 33)
    copy = copy_of(night.data, night.home / "kopie.sqlite")

    assert verify_db(copy, night.node.log.vkey) == []
