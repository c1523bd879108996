# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connector compares by itself what its unit holds, and its status says where that differs."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import clock
from hub.adapters.connector.comparing import Comparing
from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.status import status_of
from hub.client.ledger import day_of
from hub.client.reconciling import differing_days
from tests.adapters.world import MEMORY, configured, notices
from tests.databases import given_back
from tests.world import SCHOOL, World, a_world

DAY = 86_400


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own: its days go by."""
    with given_back(), a_world(tmp_path, "schule:999001", "jugendamt:05170032") as made:
        yield made


async def said(house: House) -> str:
    """Let the connector look once, and return what it then says of itself."""
    comparing = Comparing(house, every=DAY)
    task = asyncio.create_task(comparing.run())
    async with asyncio.timeout(20):
        while "abgleich" not in house.heard:  # noqa: ASYNC110  a row rings no bell
            await asyncio.sleep(0)
    comparing.stop()
    await task
    house.heard.clear()
    return status_of(house.books, SCHOOL, ()).comparison


@pytest.mark.parametrize("lost", [False, True])
def test_the_status_says_on_which_days_the_two_sides_differ(
    world: World, tmp_path: Path, *, lost: bool
) -> None:
    async def go() -> tuple[str, tuple[str, ...]]:
        day = day_of(int(clock.now()))
        await notices(world, 2)
        agency = world.agency(SCHOOL)
        path = agency.path / "state" / "receipts" / f"{day}.jsonl"
        if lost:
            path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
        world.hands.ahead += DAY
        home = tmp_path / "schule"
        configuration = configured(f'data_dir = "{home}"\n{MEMORY}', home)
        async with world.hub(SCHOOL) as hub:
            with a_house(configuration, agency, world.catalogue, hub) as house:
                return await said(house), differing_days(agency)

    text, days = asyncio.run(go())

    assert bool(text) is lost
    assert bool(days) is lost
    assert all(day in text for day in days)
