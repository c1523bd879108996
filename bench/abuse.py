# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does an honest sender wait while others take up room, and how large does the hub grow?

First 500 idle connections, 100 heads and 100 bodies that drip, from forty addresses; whoever is
cut off comes again. Then a flood: 200 connections that send bodies of the largest size as fast as
they are taken, every other one without its last byte. The honest sender keeps to a quarter of
what goes through.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import Played, open_loop
from bench.options import Options
from bench.place import ROOT
from bench.process import Process
from bench.proof import half_load
from bench.result import Ratio, Result
from bench.submissions import PROBE, Submissions

GOAL_MS = 500
GOAL_GROWTH = 300
KINDS = {"quiet": None, "idle and slow": [], "flood": ["--flood"]}


def abuse(ground: Ground, options: Options) -> Result:
    """Measure the honest sender alone, among the idle and slow, and in the flood."""
    submissions = Submissions(ground, PROBE)
    raw: dict[str, list[dict[str, Any]]] = {name: [] for name in KINDS}
    with hub_running(ground, "abuse") as hub:
        rate = half_load(hub, submissions, options) / 2
        seconds = max(6.0, options.seconds * 2)
        begun = hub.resident_bytes
        for _ in range(options.rounds):
            for name, flags in KINDS.items():
                raw[name].append(_round(hub, submissions, rate, seconds, flags))
    p99 = {name: statistics.median(each["p99_ms"] for each in raw[name]) for name in KINDS}
    most = max(each["most_resident_mb"] for name in KINDS for each in raw[name])
    print(f"  at {rate:.0f} /s, p99 ms: " + ", ".join(f"{k} {v:.0f}" for k, v in p99.items()))
    return Result(
        "abuse",
        [
            Ratio("p99 among idle and slow", p99["idle and slow"], GOAL_MS, "at most", unit=" ms"),
            Ratio("growth in a flood", most - begun / 1e6, GOAL_GROWTH, "at most", unit=" MB"),
        ],
        {"rate": rate, "p99_ms": p99, "most_resident_mb": most, "rounds": raw},
    )


def _round(
    hub: Process, submissions: Submissions, rate: float, seconds: float, flags: list[str] | None
) -> dict[str, Any]:
    requests = submissions.requests(int(rate * seconds))
    seen: dict[str, int] = {}
    with _sampled(hub) as sizes:
        if flags is None:
            played = open_loop(hub.port, requests, rate)
        else:
            with _abused(hub.port, seconds + 2, flags, seen):
                played = open_loop(hub.port, requests, rate)
    return {**_figures(played), "most_resident_mb": max(sizes, default=0) / 1e6, "abusers": seen}


def _figures(played: Played) -> dict[str, Any]:
    played.check(201)
    return {"p50_ms": played.at(0.5), "p99_ms": played.at(0.99), "count": played.count}


@contextmanager
def _abused(port: int, seconds: float, flags: list[str], seen: dict[str, int]) -> Iterator[None]:
    """Let the abusers begin a second before, and wait until they have ended."""
    command = ["bench.abusers", "--port", str(port), "--seconds", str(seconds), *flags]
    child = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        Event().wait(1)
        yield
        said, _ = child.communicate(timeout=60)
        seen.update(json.loads(said))
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


@contextmanager
def _sampled(hub: Process) -> Iterator[list[int]]:
    sizes, done = list[int](), Event()

    def sample() -> None:
        while not done.wait(0.05):
            sizes.append(hub.resident_bytes)

    sampler = Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield sizes
    finally:
        done.set()
        sampler.join()
