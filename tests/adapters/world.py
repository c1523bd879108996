# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An office with a connector, beside a real hub: what it takes in, hands over and sends."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hub.adapters.connector.configuration import Configuration, configuration_of
from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.moments import Watch, unwatched
from hub.adapters.connector.rows import Row, read_row
from hub.adapters.connector.worker import Connector
from hub.adapters.memory import MemoryAdapter
from hub.adapters.settings import TargetSettings
from hub.client import Draft
from hub.client.saying import subject_of
from tests.world import RHEINBERG, SCHOOL, World, example

PATIENCE: Final = 30
QUICK: Final = """
[leases]
seconds = 30
wait = 1

[retries]
first = 0.01
longest = 1
every = 0.05
"""
MEMORY: Final = QUICK + '[[target]]\nkind = "memory"\nattempts = 3\n'


@dataclass
class Office:
    """A connector at work, and what it works with."""

    house: House
    connector: Connector

    @property
    def target(self) -> MemoryAdapter:
        """The first target, where it lies in memory."""
        adapter = self.house.targets[0].adapter
        assert isinstance(adapter, MemoryAdapter)
        return adapter

    def row(self, message: str) -> Row | None:
        return self.house.books.read_now(lambda connection: read_row(connection, message))

    def state(self, message: str) -> tuple[str, bool]:
        """Return how far a delivery is, and whether the hub knows that it is here."""
        row = self.row(message)
        return ("", False) if row is None else (row.state, row.taken_at is not None)


def configured(text: str, base: Path) -> Configuration:
    return configuration_of(tomllib.loads(text), base)


@asynccontextmanager
async def an_office(
    world: World,
    home: Path,
    text: str = MEMORY,
    *,
    unit: str = RHEINBERG,
    watch: Watch = unwatched,
    targets: tuple[TargetSettings, ...] = (),
) -> AsyncIterator[Office]:
    """Run a connector for as long as the block lasts, and end it in order.

    ``targets`` are other ones than those that the text names.
    """
    configuration = configured(f'data_dir = "{home}"\n{text}', home)
    if targets:
        configuration = replace(configuration, targets=targets)
    agency = world.agency(unit)
    async with world.hub(unit) as hub:
        with a_house(configuration, agency, world.catalogue, hub, watch) as house:
            connector = Connector(house)
            running = asyncio.create_task(connector.run())
            try:
                yield Office(house, connector)
            finally:
                connector.stop()
                await running


async def until(condition: Callable[[], bool], what: str = "it") -> None:
    """Let others work until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  what is waited for happens in another process
            await asyncio.sleep(0.01)
    assert condition(), what


async def notices(world: World, count: int = 1, *, sender: str = SCHOOL) -> list[Draft]:
    """Send notices of a school to the office."""
    return [draft async for draft in _sent(world, count, sender)]


async def _sent(world: World, count: int, sender: str) -> AsyncIterator[Draft]:
    async with world.hub(sender) as school:
        await school.directory()
        for _ in range(count):
            draft = school.compose(
                protocol="schule-mitteilung",
                step="mitteilung",
                to=RHEINBERG,
                urgency="unverzueglich",
                content=example("schule-mitteilung", "mitteilung"),
            )
            await school.submit(draft)
            yield draft


async def words(world: World, message: str, *, unit: str = RHEINBERG) -> list[str]:
    """Return what was said about a message, as its addressee sees it."""
    async with world.hub(unit) as line:
        state = await line.state(message)
    return [subject_of(jws)[1] for jws in state["receipts"]]
