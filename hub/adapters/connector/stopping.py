# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Has this connector been told to stop? Whatever waits, waits no longer than until then."""

import asyncio
from contextlib import suppress


class Stopping:
    """The word to stop, and pauses that it ends."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    @property
    def is_told(self) -> bool:
        return self._told.is_set()

    def tell(self) -> None:
        self._told.set()

    async def wait(self) -> None:
        await self._told.wait()

    async def pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment at which this is to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._told.wait()
