# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does an auditor wait for the verdict on a whole log?

The auditor's program runs by itself on a copy of the database: every entry's canonical form and
schema, its hash, the tree, the tiles and every checkpoint. The entries are refusals, which stand
alone; what stands for messages costs more beside the log, and is not this figure.
"""

import json
import subprocess
import sys
import time
from functools import partial

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from bench.ground import Ground
from bench.options import Options
from bench.place import ROOT
from bench.result import Ratio, Result
from hub.audit.entry import Draft
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.node import Node
from hub.sealing.canonical import digest

PER_MILLION = 40.0
"""Seconds for a million entries, with form and schema of each."""
GROUP = 1000


def verify(ground: Ground, options: Options) -> Result:
    """Fill a log and time the program; the goal is in proportion to the entries."""
    count = 1_000_000 if options.is_long else 10_000 if options.is_quick else 100_000
    data = ground.copied("verify")
    _fill(ground, data, count)
    program = [sys.executable, str(ROOT / "hub" / "audit" / "verify.py"), "db", str(data.database)]
    turns = []
    for _ in range(1 if options.is_long else 3):
        begun = time.perf_counter()
        said = subprocess.run(program, capture_output=True, text=True, check=True)
        turns.append(time.perf_counter() - begun)
    seconds = sorted(turns)[len(turns) // 2]
    rate = count / seconds
    print(f"  {said.stdout.strip()}\n  {seconds:.1f} s, {rate:.0f} entries/s")
    goal = PER_MILLION * count / 1_000_000
    label = f"verdict on {count} entries"
    return Result(
        "verify",
        [Ratio(label, seconds, goal, "at most", unit=" s")],
        {"entries": count, "seconds": turns, "entries_per_second": rate},
    )


def _fill(ground: Ground, data: DataDir, count: int) -> None:
    with open_node(data, ground.url) as node:
        for at in range(0, count, GROUP):
            node.writer.commit_now(partial(_enter, node, min(GROUP, count - at)))


def _enter(node: Node, number: int, connection: Connection) -> None:
    for _ in range(number):
        name = str(uuid7())
        draft = Draft(
            kind="message.refused",
            entry_id=str(uuid7()),
            at=time.time(),
            act={"org": "schule:999001"},
            obj={"ty": "request", "id": name, "d": digest(json.dumps(name)), "ct": ""},
            why="scope-exceeded",
            out="refused",
        )
        node.log.append(connection, draft)
