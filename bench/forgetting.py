# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does it cost to forget: a body of the log, a conversation, and a month's key?

Years pass for hubs that are copies of one founding: bodies go under an order that a witness has
seen, conversations with their keys, and at the turn of a month every key and every opening is
wrapped anew. Beside each, in the same run, what it cost to enter the same.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from bench.filling import fill
from bench.ground import Ground
from bench.long_log import refusal
from bench.options import Options
from bench.result import Ratio, Result
from bench.watched import Watched
from hub import clock
from hub.audit.openings.key import ConversationKey
from hub.audit.policy import parse_policy
from hub.clock import now
from hub.erase import erase
from hub.main.assembly import open_node
from hub.node import Node
from hub.prune import prune
from hub.rewrap import keep_keys
from hub.witnessed import Feeder, Said

YEARS: Final = 3 * 366 * 86_400
MONTH: Final = 40 * 86_400
PRUNED: Final = 2.0
ERASED: Final = 10.0
WRAPPED: Final = 2.0
"""Times what it cost to enter it."""
GROUP: Final = 500
LABELS: Final = {
    "body": "let a body go",
    "conversation": "forget a conversation",
    "key": "wrap a key anew",
}


def forgetting(ground: Ground, options: Options) -> Result:
    """Measure each on a hub of its own; goals are against what was entered in the same run."""
    count = 2_000 if options.is_quick else 10_000
    parts = {"body": _bodies, "conversation": _conversations, "key": _rows}
    goals = {"body": PRUNED, "conversation": ERASED, "key": WRAPPED}
    cost: dict[str, list[dict[str, float]]] = {name: [] for name in parts}
    for _ in range(1 if options.is_quick else options.rounds):
        for name, part in parts.items():
            cost[name].append(part(ground, count))
    ratios = []
    for name, each in cost.items():
        times = statistics.median(one["forgotten_us"] / one["entered_us"] for one in each)
        forgotten, entered = (
            statistics.median(one[what] for one in each) for what in ("forgotten_us", "entered_us")
        )
        print(f"  {name:18} entered {entered:6.0f} µs, forgotten {forgotten:6.0f} µs", flush=True)
        ratios.append(Ratio(f"{LABELS[name]} / enter it", times, goals[name], "at most"))
    return Result("forgetting", ratios, {"count": count, "parts": cost})


def _bodies(ground: Ground, count: int) -> dict[str, float]:
    """Enter, let years pass, order, have a witness see the order, and let the bodies go."""
    data = ground.copied("forgetting")
    ahead = _Ahead()
    with open_node(data, ground.url, ahead) as node:
        watched = Watched.begin(data.path.parent / "witness", node.log.vkey)
        node.policy = parse_policy(watched.policy.read_bytes())
        feeder = Feeder(node, partial(_seen, watched), lambda *_: None)
        key = node.openings.take(str(uuid7()))
        begun = time.perf_counter()
        for _ in range(0, count, GROUP):
            node.writer.commit_now(partial(_enter, node, key, GROUP))
        entered = time.perf_counter() - begun
        ahead.seconds = YEARS
        # The order alone: nothing goes before a witness has seen it.
        ordered = asyncio.run(prune(node, node.clock()))
        asyncio.run(feeder.turn())
        gone, forgotten = _until_nothing(node, prune)
    if ordered or gone < count:
        raise RuntimeError(f"{ordered} bodies went early, and {gone} in time")
    return {"entered_us": entered / count * 1e6, "forgotten_us": forgotten / gone * 1e6}


async def _seen(watched: Watched, url: str, body: bytes) -> Said:
    """Let the witness live in the same years; nothing goes before it is there too."""
    with clock.ahead(YEARS):
        return await watched.call(url, body)


def _conversations(ground: Ground, count: int) -> dict[str, float]:
    """Let years pass over messages whose content is long gone, and forget what is over."""
    data = ground.copied("forgetting")
    begun = time.perf_counter()
    fill(ground, data, count, with_content=0)
    entered = time.perf_counter() - begun
    ahead = _Ahead(YEARS)
    with open_node(data, ground.url, ahead) as node:
        gone, forgotten = _until_nothing(node, erase)
    if not gone:
        raise RuntimeError("nothing was forgotten")
    return {"entered_us": entered / count * 1e6, "forgotten_us": forgotten / gone * 1e6}


def _rows(ground: Ground, count: int) -> dict[str, float]:
    """Begin another month: the key of every conversation is wrapped anew."""
    data = ground.copied("forgetting")
    begun = time.perf_counter()
    fill(ground, data, count, with_content=0)
    entered = time.perf_counter() - begun
    with open_node(data, ground.url, _Ahead(MONTH)) as node:
        begun = time.perf_counter()
        asyncio.run(_turn_month(node))
        forgotten = time.perf_counter() - begun
    return {"entered_us": entered / count * 1e6, "forgotten_us": forgotten / count * 1e6}


class _Ahead:
    """The clock of a hub, put ahead."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return now() + self.seconds


def _until_nothing(node: Node, act: Callable[[Node, float], Awaitable[int]]) -> tuple[int, float]:
    """Do it turn by turn as the hub does; returns how many went in how many seconds."""

    async def turns() -> int:
        gone = 0
        while went := await act(node, node.clock()):
            gone += went
        return gone

    begun = time.perf_counter()
    return asyncio.run(turns()), time.perf_counter() - begun


async def _turn_month(node: Node) -> None:
    while node.openings.begin_month(node.clock()) or not node.openings.old(1).is_all:
        await keep_keys(node, node.clock())


def _enter(node: Node, key: ConversationKey, count: int, connection: Connection) -> None:
    for number in range(count):
        node.log.append(connection, refusal(key, number))
