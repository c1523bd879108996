# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What clients have sent and heard, to be held against the books of the hub afterwards."""

import time
from collections import Counter
from dataclasses import dataclass, field

import httpx2

from hub.client import Draft
from hub.client.line import problem_of


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
