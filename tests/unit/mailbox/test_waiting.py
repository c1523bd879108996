# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever waits for a unit is woken for that unit, and nobody is forgotten in the room."""

import asyncio

import pytest

from hub.mailbox.waiting import WaitingRoom

pytestmark = pytest.mark.anyio

OFFICE = "jugendamt:05170032.asd"
OTHER = "jugendamt:05170000.asd"
LONG = 60
"""Seconds that nobody waits in vain for: whoever is not woken makes the test fail by its limit."""


def is_awaited(room: WaitingRoom, unit: str) -> bool:
    return unit in room._waiting


async def waits(room: WaitingRoom, unit: str = OFFICE) -> asyncio.Task[bool]:
    """Let somebody sit down, and return once he sits."""
    task = asyncio.create_task(room.wait(unit, LONG))
    await asyncio.sleep(0)
    assert is_awaited(room, unit)
    return task


async def test_whoever_waits_is_woken(anyio_backend: str) -> None:
    assert anyio_backend == "asyncio"
    room = WaitingRoom()
    waiting = await waits(room)

    room.wake(OFFICE)

    assert await waiting is True


async def test_everybody_who_waits_for_a_unit_is_woken() -> None:
    room = WaitingRoom()
    several = [await waits(room) for _ in range(3)]

    room.wake(OFFICE)

    assert await asyncio.gather(*several) == [True, True, True]


async def test_nobody_is_woken_for_another_unit() -> None:
    room = WaitingRoom()
    waiting, other = await waits(room), await waits(room, OTHER)

    room.wake(OTHER)

    assert await other is True
    assert not waiting.done()
    room.wake(OFFICE)
    assert await waiting is True


async def test_nothing_in_time_is_no() -> None:
    assert await WaitingRoom().wait(OFFICE, 0.001) is False


@pytest.mark.parametrize("seconds", [0, -1])
async def test_whoever_will_not_wait_gets_his_answer_at_once(seconds: float) -> None:
    assert await WaitingRoom().wait(OFFICE, seconds) is False


async def test_waking_nobody_is_no_harm_and_no_promise() -> None:
    """What arrives before somebody sits down he finds when he looks, not when he waits."""
    room = WaitingRoom()

    room.wake(OFFICE)

    assert await room.wait(OFFICE, 0.001) is False


async def test_a_node_that_stops_sends_everybody_home() -> None:
    room = WaitingRoom()
    several = [await waits(room), await waits(room, OTHER)]

    room.close()

    assert await asyncio.gather(*several) == [False, False]
    assert await room.wait(OFFICE, LONG) is False, "and lets nobody sit down again"


async def test_nobody_is_forgotten_in_the_room() -> None:
    """Woken, late or gone: an empty room keeps no chair, however many have come and gone."""
    room = WaitingRoom()
    woken, gone = await waits(room), await waits(room, OTHER)

    room.wake(OFFICE)
    gone.cancel()
    await asyncio.gather(woken, gone, return_exceptions=True)
    await room.wait(OFFICE, 0.001)

    assert not is_awaited(room, OFFICE)
    assert not is_awaited(room, OTHER)
