# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How soon does a waiting connector have a message that was just accepted?

The hub is half busy with messages to one unit. Another unit waits by long poll, and now and then a
message comes for it. The clock runs from the answer to the sender to the answer to the waiting
one; beside it stands the stricter figure, from the moment the sender began to send.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import connect, steady
from bench.options import Options
from bench.proof import half_load
from bench.result import Ratio, Result
from bench.sender import Message, Sender
from bench.submissions import PROBE, Submissions
from hub.sealing.canonical import unb64

EVERY = 0.05
"""Seconds between two messages for the one who waits."""
GOAL_MS = 50


@dataclass
class _Heard:
    """Instants by message id."""

    sent: dict[str, float] = field(default_factory=dict)
    accepted: dict[str, float] = field(default_factory=dict)
    held: dict[str, float] = field(default_factory=dict)


def wake(ground: Ground, options: Options) -> Result:
    """Measure at half load, in several rounds."""
    submissions = Submissions(ground, PROBE)
    rounds: list[dict[str, float]] = []
    with hub_running(ground, "wake") as hub:
        rate = half_load(hub, submissions, options)
        for _ in range(options.rounds):
            seconds = options.seconds * 2
            load = submissions.requests(int(rate * seconds))
            sender = submissions.senders[0]
            woken = sender.messages(PROBE, submissions.content, int(seconds / EVERY), ground.watch)
            waiter = Sender(ground.watch, ground)
            waiter.token()
            heard = asyncio.run(_round(hub.port, load, rate, (sender, woken), waiter))
            rounds.append(_figures(heard))
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    print(f"  at {rate:.0f} /s: " + ", ".join(f"{k} {v:.1f}" for k, v in middle.items()))
    ratio = Ratio("wake p99", middle["p99_ms"], GOAL_MS, "at most", unit=" ms")
    strict = middle["from_sending_p99_ms"]
    return Result(
        "wake",
        [ratio],
        {"rate": rate, "rounds": rounds, "from_sending_p99_ms": strict, "every_s": EVERY},
    )


async def _round(
    port: int,
    load: Sequence[bytes],
    rate: float,
    woken: tuple[Sender, list[Message]],
    waiter: Sender,
) -> _Heard:
    heard = _Heard()
    waiting = asyncio.create_task(_wait(port, waiter, len(woken[1]), heard))
    busy = asyncio.create_task(steady(port, load, rate))
    await asyncio.sleep(0.2)
    await _send(port, *woken, heard)
    (await busy).check(201)
    await asyncio.wait_for(waiting, 30)
    return heard


async def _send(port: int, sender: Sender, messages: Sequence[Message], heard: _Heard) -> None:
    line = await connect(port)
    for message in messages:
        await asyncio.sleep(EVERY)
        request = sender.request("PUT", f"/v1/messages/{message.id}", message.raw)
        heard.sent[message.id] = time.perf_counter()
        answer = await line.ask(request)
        heard.accepted[message.id] = time.perf_counter()
        if not answer.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(answer[:400])
    line.close()


async def _wait(port: int, waiter: Sender, count: int, heard: _Heard) -> None:
    line = await connect(port)
    kids = [key.kid for key in waiter.agency.desk]
    body = json.dumps({"kids": kids, "max": 5, "wait": 30, "ttl": 3600}).encode()
    while len(heard.held) < count:
        answer = await line.ask(waiter.request("POST", "/v1/leases", body))
        now = time.perf_counter()
        for each in _leases(answer):
            envelope = json.loads(each["message"])["env"]
            heard.held[json.loads(unb64(envelope.split(".")[1]))["jti"]] = now
    line.close()


def _leases(answer: bytes) -> list[Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:400])
    leases: list[Any] = json.loads(body)["leases"]
    return leases


def _figures(heard: _Heard) -> dict[str, float]:
    ids = list(heard.accepted)
    after = sorted(max(0.0, heard.held[name] - heard.accepted[name]) * 1000 for name in ids)
    whole = sorted((heard.held[name] - heard.sent[name]) * 1000 for name in ids)
    last = min(len(ids) - 1, int(0.99 * len(ids)))
    return {
        "p50_ms": after[len(ids) // 2],
        "p99_ms": after[last],
        "from_sending_p50_ms": whole[len(ids) // 2],
        "from_sending_p99_ms": whole[last],
        "count": len(ids),
    }
