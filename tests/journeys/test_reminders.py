# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is owed is asked for again and again, once at each time, and ends when it was said.

The law says "zeitnah" of the Rueckmeldung (§ 4 Abs. 4 KKG) and names no number; the fourteen days
are the protocol's. The school is never told that anything is overdue.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hub.client import Draft
from hub.remind import remind
from hub.store.messages import conversation
from tests.journeys.books import entries
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify, take
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
DAY = 86_400


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each test: time goes on for a whole hub, and only forward."""
    with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as made:
        yield made


async def acknowledged(world: World) -> Draft:
    """Send a notice of which a person takes note at once."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        await take(office, notice, "fachkraft")
    return notice


async def later(world: World, days: float) -> int:
    """Let the hub take a turn so many days later; returns how many reminders that left."""
    before = world.node.log.size
    await remind(world.node, world.clock() + days * DAY, may_expire=False)
    return len([each for each in entries(world, before) if each["k"] == "reminder.sent"])


def due(world: World, notice: Draft) -> int | None:
    def read(connection: Connection) -> int | None:
        row = connection.execute(
            conversation.select().where(conversation.c.id == notice.conversation)
        ).one()
        at: int | None = row.due_reminder
        return at

    return world.node.readers.run_now(read)


async def test_an_owed_rueckmeldung_is_asked_for_every_fourteen_days(world: World) -> None:
    await acknowledged(world)

    assert [await later(world, days) for days in (13.9, 14.1, 14.2, 27.9, 28.1, 28.2)] == [
        0, 1, 0, 0, 1, 0,
    ]  # fmt: skip


async def test_a_hub_that_was_away_asks_once_and_not_once_for_each_time(world: World) -> None:
    await acknowledged(world)

    assert await later(world, 60) == 1
    assert await later(world, 69) == 0
    assert await later(world, 71) == 1


async def test_a_reminder_names_the_step_and_who_owes_it_and_no_more(world: World) -> None:
    notice = await acknowledged(world)
    before = world.node.log.size

    await later(world, 15)

    [entry] = [each for each in entries(world, before) if each["k"] == "reminder.sent"]
    assert entry["rcp"] == [RHEINBERG]
    assert entry["why"] == "owed"
    assert entry["obj"] == {
        "ty": "message",
        "id": notice.id,
        "d": "",
        "ct": f"{notice.protocol}/rueckmeldung",
    }


async def test_once_it_was_said_nobody_is_asked_for_it_again(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        message = await fetch(office, notice)
        await message.open()
        await message.take()
        await message.acknowledge("fachkraft")
        feedback = await message.answer("rueckmeldung", FEEDBACK)
        await take(school, feedback, "lesen")

    assert due(world, notice) is None
    assert [await later(world, days) for days in (14.1, 28.1)] == [0, 0]


async def test_the_school_hears_of_no_reminder(world: World) -> None:
    notice = await acknowledged(world)
    await later(world, 15)

    async with world.hub(SCHOOL) as school:
        events = await school.events()
        state = await school.state(notice.id)

    assert len(events) == 2, "taken and acknowledged, as before"
    assert state["marks"] == []
