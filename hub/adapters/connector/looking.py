# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is due beside what comes in? Looked at again and again, in an order that needs no hub first.

What must not be here any more goes also while the hub is away; what only it can say comes after.
"""

import asyncio
from functools import partial
from typing import Final

from hub.adapters.connector.custody import look_up
from hub.adapters.connector.erasing import erase_resting, sign_gone
from hub.adapters.connector.house import House
from hub.adapters.connector.in_hand import InHand
from hub.adapters.connector.keeping import ask_targets, clear
from hub.adapters.connector.rows import Row, due_rows, read_lendings, unfinished_rows
from hub.adapters.connector.stopping import Stopping
from hub.adapters.inbox.acts_heard import listen
from hub.adapters.inbox.acts_sending import send_due

DUE: Final = 20
"""Quarantined deliveries that one look tries again."""
SIGNING: Final = 600
"""Seconds between two looks for what is gone and not signed yet."""
ERASING: Final = 6 * 3600
"""Seconds between two looks at what rests longer than the office wants to keep it."""
LISTENING: Final = 15
"""Seconds between two questions for what became of messages that people of this house have sent."""


class Looking:
    """Looks after targets, acts of people, and what has to go."""

    def __init__(self, house: House, in_hand: InHand, stopping: Stopping) -> None:
        self._house = house
        self._in_hand = in_hand
        self._stopping = stopping
        self._looks_at = 0
        self._listens_at = 0
        self._signs_at = 0
        self._erases_at = 0

    async def look_around(self) -> None:
        """Try what is due, clear away what has ended, and ask after what lost its lease."""
        house = self._house
        due = await house.read(partial(due_rows, now=house.second, most=DUE))
        again = (self._in_hand.attempt(row) for row in due if row.id not in self._in_hand)
        await asyncio.gather(*again)
        if house.second >= self._looks_at:
            self._looks_at = house.second + house.configuration.settings.leases.seconds // 2
            await ask_targets(house)
            await asyncio.to_thread(clear, house)
            await self._look_up_lost()
            await self._sign_gone()
            await self._erase_resting()
        await self._stopping.pause(house.configuration.settings.retries.every)

    async def send_acts(self) -> None:
        """Send what people have done and is not sent yet, and hear what became of it.

        Where nothing is sent from here, receipts are for whoever else of this unit asks for them.
        """
        house = self._house
        await send_due(house)
        if _sends(house) and house.second >= self._listens_at:
            self._listens_at = house.second + LISTENING
            await listen(house)
        await self._stopping.pause(house.configuration.settings.retries.every)

    async def _sign_gone(self) -> None:
        if self._house.second >= self._signs_at:
            self._signs_at = self._house.second + SIGNING
            await sign_gone(self._house)

    async def _erase_resting(self) -> None:
        if self._house.second >= self._erases_at:
            self._erases_at = self._house.second + ERASING
            await erase_resting(self._house)

    async def _look_up_lost(self) -> None:
        for row in await self._house.read(unfinished_rows):
            if row.id not in self._in_hand and await self._is_lost(row):
                await look_up(row, self._house)

    async def _is_lost(self, row: Row) -> bool:
        """Tell whether nobody works on a delivery, and none of its leases is known to live."""
        lent = await self._house.read(read_lendings)
        ends = next((each.ends_at for each in lent if each.message == row.id), 0)
        return ends < self._house.second


def _sends(house: House) -> bool:
    """Tell whether messages begin in this house: written by people, or dropped by case software."""
    settings = house.configuration.settings
    drops = settings.sending.folder is not None or settings.sending.port is not None
    return drops or settings.inbox is not None
