# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connector from its configuration: for each unit a house, a worker, and what runs beside it."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from hub.adapters.connector.comparing import Comparing
from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.moments import Watch, unwatched
from hub.adapters.connector.worker import Connector
from hub.adapters.sending.running import Sender
from hub.client import Agency, Hub
from hub.client.pace import Pace
from hub.protocols.catalogue import Catalogue

PER_SECOND: Final = 45
"""Requests of one unit to the hub, which turns away what is beyond fifty."""
BURST: Final = 100


class Worker(Protocol):
    """Something that works until it is told to stop, and then comes to an end in order."""

    async def run(self) -> None: ...
    def stop(self) -> None: ...


Beside: TypeAlias = Callable[
    [Configuration, Sequence[House]], AbstractContextManager[Sequence[Worker]]
]
"""Opens what works with the same houses, such as the inbox; it is closed before they are."""


async def run(
    configuration: Configuration,
    folders: Sequence[Path],
    catalogue: Catalogue,
    watch: Watch = unwatched,
    beside: Sequence[Beside] = (),
) -> None:
    """Work for the units of these folders until SIGTERM or SIGINT."""
    async with AsyncExitStack() as stack:
        houses = [
            await _enter(stack, configuration, Agency.load(folder), catalogue, watch)
            for folder in folders
        ]
        workers: list[Worker] = [Connector(house) for house in houses]
        workers += [Comparing(house) for house in houses]
        if houses and Sender.is_wanted(configuration):
            # One folder and one port: what is dropped there is sent by the first unit.
            workers.append(Sender(houses[0]))
        for opened in beside:
            workers += stack.enter_context(opened(configuration, houses))
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, _stop, workers)
        await work(workers)


async def work(workers: Sequence[Worker]) -> None:
    """Run all of them; one that ends or fails ends the others in order."""
    tasks = [asyncio.create_task(each.run()) for each in workers]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    _stop(workers)
    await asyncio.gather(*tasks)


async def _enter(
    stack: AsyncExitStack,
    configuration: Configuration,
    agency: Agency,
    catalogue: Catalogue,
    watch: Watch,
) -> House:
    hub = await stack.enter_async_context(Hub(agency.hub.url, agency, catalogue=catalogue))
    hub.line.pace = Pace(PER_SECOND, BURST)
    return stack.enter_context(a_house(configuration, agency, catalogue, hub, watch))


def _stop(workers: Sequence[Worker]) -> None:
    for each in workers:
        each.stop()
