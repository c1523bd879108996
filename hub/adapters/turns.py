# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long is a target waited for, and what if it never answers?

A network drive that is gone keeps a thread for ever, and nothing can call it back. So the attempt
ends, but while its thread still hangs nobody begins another one for the same message: two at a time
could place it twice.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from hub.adapters.base import TargetTrouble

T = TypeVar("T")
STILL: Final = TargetTrouble("still-waiting", "Ein früherer Versuch hängt noch am Ziel.")
LATE: Final = TargetTrouble("timeout", "Das Ziel hat nicht rechtzeitig geantwortet.")


class Turns:
    """Threads of one adapter, and which message each of them is busy with."""

    def __init__(self, name: str, side_by_side: int, patience: float) -> None:
        # One more than work, so that whoever asks how it is does not wait for that work.
        self._pool = ThreadPoolExecutor(side_by_side + 1, thread_name_prefix=f"target-{name}")
        self._patience = patience
        self._busy: dict[str, Future[Any]] = {}

    async def run(self, key: str, work: Callable[[], T]) -> T:
        """Do work that may hang; raises ``TargetTrouble`` once it took too long."""
        hanging = self._busy.get(key)
        if hanging is not None and not hanging.done():
            raise TargetTrouble(STILL.code, STILL.reason)
        running = self._pool.submit(work)
        self._busy[key] = running
        running.add_done_callback(lambda done: self._forget(key, done))
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.shield(asyncio.wrap_future(running))
        except TimeoutError:
            raise TargetTrouble(LATE.code, LATE.reason) from None

    async def close(self) -> None:
        """Let what runs come to its end, for as long as an attempt may take.

        Whoever begins again while it runs would write under the same names. What hangs longer is
        cut off with the process.
        """
        self._pool.shutdown(wait=False, cancel_futures=True)
        running = [asyncio.wrap_future(each) for each in self._busy.values() if not each.done()]
        if running:
            await asyncio.wait(running, timeout=self._patience)

    def _forget(self, key: str, done: Future[T]) -> None:
        if self._busy.get(key) is done:
            del self._busy[key]


class Attempts:
    """The same for what runs in the loop: an attempt that nobody waits for any more ends by itself.

    To break it off in the middle of a handshake would leave a line half open; it is bounded by the
    patience of its target anyway.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._busy: dict[str, asyncio.Task[Any]] = {}

    async def run(self, key: str, work: Coroutine[Any, Any, T]) -> T:
        """Do work to its end, also if whoever asked for it goes away."""
        hanging = self._busy.get(key)
        if hanging is not None and not hanging.done():
            work.close()
            raise TargetTrouble(STILL.code, STILL.reason)
        task = asyncio.create_task(work)
        self._busy[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Let what runs come to its end, and break off what does not."""
        running = list(self._busy.values())
        if running:
            await asyncio.wait(running, timeout=self._patience)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _forget(self, key: str, done: asyncio.Task[Any]) -> None:
        if not done.cancelled():
            # Whoever asked may be gone; then nobody else looks at what it came to.
            done.exception()
        if self._busy.get(key) is done:
            del self._busy[key]
