# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The connector at work: fetch by lane, hand over, take, look after the rest; and stop in order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from hub.adapters.connector.custody import give_back_unknown
from hub.adapters.connector.erasing import sign_gone
from hub.adapters.connector.fetching import Fetching
from hub.adapters.connector.house import House
from hub.adapters.connector.in_hand import TROUBLES, InHand
from hub.adapters.connector.keeping import HUB, clear, clear_orphans, hear
from hub.adapters.connector.looking import Looking
from hub.adapters.connector.rows import read_lendings, unfinished_rows
from hub.adapters.connector.stopping import Stopping
from hub.client import Unreachable
from hub.client.patience import steady
from hub.errors import Failure

_log: Final = structlog.stdlib.get_logger()


class Connector:
    """Works for one unit until it is told to stop."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = Stopping()
        self._in_hand = InHand(house, self._stopping)

    async def run(self) -> None:
        """Work until ``stop``; then finish what is being handed over and give back the rest."""
        async with asyncio.TaskGroup() as group:
            around = [
                group.create_task(self._steadily(self._begin_and_watch)),
                group.create_task(self._stopping.wait()),
            ]
            await around[1]
            around[0].cancel()
        await self._end()

    def stop(self) -> None:
        """Lease nothing more and come to an end."""
        self._stopping.tell()

    async def _begin_and_watch(self) -> None:
        house, in_hand = self._house, self._in_hand
        await self._begin()
        looking = Looking(house, in_hand, self._stopping)
        fetches = [Fetching(lane, house, in_hand).fetch for lane in house.lanes]
        async with asyncio.TaskGroup() as group:
            for act in (*fetches, in_hand.keep_leases, looking.look_around, looking.send_acts):
                group.create_task(self._steadily(act))

    async def _steadily(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it again and again; a hub that is away is waited for."""
        pauses = steady()
        while not self._stopping.is_told:
            try:
                await act()
                pauses = steady()
                continue
            except Unreachable as trouble:
                await hear(self._house, HUB, _said(trouble))
                pause = max(next(pauses), trouble.retry_after or 0)
            except (Failure, OSError) as trouble:
                code = getattr(trouble, "code", type(trouble).__name__)
                _log.error("connector.own-trouble", code=code)
                await hear(self._house, HUB, f"Der eigene Datenträger nimmt nichts auf ({code}).")
                pause = next(pauses)
            except TROUBLES as trouble:
                code = getattr(trouble, "code", type(trouble).__name__)
                _log.error("connector.trouble", code=code)
                await hear(self._house, HUB, f"Der Hub weist die Anbindung ab ({code}).")
                pause = next(pauses)
            await self._stopping.pause(pause)

    async def _begin(self) -> None:
        """Go on where the process before this one was; what has ended goes without the hub."""
        house = self._house
        await asyncio.to_thread(clear_orphans, house)
        await asyncio.to_thread(clear, house)
        # Before what is gone is signed and forgotten: the books say so too.
        await sign_gone(house)
        await house.hub.finish()
        rows = await house.read(unfinished_rows)
        await give_back_unknown(house, frozenset(row.id for row in rows))
        lent = {each.message: each.lease for each in await house.read(read_lendings)}
        for row in rows:
            await self._in_hand.go_on(row, lent.get(row.id))

    async def _end(self) -> None:
        """Let what is being handed over end, give back all other leases, and close the targets."""
        await self._in_hand.end()
        with suppress(Unreachable):
            await give_back_unknown(self._house, frozenset())
        for target in self._house.targets:
            await target.adapter.close()


def _said(trouble: Unreachable) -> str:
    """Return whether the hub is silent, or says that it cannot just now."""
    is_busy = trouble.retry_after is not None
    return "Der Hub kann gerade nicht." if is_busy else "Der Hub antwortet nicht."
