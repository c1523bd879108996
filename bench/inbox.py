# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How soon has the right desk what cannot wait?

The hub is half busy with messages to one unit. Now and then a notice of the urgency ``sofort``
comes for another, whose roster says that a third has duty, and that one waits by long poll. The
clock runs from the answer to the sender to the answer to whoever has duty. Beside it the same
waiting and waking, in the same server and under the same load, with nothing verified or stored.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.ground import Ground
from bench.hub import hub_running
from bench.hub_process import ASIDE
from bench.load import connect, steady
from bench.options import Options
from bench.proof import half_load
from bench.result import Ratio, Result, compared
from bench.sender import Message, Sender
from bench.submissions import PROBE, Submissions
from hub.sealing.canonical import unb64

EVERY: Final = 0.1
"""Seconds between two notices that cannot wait."""
GOAL_MS: Final = 2000
Heard = Callable[[bytes], list[str]]
"""Reads ids of messages out of an answer to whoever waits."""


@dataclass
class _Way:
    """Where something is sent to, and where it is waited for."""

    port: int
    sender: Sender
    waiter: Sender
    messages: Sequence[Message]
    put: str
    wait: str
    heard: Heard
    accepted: dict[str, float] = field(default_factory=dict)
    """When the sender had its answer, by id."""
    held: dict[str, float] = field(default_factory=dict)

    async def play(self, load: Sequence[bytes], rate: float) -> dict[str, float]:
        """Let notices come while the load runs, and return how long they were on their way."""
        waiting = asyncio.create_task(self._wait())
        busy = asyncio.create_task(steady(self.port, load, rate))
        await asyncio.sleep(0.2)
        await self._send()
        (await busy).check(201)
        await asyncio.wait_for(waiting, 30)
        return self._figures()

    async def _send(self) -> None:
        line = await connect(self.port)
        for message in self.messages:
            await asyncio.sleep(EVERY)
            path = self.put.format(message.id)
            answer = await line.ask(self.sender.request("PUT", path, message.raw))
            self.accepted[message.id] = time.perf_counter()
            if not answer.startswith(b"HTTP/1.1 201"):
                raise RuntimeError(answer[:400])
        line.close()

    async def _wait(self) -> None:
        line = await connect(self.port)
        kids = [key.kid for key in self.waiter.agency.desk]
        body = json.dumps({"kids": kids, "max": 5, "wait": 30, "ttl": 3600}).encode()
        while len(self.held) < len(self.messages):
            answer = await line.ask(self.waiter.request("POST", self.wait, body))
            now = time.perf_counter()
            self.held |= dict.fromkeys(self.heard(answer), now)
        line.close()

    def _figures(self) -> dict[str, float]:
        after = sorted(max(0.0, self.held[name] - at) * 1000 for name, at in self.accepted.items())
        last = min(len(after) - 1, int(0.99 * len(after)))
        return {"p50_ms": after[len(after) // 2], "p99_ms": after[last], "count": len(after)}


def inbox(ground: Ground, options: Options) -> Result:
    """Measure at half load, the hub and the control by turns."""
    submissions = Submissions(ground, PROBE)
    ours: list[dict[str, float]] = []
    control: list[dict[str, float]] = []
    with hub_running(ground, "inbox") as hub:
        rate = half_load(hub, submissions, options)
        seconds = options.seconds * 2
        for _ in range(options.rounds):
            load = submissions.requests(int(rate * seconds))
            ours.append(asyncio.run(_to_hub(hub.port, submissions, seconds).play(load, rate)))
            load = submissions.dropped(int(rate * seconds))
            control.append(asyncio.run(_aside(hub.port, submissions, seconds).play(load, rate)))
    p99 = statistics.median(each["p99_ms"] for each in ours)
    times = compared(*([each["p99_ms"] for each in rounds] for rounds in (ours, control)))
    print(f"  at {rate:.0f} /s: p99 {p99:.1f} ms, {times:.1f} times the control")
    return Result(
        "inbox",
        [Ratio("inbox p99", p99, GOAL_MS, "at most", unit=" ms")],
        {"rate": rate, "times the control": times, "hub": ours, "no store": control},
    )


def _to_hub(port: int, submissions: Submissions, seconds: float) -> _Way:
    return _way(port, submissions, seconds, ("/v1/messages/{}", "/v1/leases", _leased))


def _aside(port: int, submissions: Submissions, seconds: float) -> _Way:
    return _way(port, submissions, seconds, (ASIDE + "/ring/{}", ASIDE + "/wait", _rung))


def _way(
    port: int, submissions: Submissions, seconds: float, where: tuple[str, str, Heard]
) -> _Way:
    ground, sender = submissions.ground, submissions.senders[0]
    count = int(seconds / EVERY)
    made = sender.messages(PROBE, submissions.content, count, ground.urgent, ground.watch)
    waiter = Sender(ground.watch, ground)
    waiter.token()
    put, wait, heard = where
    return _Way(port, sender, waiter, made, put, wait, heard)


def _leased(answer: bytes) -> list[str]:
    envelopes = (json.loads(each["message"])["env"] for each in _body(answer)["leases"])
    return [json.loads(unb64(envelope.split(".")[1]))["jti"] for envelope in envelopes]


def _rung(answer: bytes) -> list[str]:
    ids: list[str] = _body(answer)["ids"]
    return ids


def _body(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:400])
    said: dict[str, Any] = json.loads(body)
    return said
