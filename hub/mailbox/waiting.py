# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who waits for something to arrive: long polls, woken when it does."""

import asyncio
from collections import defaultdict


class WaitingRoom:
    """Wakes those who wait for a unit. Belongs to the event loop; nothing in it is kept."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._closing = False

    async def wait(self, unit: str, seconds: float) -> bool:
        """Wait until something arrives for ``unit``; False when the time is over first."""
        if self._closing or seconds <= 0:
            return False
        bell = asyncio.Event()
        self._waiting[unit].add(bell)
        try:
            await asyncio.wait_for(bell.wait(), seconds)
        except TimeoutError:
            return False
        else:
            return not self._closing
        finally:
            self._waiting[unit].discard(bell)
            if not self._waiting[unit]:
                del self._waiting[unit]

    def wake(self, unit: str) -> None:
        for bell in tuple(self._waiting.get(unit, ())):
            bell.set()

    def close(self) -> None:
        """Send everybody home: the node stops."""
        self._closing = True
        for unit in tuple(self._waiting):
            self.wake(unit)
