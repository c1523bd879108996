# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everybody at once: eight schools that submit, and offices that take, on one hub."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2

from hub.client import Hub
from tests.faults.clients import PAUSE, Office, Sender
from tests.faults.diary import Diary
from tests.faults.hub import PATIENCE, Late
from tests.faults.place import SCHOOLS, Place
from tests.world import KREIS, RHEINBERG

SENDERS: Final = 8
MOST_TRIES: Final = 100


@dataclass
class Crowd:
    """All clients of a run at work."""

    diary: Diary
    senders: list[Sender]
    _stopping: asyncio.Event
    _tasks: list[asyncio.Task[None]]

    async def finish(self) -> None:
        """Let everybody end what was begun; raises ``Late`` where somebody gets no answer."""
        self._stopping.set()
        _, waiting = await asyncio.wait(self._tasks, timeout=PATIENCE)
        for task in waiting:
            task.cancel()
        for gone in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(gone, BaseException):
                raise Late(f"a client did not come to its end: {gone!r}") from None

    async def repeat(self, most: int) -> int:
        """Send what was answered again, ``most`` of it, and return how many had the same bytes."""
        chosen = self.diary.answered[:: max(1, len(self.diary.answered) // most)]
        same = 0
        for sent in chosen:
            first, tries = sent.first, 0
            sender = next(each for each in self.senders if each.unit == sent.unit)
            while not await sender.submit(sent) and tries < MOST_TRIES:
                tries += 1
                await asyncio.sleep(PAUSE)
            same += sent.first == first
        return same


@asynccontextmanager
async def a_crowd(
    place: Place, *, senders: int = SENDERS, offices: int = 2
) -> AsyncIterator[Crowd]:
    """Let clients work on the hub of a place for as long as the block lasts.

    Every second sender makes a new connection for each request.
    """
    diary, stopping = Diary(), asyncio.Event()
    async with AsyncExitStack() as stack:

        async def line(unit: str, *, kept_alive: bool = True) -> Hub:
            limits = httpx2.Limits(max_keepalive_connections=None if kept_alive else 0)
            http = httpx2.AsyncClient(limits=limits, event_hooks={"response": [diary.hear]})
            return await stack.enter_async_context(place.line(unit, client=http))

        units = [SCHOOLS[number % len(SCHOOLS)] for number in range(senders)]
        towards = (RHEINBERG, KREIS)
        made = [
            Sender(await line(unit, kept_alive=number % 2 == 0), towards[number % 2], diary)
            for number, unit in enumerate(units)
        ]
        takers = [Office(await line(unit), diary) for unit in towards[:offices]]
        workers: list[Sender | Office] = [*made, *takers]
        tasks = [asyncio.create_task(each.work(stopping)) for each in workers]
        try:
            yield Crowd(diary, made, stopping, tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
