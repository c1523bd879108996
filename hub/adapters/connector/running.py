# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connector from its configuration: for each unit a house, a worker, and what sends for it."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.moments import Watch, unwatched
from hub.adapters.connector.worker import Connector
from hub.adapters.sending.running import Sender
from hub.client import Agency, Hub
from hub.protocols.catalogue import Catalogue


async def run(
    configuration: Configuration,
    folders: Sequence[Path],
    catalogue: Catalogue,
    watch: Watch = unwatched,
) -> None:
    """Work for the units of these folders until SIGTERM or SIGINT."""
    async with AsyncExitStack() as stack:
        workers: list[Connector | Sender] = []
        for folder in folders:
            house = await _enter(stack, configuration, Agency.load(folder), catalogue, watch)
            workers.append(Connector(house))
            if len(workers) == 1 and Sender.is_wanted(configuration):
                # One folder and one port: what is dropped there is sent by the first unit.
                workers.append(Sender(house))
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, _stop, workers)
        await asyncio.gather(*(each.run() for each in workers))


async def _enter(
    stack: AsyncExitStack,
    configuration: Configuration,
    agency: Agency,
    catalogue: Catalogue,
    watch: Watch,
) -> House:
    hub = await stack.enter_async_context(Hub(agency.hub.url, agency, catalogue=catalogue))
    return stack.enter_context(a_house(configuration, agency, catalogue, hub, watch))


def _stop(workers: Sequence[Connector | Sender]) -> None:
    for each in workers:
        each.stop()
