# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who waits for something to arrive: long polls, woken when it does."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Bell:
    """Rings for one who waits. Rung before somebody listens, it is heard all the same."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def heard(self, seconds: float) -> bool:
        """Wait until it rings; False when the time is over first."""
        if seconds <= 0:
            return self._rung.is_set()
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def ring(self) -> None:
        self._rung.set()

    def clear(self) -> None:
        """Let it be heard again only when it rings again; to be done before looking."""
        self._rung.clear()


class WaitingRoom:
    """Wakes those who wait for a unit. Nothing in it is kept.

    The writer's thread promises while it works and rings once its group is on the disk; whoever
    is woken finds what was promised. Everything else belongs to the event loop.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[Bell]] = defaultdict(set)
        self._promised: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    @property
    def is_closing(self) -> bool:
        """Whether nothing is worth waiting for any more."""
        return self._closing

    @contextmanager
    def expecting(self, unit: str) -> Iterator[Bell]:
        """Give a bell that rings from now on when something arrives for ``unit``.

        Whoever looks first and listens then must hold the bell before the look, or misses what
        arrives in between.
        """
        self._loop = asyncio.get_running_loop()
        bell = Bell()
        if self._closing:
            bell.ring()
        self._waiting[unit].add(bell)
        try:
            yield bell
        finally:
            self._waiting[unit].discard(bell)
            if not self._waiting[unit]:
                del self._waiting[unit]

    def is_expected(self, unit: str) -> bool:
        """Return whether anybody waits for something for ``unit``."""
        return bool(self._waiting.get(unit))

    def promise(self, unit: str) -> None:
        """Note, in the writer's thread, that something for ``unit`` is being written."""
        self._promised.add(unit)

    def ring(self) -> None:
        """Wake, from the writer's thread, all for whom something was promised."""
        promised, self._promised = self._promised, set()
        if promised and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, promised)

    def close(self) -> None:
        """Send everybody home: the node stops."""
        self._closing = True
        self._wake(tuple(self._waiting))

    def _wake(self, units: Iterable[str]) -> None:
        for unit in units:
            for bell in tuple(self._waiting.get(unit, ())):
                bell.ring()
