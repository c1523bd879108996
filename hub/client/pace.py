# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How fast does a machine ask the hub, so that the hub need not turn it away?

A hub bounds what one unit may ask in a second. Whoever works off a backlog runs into that bound and
would then stand still for a second each time; whoever keeps below it never does, and leaves room
for the people of the same unit.
"""

import asyncio
import time
from collections.abc import Callable

from hub.client.patience import Sleep


class Pace:
    """So many requests a second, and a few at once after a rest; first come, first served."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._each = 1 / per_second
        self._rest = burst * self._each
        self._now = now
        self._sleep = sleep
        self._next = float("-inf")

    async def turn(self) -> None:
        """Wait until the next request may go."""
        now = self._now()
        at = max(self._next, now - self._rest)
        self._next = at + self._each
        if at > now:
            await self._sleep(at - now)
