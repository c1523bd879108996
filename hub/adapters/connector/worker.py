# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The connector at work: fetch by lane, hand over, take; and stop in order.

However much waits at the hub, only ``in_hand`` messages of a lane are here and not taken, so the
memory of this process does not grow with the backlog.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Final

import structlog

from hub.adapters.connector import moments
from hub.adapters.connector.custody import (
    Held,
    give_back_unknown,
    look_up,
    note_leases,
    renew,
    take,
)
from hub.adapters.connector.handing import attempt
from hub.adapters.connector.house import House
from hub.adapters.connector.intake import take_in
from hub.adapters.connector.keeping import HUB, ask_targets, clear, clear_orphans, hear
from hub.adapters.connector.lanes import Lane
from hub.adapters.connector.rows import (
    WAITING,
    Row,
    due_rows,
    read_lendings,
    unfinished_rows,
)
from hub.adapters.connector.spool import SpoolSpoiled
from hub.client import Message, Refused, Unreachable, Untrustworthy
from hub.client.patience import steady
from hub.errors import Failure, Refusal

_log: Final = structlog.stdlib.get_logger()
SIDE_BY_SIDE: Final = 4
"""Messages of a lane that are taken in at a time."""
DUE: Final = 20
"""Quarantined deliveries that one look tries again."""
_TROUBLES: Final = (Refused, Refusal, Failure, Untrustworthy, OSError)


