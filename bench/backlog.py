# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How fast is a backlog worked off by a connector, and does its memory stay flat meanwhile?

The process as an office runs it: each notice is opened and checked, sealed into the spool, put into
a folder as a JSON file and taken, each step durable before the next. The first fifth is warm-up.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import closed_loop
from bench.options import Options
from bench.place import ROOT, fresh
from bench.process import Process
from bench.receive import id_of
from bench.result import Ratio, Result
from bench.sender import Message
from bench.submissions import NOTICE, Submissions
from hub.adapters.connector.house import DATABASE
from hub.adapters.connector.tables import Books, delivery

BACKLOG: Final = 10_000
QUICK: Final = 200
PART: Final = 400
"""Messages that are made ready at a time; proofs of possession last a minute."""
WARM_UP: Final = 0.2
GOAL_RATE: Final = 10
GOAL_GROWTH: Final = 10
_CONFIG: Final = """
log_level = "error"
data_dir = "state"

[[target]]
kind = "folder"
path = "eingang"
forms = ["json"]
"""


def backlog(ground: Ground, options: Options) -> Result:
    """Fill the hub, start the connector, and sample it until everything is taken."""
    submissions = Submissions(ground, NOTICE)
    count = QUICK if options.is_quick else BACKLOG
    home = fresh("backlog")
    (home / "eingang").mkdir(mode=0o750)
    (home / "anbindung.toml").write_text(_CONFIG, "utf-8")
    with hub_running(ground, "backlog-hub") as hub:
        for begin in range(0, count, PART):
            send_notices(hub, submissions, min(PART, count - begin))
        begun = time.perf_counter()
        with _connector(ground, home) as process:
            samples = _sample(process, home / "state" / ground.office.id.replace(":", "-"), count)
        seconds = time.perf_counter() - begun
    files = len(list((home / "eingang").glob("*.json")))
    steady = [size for taken, size in samples if taken >= count * WARM_UP]
    tenth = max(1, len(steady) // 10)
    first, last = statistics.median(steady[:tenth]), statistics.median(steady[-tenth:])
    print(f"  {count}: {count / seconds:.1f} /s, {first:.0f} MB, then {last:.0f} MB, {files} files")
    return Result(
        "backlog",
        [
            Ratio("notices a second", count / seconds, GOAL_RATE, "at least", unit=" /s"),
            Ratio("growth", (last / first - 1) * 100, GOAL_GROWTH, "at most", unit=" %"),
            Ratio("files for each notice", files / count, 1, "at least"),
        ],
        {"count": count, "seconds": seconds, "samples": samples[:: max(1, len(samples) // 200)]},
    )


def send_notices(hub: Process, submissions: Submissions, count: int) -> None:
    """Send notices to the office, the schools by turns."""
    requests = []
    for number in range(count):
        sender = submissions.senders[number % len(submissions.senders)]
        raw = sender.sealed(NOTICE, submissions.content, sender.ground.office)
        message = Message(id_of(raw), raw)
        requests.append(sender.request("PUT", f"/v1/messages/{message.id}", message.raw))
    closed_loop(hub.port, [requests[number::8] for number in range(8)], 60).check(201)


@contextmanager
def _connector(ground: Ground, home: Path) -> Iterator[Process]:
    about = ("--config", str(home / "anbindung.toml"), "--agency", str(ground.office.path))
    child = subprocess.Popen(
        [sys.executable, "-m", "hub", "connector", *about],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield Process(child.pid, 0)
    finally:
        child.terminate()
        child.wait(60)


def _sample(process: Process, state: Path, count: int) -> list[tuple[int, float]]:
    """Return again and again how many are taken, and how large the process is, in MB."""
    while not (state / DATABASE).exists():
        time.sleep(0.1)
    books, samples = Books(state / DATABASE), [(0, 0.0)]
    try:
        while samples[-1][0] < count:
            time.sleep(0.2)
            samples.append((books.read_now(_taken), process.resident_bytes / 1e6))
    finally:
        books.close()
    return samples[1:]


def _taken(connection: Connection) -> int:
    query = select(func.count()).where(delivery.c.taken_at.is_not(None))
    return int(connection.execute(query).scalar_one())
