# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does one entry cost in a log of a million: to prove, to ask for, to keep, to add?

The proof is taken from the log as the hub has it, for entries anywhere, in its first edition and in
the witnessed one; and over HTTP as a party asks for it, with token and proof of possession. Beside
that the same server's route that does nothing. What it takes to add an entry was noted while the
log was made.
"""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection

from bench.ground import Ground
from bench.hub import hub_running
from bench.hub_process import ASIDE
from bench.load import Played, closed_loop
from bench.long_log import EACH, LongLog, long_log
from bench.options import Options
from bench.result import Ratio, Result
from bench.sender import Sender
from hub.audit.edition import witnessed_edition
from hub.node import Node

GOAL_MS: Final = 5
KEPT: Final = 2
"""Times its own bytes, for its row, its place, its id, the tree and the checkpoints."""
FLAT: Final = 1.3
AIM: Final = 1.1
PROOFS: Final = 2000
ASKED: Final = 300
SEED: Final = 10
NOTHING: Final = "read and drop"
BODIES: Final = "SELECT count(*), avg(length(body)) FROM audit_body"


def entry(ground: Ground, options: Options) -> Result:
    """Measure on the one long log."""
    log = long_log(ground, options)
    with log.opened(ground) as node:
        times = node.readers.run_now(lambda connection: _proofs(node, connection, log.entries))
    asked = _asked(ground, log, options)
    sizes = _sizes(log)
    costs = log.facts["cpu_us_per_entry"]
    # The first slice warms up; what is compared are tenths of the way.
    growth = statistics.mean(costs[-2:]) / statistics.mean(costs[1:3])
    for name, each in {**times, **asked}.items():
        print(f"  {name:28} p50 {each['p50_ms']:.3f} ms, p99 {each['p99_ms']:.3f} ms")
    print(f"  {sizes}")
    ratios = [
        *(
            Ratio(f"{name}, p99", each["p99_ms"], GOAL_MS, "at most", unit=" ms")
            for name, each in times.items()
        ),
        *(
            Ratio(f"{name}, p50", each["p50_ms"], GOAL_MS, "at most", unit=" ms")
            for name, each in asked.items()
            if name != NOTHING
        ),
        Ratio(
            "database for an entry / its bytes", sizes["database"] / sizes["body"], KEPT, "at most"
        ),
        Ratio(f"CPU of an entry at {log.entries} / at a tenth", growth, FLAT, "at most", AIM),
    ]
    raw = {"entries": log.entries, "times": times | asked, "bytes": sizes, "cpu_us": costs}
    return Result("entry", ratios, raw)


def _proofs(node: Node, connection: Connection, entries: int) -> dict[str, dict[str, float]]:
    chosen = random.Random(SEED)  # noqa: S311  the same places in each run
    indices = [chosen.randrange(entries) for _ in range(PROOFS)]
    log = node.log

    def witnessed(index: int) -> object:
        return witnessed_edition(log.tree, connection, node.policy, index, log.size, edge=log.edge)

    return {
        "one proof": _clocked(lambda index: log.proof(connection, index), indices),
        "one witnessed proof": _clocked(witnessed, indices),
    }


def _clocked(prove: Callable[[int], object], indices: list[int]) -> dict[str, float]:
    times = []
    for index in indices:
        begun = time.perf_counter()
        if prove(index) is None:
            raise RuntimeError("there is no such proof")
        times.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": statistics.median(times), "p99_ms": statistics.quantiles(times, n=100)[98]}


def _asked(ground: Ground, log: LongLog, options: Options) -> dict[str, dict[str, float]]:
    """Have parties ask for their oldest entries, one after the other and by turns of editions."""
    senders = [Sender(school, ground) for school in ground.schools]
    places = list(zip(senders, log.facts["sent"], strict=False))
    paths = {"one proof over HTTP": "", "one witnessed proof over HTTP": "?edition=witnessed"}
    played: dict[str, list[Played]] = {name: [] for name in (*paths, NOTHING)}
    environment = {"MELDEWEG_WITNESS_POLICY": str(log.watched.policy)}
    with hub_running(ground, "entry", data=log.data, environment=environment) as hub:
        for _ in range(options.rounds):
            for name, query in paths.items():
                requests = [
                    sender.request("GET", f"/v1/log/entries/{index}", query=query)
                    for sender, index in places * (ASKED // len(places))
                ]
                played[name].append(closed_loop(hub.port, [requests], 60))
                played[name][-1].check(200)
            bare = [senders[0].request("PUT", f"{ASIDE}/drop/x")] * ASKED
            played[NOTHING].append(closed_loop(hub.port, [bare], 60))
    return {
        name: {
            "p50_ms": statistics.median(each.at(0.5) for each in rounds),
            "p99_ms": statistics.median(each.at(0.99) for each in rounds),
        }
        for name, rounds in played.items()
    }


def _sizes(log: LongLog) -> dict[str, Any]:
    """Return bytes for each entry: its own, in the tree, in the database, and for its key."""
    with sqlite3.connect(f"file:{log.data.database}?mode=ro", uri=True) as connection:
        count, body = connection.execute(BODIES).fetchone()
        (tiles,) = connection.execute("SELECT sum(length(hashes)) FROM tile").fetchone()
    grown = log.facts["bytes"] - log.facts["bytes_before"]
    openings = log.data.openings / "oeffnungen.sqlite"
    keys = -(-log.entries // EACH)
    return {
        "body": body,
        "leaf": 32,
        "tiles": tiles / count,
        "database": grown / log.entries,
        "opening store for a conversation": openings.stat().st_size / keys,
    }
