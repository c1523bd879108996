# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a message cost more when a million are stored than when there are ten thousand?

Two hubs, one with few stored messages and one with many, accept the same kind of submissions over
HTTP by turns. They are copies of one founding: the same keys, the same participants. What is
filled is kept for the next run.
"""

import shutil
import time

from bench.contest import Contestant, take_turns
from bench.filling import fill
from bench.ground import Ground
from bench.hub import hub_running
from bench.options import Options
from bench.place import VAR, free_port
from bench.result import Ratio, Result, compared
from bench.submissions import PROBE, Submissions
from hub.main.folder import DataDir

FEW = 10_000
MANY = 1_000_000
GOAL = 1.3
AIM = 1.1


def growth(ground: Ground, options: Options) -> Result:
    """Measure processor time for each message, the background work of the hub included."""
    few, many = (_filled(ground, count) for count in (FEW, 50_000 if options.is_quick else MANY))
    submissions = Submissions(ground, PROBE)
    with (
        hub_running(ground, "growth", data=few[1]) as small,
        hub_running(ground, "growth", data=many[1], port=free_port()) as large,
    ):
        with_few = Contestant(f"{few[0]} stored", small, submissions.to_hub, 201)
        with_many = Contestant(f"{many[0]} stored", large, submissions.to_hub, 201)
        take_turns([with_few, with_many], options.rounds, options.seconds)
    times = compared(with_many.cpu_ms, with_few.cpu_ms)
    size = many[1].database.stat().st_size
    return Result(
        "growth",
        [Ratio(f"CPU with {many[0]} stored / {few[0]}", times, GOAL, "at most", AIM)],
        {
            "database_bytes": size,
            "few": with_few.said(),
            "many": with_many.said(),
            "wall": compared(with_few.rates, with_many.rates),
        },
    )


def _filled(ground: Ground, count: int) -> tuple[int, DataDir]:
    """Return a hub with so many stored messages, filled now or in an earlier run."""
    name = f"filled-{count}"
    done = VAR / name / "done"
    if done.exists():
        return count, DataDir(VAR / name / "hub")
    shutil.rmtree(VAR / name, ignore_errors=True)
    data, begun = ground.copied(name), time.monotonic()
    fill(ground, data, count)
    seconds = time.monotonic() - begun
    print(f"  filled with {count} messages in {seconds:.0f} s", flush=True)
    done.touch()
    return count, data
