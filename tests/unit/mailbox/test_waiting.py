# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever waits for a unit is woken for that unit, misses nothing, and is not forgotten."""

import asyncio

import pytest

from hub.mailbox.waiting import Bell, WaitingRoom

pytestmark = pytest.mark.anyio

OFFICE = "jugendamt:05170032.asd"
OTHER = "jugendamt:05170000.asd"
LONG = 60
"""Seconds that nobody waits: whoever is not woken makes the test fail by its limit."""
NO_TIME = 0.001


async def waits(bell: Bell) -> asyncio.Task[bool]:
    """Let somebody listen, and return once he does."""
    task = asyncio.create_task(bell.heard(LONG))
    await asyncio.sleep(0)
    return task


def write(room: WaitingRoom, *units: str) -> None:
    """Do as the writer's thread does: promise while it works, ring when it is kept."""
    for unit in units:
        room.promise(unit)
    room.ring()


async def in_the_writers_thread(room: WaitingRoom, *units: str) -> None:
    await asyncio.get_running_loop().run_in_executor(None, write, room, *units)


async def test_whoever_waits_is_woken_from_the_writers_thread() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        waiting = await waits(bell)

        await in_the_writers_thread(room, OFFICE)

        assert await waiting is True


async def test_what_arrives_between_the_look_and_the_wait_is_heard() -> None:
    """The bell is held before the look; what rings meanwhile has rung."""
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        await in_the_writers_thread(room, OFFICE)
        await asyncio.sleep(0)

        assert await bell.heard(LONG) is True


async def test_a_promise_wakes_nobody_before_it_is_kept() -> None:
    """Woken sooner, he would look and find nothing, and then wait in vain."""
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        room.promise(OFFICE)

        assert await bell.heard(NO_TIME) is False
        room.ring()
        assert await bell.heard(LONG) is True


async def test_a_promise_is_kept_once() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as first:
        write(room, OFFICE)
        assert await first.heard(LONG) is True
    with room.expecting(OFFICE) as bell:
        room.ring()

        assert await bell.heard(NO_TIME) is False


async def test_everybody_who_waits_for_a_unit_is_woken() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as one, room.expecting(OFFICE) as another:
        several = [await waits(one), await waits(another)]

        await in_the_writers_thread(room, OFFICE)

        assert await asyncio.gather(*several) == [True, True]


async def test_nobody_is_woken_for_another_unit() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell, room.expecting(OTHER) as other:
        write(room, OTHER)

        assert await other.heard(LONG) is True
        assert await bell.heard(NO_TIME) is False


@pytest.mark.parametrize("seconds", [0, -1])
async def test_whoever_will_not_wait_gets_his_answer_at_once(seconds: float) -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        assert await bell.heard(seconds) is False
        bell.ring()
        assert await bell.heard(seconds) is True


async def test_ringing_where_nobody_ever_waited_is_no_harm() -> None:
    write(WaitingRoom(), OFFICE)


async def test_a_node_that_stops_sends_everybody_home() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell, room.expecting(OTHER) as other:
        several = [await waits(bell), await waits(other)]

        room.close()

        assert await asyncio.gather(*several) == [True, True]
    with room.expecting(OFFICE) as late:
        assert await late.heard(LONG) is True, "and keeps nobody who comes afterwards"


async def test_nobody_is_forgotten_in_the_room() -> None:
    """However many have come and gone, and however they went, no chair is left."""
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        await bell.heard(NO_TIME)
    with pytest.raises(LookupError), room.expecting(OTHER):
        raise LookupError

    assert room._waiting == {}


async def test_a_bell_that_was_silenced_is_heard_when_it_rings_again() -> None:
    room = WaitingRoom()
    with room.expecting(OFFICE) as bell:
        bell.ring()
        bell.clear()
        assert await bell.heard(NO_TIME) is False

        bell.ring()
        assert await bell.heard(LONG) is True
