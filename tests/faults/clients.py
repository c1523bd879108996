# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Clients that do not give up: schools that submit until they have an answer, offices that take.

They seal, sign, open and verify with the parts of the SDK. What they were answered they keep, so
that it can be held against the books of the hub afterwards.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from hub.client import Draft, Hub
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.line import problem_of
from hub.client.proofs import ProvenReceipt, check_answer
from hub.errors import Refusal
from hub.sealing.canonical import digest
from tests.faults.hub import PATIENCE, Late
from tests.faults.place import SCHOOLS, Place
from tests.world import KREIS, RHEINBERG, example

SENDERS: Final = 8
PAUSE: Final = 0.1
"""Seconds before somebody knocks again: enough that a hub which is away is not knocked over."""
MOST_TRIES: Final = 100
TTL: Final = 5
"""Seconds of a lease; what a killed hub had lent comes back in this test, not in the next."""


@dataclass
class Sent:
    """A message as its sender knows it."""

    unit: str
    draft: Draft
    first: bytes | None = None
    """The first answer; every later one has to have the same bytes."""
    tries: int = 0

    @property
    def path(self) -> str:
        return f"/v1/messages/{self.draft.id}"


@dataclass
class Pulse:
    """When did a request that began after a moment get its first answer?"""

    since: float = float("inf")
    at: float | None = None

    def restart(self) -> None:
        self.since, self.at = time.monotonic(), None

    def beat(self, began: float) -> None:
        if self.at is None and began > self.since:
            self.at = time.monotonic()


@dataclass
class Diary:
    """What all clients of a run have sent, heard and not understood."""

    sent: list[Sent] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    """Receipts of addressees that the hub has answered: text by digest."""
    taken: set[str] = field(default_factory=set)
    """Ids of messages whose ``taken`` was answered."""
    trouble: list[str] = field(default_factory=list)
    """Whatever no client should ever see."""
    cuts: list[str] = field(default_factory=list)
    """Requests that broke off after their connection stood."""
    said_no: Counter[str] = field(default_factory=Counter)
    """Answers that the hub cannot now, counted by their code."""
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def answered(self) -> list[Sent]:
        return [each for each in self.sent if each.first is not None]

    async def hear(self, response: httpx2.Response) -> None:
        """Note that the hub cannot now, and hold against it what it has to say then."""
        if not response.is_server_error:
            return
        await response.aread()
        code = str(problem_of(response).get("code", response.status_code))
        self.said_no[code] += 1
        if response.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
            self.trouble.append(f"status {response.status_code}: {code}")
        elif not response.headers.get("retry-after", "").isdigit():
            self.trouble.append(f"{code} does not say when to come again")


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

    def compose(self) -> Sent:
        """Seal one more notice, and enter it before its first byte leaves."""
        draft = self._hub.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=self._to,
            urgency="planbar",
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
            self._keep(await message.take())
            self._diary.taken.add(message.id)
            self._keep(await message.acknowledge("fachkraft"))

    def _keep(self, proven: ProvenReceipt) -> None:
        self._diary.receipts[digest(proven.receipt.jws)] = proven.receipt.jws


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
    place: Place, *, senders: int = SENDERS, offices: int = 2, kept_alive: bool = True
) -> AsyncIterator[Crowd]:
    """Let clients work on the hub of a place for as long as the block lasts."""
    diary, stopping = Diary(), asyncio.Event()
    async with AsyncExitStack() as stack:

        async def line(unit: str, *, kept_alive: bool = True) -> Hub:
            limits = httpx2.Limits(max_keepalive_connections=None if kept_alive else 0)
            http = httpx2.AsyncClient(limits=limits, event_hooks={"response": [diary.hear]})
            return await stack.enter_async_context(place.line(unit, client=http))

        units = [SCHOOLS[number % len(SCHOOLS)] for number in range(senders)]
        towards = (RHEINBERG, KREIS)
        made = [
            Sender(await line(unit, kept_alive=kept_alive), towards[number % 2], diary)
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
