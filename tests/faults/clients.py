# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Clients that do not give up: schools that submit until they have an answer, offices that take.

They seal, sign, open and verify with the parts of the SDK.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from hub.client import Hub
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.proofs import ProvenReceipt, check_answer
from hub.errors import Refusal
from hub.sealing.canonical import digest
from tests.faults.diary import Diary, Sent
from tests.world import example

PAUSE: Final = 0.1
"""Seconds before somebody knocks again: enough that a hub which is away is not knocked over."""
TTL: Final = 5
"""Seconds of a lease; what a killed hub had lent comes back in this test, not in the next."""


class Sender:
    """One school that sends notices, one after the other, each until it has its answer."""

    def __init__(self, hub: Hub, to: str, diary: Diary) -> None:
        """``to`` is the unit that all its notices go to."""
        self._hub = hub
        self._to = to
        self._diary = diary
        self._content: Mapping[str, Any] = example("schule-mitteilung", "mitteilung")
        self._is_in_doubt = True

    @property
    def unit(self) -> str:
        return self._hub.agency.id

    async def work(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            if self._is_in_doubt:
                await self._look()
            sent = self.compose()
            while sent.first is None and not await self.submit(sent):
                self._is_in_doubt = True
                await asyncio.sleep(PAUSE)

    async def submit(self, sent: Sent) -> bool:
        """Send it once, the same bytes each time; returns whether there was an answer."""
        began = time.monotonic()
        sent.tries += 1
        try:
            raw = await self._hub.line.send("PUT", sent.path, sent.draft.body)
        except Unreachable as away:
            if str(away) in CUT:
                self._diary.cuts.append(f"{sent.draft.id}: {away}")
            return False
        except Refused as refused:
            self._diary.trouble.append(f"{sent.draft.id} was refused: {refused.code}")
            return True
        self._diary.pulse.beat(began)
        self._keep(sent, raw)
        return True

    def _keep(self, sent: Sent, raw: bytes) -> None:
        if sent.first not in {None, raw}:
            self._diary.trouble.append(f"{sent.draft.id} got a second, other answer")
        try:
            receipt = check_answer(raw, self._hub.agency.hub).receipt
        except Untrustworthy as doubt:
            self._diary.trouble.append(f"{sent.draft.id}: {doubt}")
        else:
            if (receipt.word, receipt.message_id) != ("accepted", sent.draft.id):
                self._diary.trouble.append(f"{sent.draft.id} got the receipt of another")
        sent.first = raw

    def compose(self, urgency: str = "planbar") -> Sent:
        """Seal one more notice, and enter it before its first byte leaves."""
        draft = self._hub.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=self._to,
            urgency=urgency,
            content=self._content,
        )
        sent = Sent(self.unit, draft)
        self._diary.sent.append(sent)
        return sent

    async def _look(self) -> None:
        """Fetch the directory, once there is a hub, and see that the log has only grown."""
        while self._is_in_doubt:
            try:
                await self._hub.directory()
            except Unreachable:
                await asyncio.sleep(PAUSE)
            except Untrustworthy as doubt:
                self._diary.trouble.append(str(doubt))
                self._is_in_doubt = False
            else:
                self._is_in_doubt = False


CUT: Final = frozenset({"ReadError", "WriteError", "RemoteProtocolError"})
"""How it is called that a connection ends under a request."""


class Office:
    """One Jugendamt that leases, opens, takes and takes note, as often as it can."""

    def __init__(self, hub: Hub, diary: Diary) -> None:
        self._hub = hub
        self._diary = diary

    async def work(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self._fetch()
            except Unreachable:
                await asyncio.sleep(PAUSE)
            except Untrustworthy as doubt:
                self._diary.trouble.append(f"{self._hub.agency.id}: {doubt}")
            except (Refused, Refusal) as no:
                # Its lease may have ended, or its word stands already and the answer was lost.
                if no.code not in {"lease-lost", "conversation-moved-on", "step-not-allowed"}:
                    self._diary.trouble.append(f"{self._hub.agency.id} was refused: {no.code}")

    async def _fetch(self) -> None:
        for message in await self._hub.lease(wait=1, limit=4, ttl=TTL):
            if message.id in self._diary.taken:
                self._diary.trouble.append(f"{message.id} was delivered after it was taken")
            await message.open()
            taken = await message.take()
            assert taken is not None, "each message here is asked of one unit"
            self._keep(taken)
            self._diary.taken.add(message.id)
            self._keep(await message.acknowledge("fachkraft"))

    def _keep(self, proven: ProvenReceipt) -> None:
        self._diary.receipts[digest(proven.receipt.jws)] = proven.receipt.jws