class Connector:
    """Works for one unit until it is told to stop."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._held: dict[str, Held] = {}
        self._lent: dict[Lane, deque[tuple[Message, int]]] = {}
        """What was leased and is not taken in yet, with the second at which its lease ends."""
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._looks_at = 0
        self._rooms = {
            each.name: asyncio.Semaphore(each.settings.side_by_side) for each in house.targets
        }

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
        self._stopping.set()

    @property
    def in_hand(self) -> tuple[str, ...]:
        """Ids of what is here and not taken yet."""
        return tuple(self._held)

    async def _begin_and_watch(self) -> None:
        await self._begin()
        async with asyncio.TaskGroup() as group:
            for lane in self._house.lanes:
                group.create_task(self._steadily(partial(self._fetch, lane)))
            group.create_task(self._steadily(self._keep_leases))
            group.create_task(self._steadily(self._look_around))

    async def _steadily(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it again and again; a hub that is away is waited for."""
        pauses = steady()
        while not self._stopping.is_set():
            try:
                await act()
                pauses = steady()
                continue
            except Unreachable as trouble:
                await hear(self._house, HUB, "Der Hub antwortet nicht.")
                pause = max(next(pauses), trouble.retry_after or 0)
            except _TROUBLES as trouble:
                code = getattr(trouble, "code", type(trouble).__name__)
                _log.error("connector.trouble", code=code)
                await hear(self._house, HUB, f"Der Hub weist die Anbindung ab ({code}).")
                pause = next(pauses)
            await self._pause(pause)

    async def _begin(self) -> None:
        """Go on where the process before this one was."""
        house = self._house
        await asyncio.to_thread(clear_orphans, house)
        await house.hub.finish()
        rows = await house.read(unfinished_rows)
        await give_back_unknown(house, frozenset(row.id for row in rows))
        lent = {each.message: each.lease for each in await house.read(read_lendings)}
        for row in rows:
            await self._go_on(row, lent.get(row.id))

    async def _go_on(self, row: Row, lease: str | None) -> None:
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

    async def _fetch(self, lane: Lane) -> None:
        """Lease what there is room for, and take it in, some side by side.

        Where the hub goes away in between, what was lent is taken in once it is back.
        """
        lent = self._lent.setdefault(lane, deque())
        if not lent:
            await self._lease(lane, lent)
        while lent:
            part = tuple(islice(lent, SIDE_BY_SIDE))
            receiving = (self._receive(*each, lane) for each in part)
            ends = await asyncio.gather(*receiving, return_exceptions=True)
            failed = [end for end in ends if isinstance(end, BaseException)]
            again = [each for each, end in zip(part, ends, strict=True) if end is not None]
            for _ in part:
                lent.popleft()
            lent.extendleft(reversed(again))
            if failed:
                raise failed[0]

    async def _lease(self, lane: Lane, lent: "deque[tuple[Message, int]]") -> None:
        house, leases = self._house, self._house.configuration.settings.leases
        room = leases.in_hand - self._count(lane)
        if room < min(leases.at_a_time, leases.in_hand):
            await self._changes()
            return
        messages = await house.hub.lease(
            wait=leases.wait,
            limit=min(room, leases.at_a_time),
            ttl=leases.seconds,
            protocols=lane.protocols,
        )
        lent.extend((message, house.second + leases.seconds) for message in messages)
        await hear(house, HUB)
        if messages:
            await note_leases(messages, house)

    async def _receive(self, message: Message, ends_at: int, lane: Lane) -> None:
        """Take a message in and begin to hand it over; nothing about it stops the next one."""
        house = self._house
        try:
            house.watch(moments.LEASED, message.lease)
            row = await take_in(message, lane.target.name, house)
        except Refused as refused:
            _log.warning("connector.not-opened", lease=message.lease, code=refused.code)
            with suppress(Refused):
                await message.give_back()
        except Untrustworthy as doubt:
            _log.error("connector.doubtful", lease=message.lease, kind=type(doubt).__name__)
            with suppress(Refused):
                await message.give_back(failed=True)
        else:
            if row is not None:
                self._take_up(Held(message, row, ends_at))

    def _take_up(self, held: Held) -> None:
        """Work on a delivery; one that is worked on already has a new lease from now on."""
        known = self._held.get(held.row.id)
        if known is None:
            self._work_on(held)
        else:
            known.message, known.ends_at = held.message, held.ends_at

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
            while held.row.state == WAITING and not self._stopping.is_set():
                pause = (held.row.next_at or 0) - self._house.second
                if pause > 0:
                    await self._pause(pause)
                elif held.is_held(self._house.second):
                    held.row = await self._attempt(held.row)
                else:
                    return
            if held.row.state != WAITING:
                await self._take(held)
        except _TROUBLES as trouble:
            code = getattr(trouble, "code", type(trouble).__name__)
            _log.error("connector.not-taken", message=held.row.id, code=code)

    async def _attempt(self, row: Row) -> Row:
        room = self._rooms.get(row.target)
        if room is None:
            return await attempt(row, self._house)
        async with room:
            return await attempt(row, self._house)

    async def _take(self, held: Held) -> None:
        """Say ``taken`` until the hub has answered."""
        for pause in steady():
            try:
                await take(held, self._house)
            except Unreachable as trouble:
                if self._stopping.is_set():
                    return
                await self._pause(max(pause, trouble.retry_after or 0))
            else:
                return

    async def _keep_leases(self) -> None:
        """Renew the leases of what is on its way, before they end."""
        house = self._house
        seconds = house.configuration.settings.leases.seconds
        for held in tuple(self._held.values()):
            if held.ends_at and held.ends_at - house.second < seconds * 2 / 3:
                await renew(held, house)
        await self._pause(seconds / 6)

    async def _look_around(self) -> None:
        """Try what is due, ask after what lost its lease, and clear away what has ended."""
        house = self._house
        due = await house.read(partial(due_rows, now=house.second, most=DUE))
        await asyncio.gather(*(self._attempt(row) for row in due if row.id not in self._held))
        if house.second >= self._looks_at:
            self._looks_at = house.second + house.configuration.settings.leases.seconds // 2
            await ask_targets(house)
            await self._look_up_lost()
            await asyncio.to_thread(clear, house)
        await self._pause(house.configuration.settings.retries.every)

    async def _look_up_lost(self) -> None:
        for row in await self._house.read(unfinished_rows):
            if row.id not in self._held and await self._is_lost(row):
                await look_up(row, self._house)

    async def _is_lost(self, row: Row) -> bool:
        """Tell whether nobody works on a delivery, and none of its leases is known to live."""
        lent = await self._house.read(read_lendings)
        ends = next((each.ends_at for each in lent if each.message == row.id), 0)
        return ends < self._house.second

    async def _changes(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _count(self, lane: Lane) -> int:
        return sum(held.row.target == lane.target.name for held in self._held.values())

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment at which this is to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _end(self) -> None:
        """Let what is being handed over end, give back all other leases, and close the targets."""
        house = self._house
        tasks = [held.task for held in self._held.values() if held.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=house.configuration.settings.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(Unreachable):
            await give_back_unknown(house, frozenset())
        for target in house.targets:
            await target.adapter.close()
