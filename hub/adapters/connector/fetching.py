# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes next for a target? Leased while there is room for it, and taken into this house.

However much waits at the hub, only ``in_hand`` messages of a lane are here and not taken, so the
memory of this process does not grow with the backlog.
"""

import asyncio
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import Final

import structlog

from hub.adapters.connector import moments
from hub.adapters.connector.custody import Held, note_leases
from hub.adapters.connector.house import House
from hub.adapters.connector.in_hand import InHand
from hub.adapters.connector.intake import take_in
from hub.adapters.connector.keeping import HUB, hear
from hub.adapters.connector.lanes import Lane
from hub.client import Message, Refused, Untrustworthy

_log: Final = structlog.stdlib.get_logger()
SIDE_BY_SIDE: Final = 4
"""Messages of a lane that are taken in at a time."""


class Fetching:
    """One lane to the hub."""

    def __init__(self, lane: Lane, house: House, in_hand: InHand) -> None:
        self._lane = lane
        self._house = house
        self._in_hand = in_hand
        self._lent: deque[tuple[Message, int]] = deque()
        """What was leased and is not taken in yet, with the second at which its lease ends."""

    async def fetch(self) -> None:
        """Lease what there is room for, and take it in, some side by side.

        Where the hub goes away in between, what was lent is taken in once it is back.
        """
        if not self._lent:
            await self._lease()
        while self._lent:
            part = tuple(islice(self._lent, SIDE_BY_SIDE))
            receiving = (self._receive(*each) for each in part)
            ends = await asyncio.gather(*receiving, return_exceptions=True)
            failed = [end for end in ends if isinstance(end, BaseException)]
            again = [each for each, end in zip(part, ends, strict=True) if end is not None]
            for _ in part:
                self._lent.popleft()
            self._lent.extendleft(reversed(again))
            if failed:
                raise failed[0]

    async def _lease(self) -> None:
        house, leases = self._house, self._house.configuration.settings.leases
        room = leases.in_hand - self._in_hand.count(self._lane.target.name)
        if room < min(leases.at_a_time, leases.in_hand):
            await self._in_hand.changes()
            return
        # The first question is answered at once: whoever has started this looks whether it works.
        messages = await house.hub.lease(
            wait=leases.wait if HUB in house.heard else 0,
            limit=min(room, leases.at_a_time),
            ttl=leases.seconds,
            protocols=self._lane.protocols,
        )
        self._lent.extend((message, house.second + leases.seconds) for message in messages)
        await hear(house, HUB)
        if messages:
            await note_leases(messages, house)

    async def _receive(self, message: Message, ends_at: int) -> None:
        """Take a message in and begin to hand it over; nothing about it stops the next one."""
        house = self._house
        try:
            house.watch(moments.LEASED, message.lease)
            row = await take_in(message, self._lane.target.name, house)
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
                self._in_hand.take_up(Held(message, row, ends_at))
