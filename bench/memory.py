# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does one node stay small while it is half busy for half an hour?

``MINUTES`` says how long; what is claimed needs 30. The first fifth is warm-up: caches fill and
the allocator finds its size.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import open_loop
from bench.options import Options
from bench.process import Process
from bench.proof import half_load
from bench.result import Ratio, Result
from bench.submissions import PROBE, Submissions

CHUNK = 15.0
"""Seconds of load that are made ready at a time; proofs of possession last a minute."""
WARM_UP = 0.2
GOAL_MB = 250
GOAL_GROWTH = 5


def memory(ground: Ground, options: Options) -> Result:
    """Sample the resident size at half load."""
    submissions = Submissions(ground, PROBE)
    seconds = 30.0 if options.is_quick else options.minutes * 60
    samples: list[tuple[float, float]] = []
    with hub_running(ground, "memory") as hub:
        rate = half_load(hub, submissions, options)
        done = Event()
        sampler = Thread(target=_sample, args=(hub, samples, done), daemon=True)
        sampler.start()
        accepted = _load(hub, submissions, rate, seconds)
        done.set()
        sampler.join()
    steady = [size for at, size in samples if at >= seconds * WARM_UP]
    tenth = max(1, len(steady) // 10)
    begin, end = statistics.median(steady[:tenth]), statistics.median(steady[-tenth:])
    minutes = seconds / 60
    growth = (end / begin - 1) * 100
    print(f"  {minutes:.1f} min at {rate:.0f} /s: {begin:.0f} MB, then {end:.0f} MB")
    return Result(
        "memory",
        [
            Ratio(f"resident after {minutes:g} min", end, GOAL_MB, "at most", unit=" MB"),
            Ratio(f"growth in {minutes:g} min", growth, GOAL_GROWTH, "at most", unit=" %"),
        ],
        {"minutes": minutes, "rate": rate, "accepted": accepted, "samples_mb": _thinned(samples)},
    )


def _load(hub: Process, submissions: Submissions, rate: float, seconds: float) -> int:
    """Keep up the rate; the next requests are made ready while the last ones are sent."""
    begun, accepted = time.monotonic(), 0
    count = int(rate * CHUNK)
    with ThreadPoolExecutor(1) as maker:
        ready = maker.submit(submissions.requests, count)
        while time.monotonic() - begun < seconds:
            requests = ready.result()
            ready = maker.submit(submissions.requests, count)
            played = open_loop(hub.port, requests, rate)
            played.check(201)
            accepted += played.count
    return accepted


def _sample(hub: Process, samples: list[tuple[float, float]], done: Event) -> None:
    begun = time.monotonic()
    while not done.wait(1):
        samples.append((time.monotonic() - begun, hub.resident_bytes / 1e6))


def _thinned(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    every = max(1, len(samples) // 200)
    return [(round(at, 1), round(size, 1)) for at, size in samples[::every]]
