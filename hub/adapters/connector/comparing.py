# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Compares each night what this unit holds with what the hub has, and says where they differ."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from hub.adapters.connector.house import House
from hub.adapters.connector.keeping import COMPARISON, hear
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.reconciling import differing_days, reconcile_due
from hub.errors import Failure, Refusal

EVERY: Final = 3600
"""Seconds between two looks whether a day is over; a hub that was away is asked again."""
_TROUBLES: Final = (Refused, Untrustworthy, Refusal, Failure, OSError, ValueError)
_log = structlog.stdlib.get_logger()


class Comparing:
    """Works beside the connector for one unit."""

    def __init__(self, house: House, every: float = EVERY) -> None:
        self._house = house
        self._every = every
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Compare what is due until told to stop."""
        while not self._stopping.is_set():
            await self._compare()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._stopping.wait()

    def stop(self) -> None:
        self._stopping.set()

    async def _compare(self) -> None:
        """Do it, and remember what was found: nobody waits for it, and somebody has to see it."""
        try:
            await reconcile_due(self._house.hub)
        except Unreachable:
            return
        except _TROUBLES as trouble:
            code = getattr(trouble, "code", type(trouble).__name__)
            _log.error("reconciliation.failed", code=code)
            await hear(self._house, COMPARISON, f"Der Abgleich mit dem Hub misslang ({code}).")
        else:
            await self._tell()

    async def _tell(self) -> None:
        days = differing_days(self._house.agency)
        if days:
            _log.error("reconciliation.differs", days=len(days))
        named = ", ".join(days[:3])
        said = f"Hub und Stelle haben nicht dieselben Quittungen ({named}): „meldeweg reconcile“."
        await hear(self._house, COMPARISON, said if days else "")
