# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many messages a second does one connector take in: lease, open, take, acknowledge?

The SDK as a connector uses it, one message after the other: the signature, every commitment and
the inclusion proof of each of the three receipts are verified, and what was taken is put down.
Beside it one client of the sandbox lists, fetches and acknowledges, and verifies nothing.
"""

import asyncio
import json
import statistics
import time

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import closed_loop, connect
from bench.options import Options
from bench.peers.mesh import acknowledging, fetching, listing, sandbox, sends
from bench.process import Process
from bench.result import Ratio, Result, compared
from bench.sender import Message
from bench.submissions import PROBE, Submissions
from hub.client import Hub
from hub.sealing.canonical import unb64

GOAL = 4


def receive(ground: Ground, options: Options) -> Result:
    """Measure by turns with the sandbox, where it is installed."""
    submissions = Submissions(ground, PROBE)
    count = 40 if options.is_quick else 100
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with hub_running(ground, "receive") as hub, sandbox() as peer:
        for _ in range(options.rounds):
            ours.append(_turn(hub, submissions, count))
            if peer is not None:
                theirs.append(_turn_there(peer, submissions, count))
    rate = statistics.median(turn["rate"] for turn in ours)
    print(f"  one connector: {rate:.0f} /s, {_middle(ours)}")
    result = Result("receive", raw={"hub": {"rate": rate, "turns": ours}})
    if theirs:
        there = statistics.median(turn["rate"] for turn in theirs)
        print(f"  mesh-sandbox: {there:.0f} /s, lost {sum(turn['lost'] for turn in theirs):.0f}")
        times = compared([turn["rate"] for turn in ours], [turn["rate"] for turn in theirs])
        result.ratios.append(Ratio("one connector / mesh-sandbox", times, GOAL, "at least"))
        result.raw["mesh-sandbox"] = {"rate": there, "turns": theirs}
    return result


def _turn(hub: Process, submissions: Submissions, count: int) -> dict[str, float]:
    _send(hub, submissions, count)
    cpu, own, begun = hub.cpu_seconds, time.process_time(), time.perf_counter()
    asyncio.run(_take_in(submissions.ground, count))
    return {
        "rate": count / (time.perf_counter() - begun),
        "hub_cpu_ms": (hub.cpu_seconds - cpu) / count * 1000,
        "connector_cpu_ms": (time.process_time() - own) / count * 1000,
    }


def _turn_there(peer: Process, submissions: Submissions, count: int) -> dict[str, float]:
    requests = sends(submissions.bodies(count))
    closed_loop(peer.port, [requests[number::8] for number in range(8)], 60).check(202)
    begun = time.perf_counter()
    fetched = asyncio.run(_fetch_all(peer.port))
    return {"rate": fetched / (time.perf_counter() - begun), "lost": count - fetched}


async def _fetch_all(port: int) -> int:
    """Fetch until nothing is listed; the sandbox does not always list all that it accepted."""
    line, fetched = await connect(port), 0
    while names := _listed(await line.ask(listing())):
        for name in names:
            await line.ask(fetching(name))
            await line.ask(acknowledging(name))
            fetched += 1
    line.close()
    return fetched


def _listed(answer: bytes) -> list[str]:
    names: list[str] = json.loads(answer.partition(b"\r\n\r\n")[2])["messages"]
    return names


def _send(hub: Process, submissions: Submissions, count: int) -> None:
    """Submit messages that can be opened: each is sealed by itself."""
    requests = []
    for number in range(count):
        sender = submissions.senders[number % len(submissions.senders)]
        raw = sender.sealed(PROBE, submissions.content, sender.ground.office)
        message = Message(id_of(raw), raw)
        requests.append(sender.request("PUT", f"/v1/messages/{message.id}", message.raw))
    closed_loop(hub.port, [requests[number::8] for number in range(8)], 60).check(201)


async def _take_in(ground: Ground, count: int) -> None:
    taken = 0
    async with Hub(ground.url, ground.office, catalogue=ground.catalogue) as line:
        while taken < count:
            for message in await line.lease(wait=5, limit=10):
                await message.open()
                await message.take()
                await message.acknowledge("fachkraft")
                taken += 1


def id_of(raw: bytes) -> str:
    claims: dict[str, str] = json.loads(unb64(json.loads(raw)["env"].split(".")[1]))
    return claims["jti"]


def _middle(turns: list[dict[str, float]]) -> str:
    hub, own = (
        statistics.median(turn[name] for turn in turns)
        for name in ("hub_cpu_ms", "connector_cpu_ms")
    )
    return f"CPU hub {hub:.1f} ms, connector {own:.1f} ms per message"
