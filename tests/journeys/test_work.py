# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub works by itself: no mistake stops its clocks, and a clock that was put ends nothing."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select

from hub.audit.flood import Flood
from hub.audit.openings.file import KEYS
from hub.audit.tables import audit_event
from hub.main.ageing import may_age
from hub.main.clockwatch import TURNS, ClockWatch
from hub.main.work import working
from hub.retain import retain
from tests.journeys.books import books, entries
from tests.journeys.forgotten import an_exchange, later, opened
from tests.world import Clock, World

pytestmark = pytest.mark.anyio
DAY = 24 * 3600
NOW = 1_795_000_000.0


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop go on until something is so; the test fails by its limit where it never is."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  a predicate rings no bell
            await asyncio.sleep(0)


class Broken(Flood):
    """Counts that make every turn fail, with a mistake that nobody has thought of."""

    turns = 0

    def take_counts(self, now: int) -> list[tuple[str, str, int]]:
        self.turns += 1
        raise ZeroDivisionError(now)


async def test_a_mistake_in_one_turn_does_not_stop_the_next(world: World) -> None:
    node, broken, sound = world.node, Broken(), world.node.flood
    node.flood = broken
    async with working(node, every=0):
        begun = node.last_turn
        await until(lambda: broken.turns > 2)
        assert node.last_turn == begun, "a turn that failed is none"

        node.flood = sound
        await until(lambda: node.last_turn != begun)


async def test_a_node_whose_clocks_stand_still_is_not_ready(world: World) -> None:
    node = world.node
    before, node.longest_pause = (node.last_turn, node.longest_pause), 60
    try:
        for last, is_ready in ((None, True), (0.0, True), (-61.0, False)):
            node.last_turn = None if last is None else time.monotonic() + last
            assert await node.is_ready() is is_ready
    finally:
        node.last_turn, node.longest_pause = before


async def test_a_clock_that_was_put_stands_in_the_log(world: World, clock: Clock) -> None:
    before = books(world)
    async with working(world.node, every=0):
        begun = world.node.last_turn
        await until(lambda: world.node.last_turn != begun)
        clock.ahead = 600
        await until(lambda: books(world).log > before.log)

    [entry, *_] = entries(world, before.log)
    assert (entry["k"], entry["obj"]["ty"]) == ("clock.adjusted", "clock")


def test_a_clock_that_runs_is_trusted() -> None:
    watch = ClockWatch()
    jumps = [watch.jump(NOW + 10 * turn, 5 + 10 * turn) for turn in range(4)]

    assert (jumps, watch.is_trusted) == ([0] * 4, True)


def test_a_machine_that_slept_has_not_put_its_clock_where_both_went_on() -> None:
    watch = ClockWatch()
    watch.jump(NOW, 5)

    assert watch.jump(NOW + 7200, 7205) == 0
    assert watch.is_trusted


@pytest.mark.parametrize(
    ("seconds", "turns"), [(61, 1), (-61, 1), (1800, 1), (1801, 1 + TURNS), (-3600, 1 + TURNS)]
)
def test_after_a_jump_nothing_ends_for_a_while(seconds: float, turns: int) -> None:
    watch = ClockWatch()
    watch.jump(NOW, 0)

    assert watch.jump(NOW + 10 + seconds, 10) == seconds

    trusted = []
    for turn in range(2, turns + 3):
        trusted.append(watch.is_trusted)
        assert watch.jump(NOW + 10 * turn + seconds, 10 * turn) == 0
    assert trusted == [False] * turns + [True]


async def test_no_year_and_no_month_ends_by_a_clock_that_leapt(world: World) -> None:
    """Keys and entries that went do not come back when the clock is put right."""
    exchange, node = await an_exchange(world), world.node
    later(world, 400)
    await retain(node, node.clock())
    keys = sorted((world.data.openings / KEYS).iterdir())
    later(world, 800)
    assert not node.readers.run_now(partial(may_age, node.clock()))

    async with working(node, every=0):
        begun = node.last_turn
        await until(lambda: node.last_turn != begun)

    assert not [entry for entry in entries(world, 0) if entry["k"] == "data.erased"]
    assert sorted((world.data.openings / KEYS).iterdir()) == keys
    assert opened(world, exchange)


async def test_a_hub_that_has_lived_for_a_week_lets_them_end(world: World) -> None:
    """By the ids of its entries; they say when they were made, and no start forgets them."""
    now = time.time()
    [newest] = world.node.readers.run_now(
        lambda connection: connection.execute(select(func.max(audit_event.c.id))).one()
    )
    assert newest
    ages = [
        world.node.readers.run_now(partial(may_age, now + days * DAY)) for days in (0, 6, 8, 13, 15)
    ]

    assert ages == [False, False, True, True, False]
