# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does this process have in hand? Handed over, taken, and its lease kept meanwhile.

Each delivery is worked on by a task of its own until everybody knows that it is where it belongs,
or until its lease is lost.
"""

import asyncio
from typing import Final

import structlog

from hub.adapters.connector.custody import Held, look_up, renew, take
from hub.adapters.connector.handing import attempt
from hub.adapters.connector.house import House
from hub.adapters.connector.rows import WAITING, Row
from hub.adapters.connector.spool import SpoolSpoiled
from hub.adapters.connector.stopping import Stopping
from hub.client import Refused, Unreachable, Untrustworthy
from hub.client.patience import steady
from hub.errors import Failure, Refusal

_log: Final = structlog.stdlib.get_logger()
TROUBLES: Final = (Refused, Refusal, Failure, Untrustworthy, OSError)
"""What may come up and stops nothing but the one thing that was done."""


class InHand:
    """Deliveries on their way from this house to their targets."""

    def __init__(self, house: House, stopping: Stopping) -> None:
        self._house = house
        self._stopping = stopping
        self._held: dict[str, Held] = {}
        self._changed = asyncio.Event()
        self._rooms = {
            each.name: asyncio.Semaphore(each.settings.side_by_side) for each in house.targets
        }

    def __contains__(self, message: str) -> bool:
        return message in self._held

    def count(self, target: str) -> int:
        return sum(held.row.target == target for held in self._held.values())

    def take_up(self, held: Held) -> None:
        """Work on a delivery; one that is worked on already has a new lease from now on."""
        known = self._held.get(held.row.id)
        if known is None:
            self._work_on(held)
        else:
            known.message, known.ends_at = held.message, held.ends_at

    async def go_on(self, row: Row, lease: str | None) -> None:
        """Take up a delivery of before, where its lease lives; else ask what became of it."""
        house = self._house
        try:
            kept = await asyncio.to_thread(house.spool.read, row.id)
        except (FileNotFoundError, SpoolSpoiled):
            await look_up(row, house)
            return
        held = Held(kept.message_at(house.hub, lease or ""), row, 0)
        if lease is not None:
            await renew(held, house)
        if held.is_held(house.second):
            self._work_on(held)
        else:
            await look_up(row, house)

    async def attempt(self, row: Row) -> Row:
        """Try once to hand over, beside no more others than the target takes."""
        room = self._rooms.get(row.target)
        if room is None:
            return await attempt(row, self._house)
        async with room:
            return await attempt(row, self._house)

    async def keep_leases(self) -> None:
        """Renew the leases of what is on its way, before they end."""
        house = self._house
        seconds = house.configuration.settings.leases.seconds
        for held in tuple(self._held.values()):
            if held.ends_at and held.ends_at - house.second < seconds * 2 / 3:
                await renew(held, house)
        await self._stopping.pause(seconds / 6)

    async def changes(self) -> None:
        """Wait until there is room for more."""
        self._changed.clear()
        await self._changed.wait()

    async def end(self) -> None:
        """Let what is being handed over end, and break off what takes too long."""
        tasks = [held.task for held in self._held.values() if held.task is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._house.configuration.settings.grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _work_on(self, held: Held) -> None:
        self._held[held.row.id] = held
        held.task = asyncio.create_task(self._work(held))
        held.task.add_done_callback(lambda _task: self._let_go(held))

    def _let_go(self, held: Held) -> None:
        self._held.pop(held.row.id, None)
        self._changed.set()

    async def _work(self, held: Held) -> None:
        """Hand over until the delivery is settled, then take it; what fails now is tried later."""
        try:
            while held.row.state == WAITING and not self._stopping.is_told:
                pause = (held.row.next_at or 0) - self._house.second
                if pause > 0:
                    await self._stopping.pause(pause)
                elif held.is_held(self._house.second):
                    held.row = await self.attempt(held.row)
                else:
                    return
            if held.row.state != WAITING:
                await self._take(held)
        except TROUBLES as trouble:
            code = getattr(trouble, "code", type(trouble).__name__)
            _log.error("connector.not-taken", message=held.row.id, code=code)

    async def _take(self, held: Held) -> None:
        """Say ``taken`` until the hub has answered."""
        for pause in steady():
            try:
                await take(held, self._house)
            except Unreachable as trouble:
                if self._stopping.is_told:
                    return
                await self._stopping.pause(max(pause, trouble.retry_after or 0))
            else:
                return
