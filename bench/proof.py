# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does a sender wait for the receipt with its proof, while the hub is half busy?

At half of the rate measured just before, by an open loop: requests come at their times. Beside it,
at the same rate, the route that stores nothing; what the machine does to both is in both.
"""

import statistics
from typing import Any

from bench.contest import Contestant, take_turns
from bench.ground import Ground
from bench.hub import hub_running
from bench.load import Played, open_loop
from bench.options import Options
from bench.process import Process
from bench.result import Ratio, Result, compared
from bench.submissions import PROBE, Submissions

GOAL_MS = 100
TIMES = 5


def proof(ground: Ground, options: Options) -> Result:
    """Measure at half load; one of the two goals is enough."""
    submissions = Submissions(ground, PROBE)
    with hub_running(ground, "proof") as hub:
        rate = half_load(hub, submissions, options)
        ours: list[Played] = []
        control: list[Played] = []
        count = int(rate * options.seconds * 2)
        for _ in range(options.rounds):
            ours.append(open_loop(hub.port, submissions.requests(count), rate))
            ours[-1].check(201)
            submissions.check(ours[-1])
            control.append(open_loop(hub.port, submissions.dropped(count), rate))
    p99 = statistics.median(played.at(0.99) for played in ours)
    times = compared([one.at(0.99) for one in ours], [one.at(0.99) for one in control])
    holds = p99 <= GOAL_MS or times <= TIMES
    print(f"  {said(ours, rate)}\n  no store: {said(control, rate)}")
    return Result(
        "proof",
        [
            # Either is enough; where the figure itself is too large, the control is what counts.
            Ratio("proof p99", p99, GOAL_MS, "at most", unit=" ms", is_met_otherwise=holds),
        ],
        {"rate": rate, "times the control": times, "hub": raw(ours), "no store": raw(control)},
    )


def half_load(hub: Process, submissions: Submissions, options: Options) -> float:
    """Measure what goes through, and return half of it in requests a second."""
    contestant = Contestant("hub", hub, submissions.to_hub, 201)
    take_turns([contestant], 2, options.seconds)
    return contestant.rate / 2


def raw(rounds: list[Played]) -> list[dict[str, Any]]:
    """Return each round's figures."""
    return [
        {
            "count": played.count,
            "rate": played.rate,
            "generator_utilisation": played.generator_cpu / played.seconds,
            "p50_ms": played.at(0.5),
            "p99_ms": played.at(0.99),
            "longest_ms": max(played.latencies) * 1000,
        }
        for played in rounds
    ]


def said(rounds: list[Played], rate: float) -> str:
    """Return the middle of all rounds as text."""
    p50, p99 = (statistics.median(played.at(share) for played in rounds) for share in (0.5, 0.99))
    return f"at {rate:.0f} /s: p50 {p50:.1f} ms, p99 {p99:.1f} ms"
