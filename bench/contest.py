# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contestants take turns: A B C, A B C, … so that a slow minute of the machine slows them all."""

import json
import statistics
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.load import Played, closed_loop
from bench.process import Process

CLIENTS = 32
WARM_UP = 0.5
"""Seconds of the first turn of each, which do not count."""


@dataclass
class Contestant:
    """One server with one kind of request, and what came of its turns."""

    name: str
    process: Process
    prepare: Callable[[int], Sequence[Sequence[bytes]]]
    """Makes so many requests ready, in one queue for each client."""
    expected: int
    guess: float = 500
    """Requests a second, for how many have to be made ready; the last turn says it better."""
    check: Callable[[Played], None] | None = None
    load: Callable[[int, Sequence[Sequence[bytes]], float], Played] = closed_loop
    before: Callable[[], None] = lambda: None
    """What has to be so for its turns, and may be otherwise for those of others."""
    after: Callable[[], None] = lambda: None
    """What has to be done so that nothing of its turn goes on in that of the next."""
    turns: list[dict[str, float]] = field(default_factory=list)
    _shares: dict[int, float] = field(default_factory=dict)

    @property
    def rates(self) -> list[float]:
        return [turn["rate"] for turn in self.turns]

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cpu_ms(self) -> list[float]:
        return [turn["cpu_ms_per_request"] for turn in self.turns]

    def threads(self) -> dict[str, float]:
        """Return how busy each thread of the hub was in the last turn; readers together."""
        url = f"http://127.0.0.1:{self.process.port}/bench/threads"
        with urllib.request.urlopen(url, timeout=10) as answer:
            names = json.loads(answer.read())
        shares: dict[str, float] = {}
        for thread, share in self._shares.items():
            # The name of a thread of a pool ends with its number.
            name = names.get(str(thread), "other").rstrip("-_0123456789")
            shares[name] = shares.get(name, 0.0) + share
        return shares

    def play(self, seconds: float) -> None:
        """Take one turn, and the warm-up before the first."""
        if not self.turns:
            self._load(WARM_UP)
        threads = self.process.cpu_of_threads
        cpu = self.process.cpu_seconds
        played = self._load(seconds)
        used = self.process.cpu_seconds - cpu
        self.guess = played.rate
        after = self.process.cpu_of_threads
        self._shares = {
            thread: (spent - threads.get(thread, 0.0)) / played.seconds
            for thread, spent in after.items()
        }
        self.turns.append(
            {
                "rate": played.rate,
                "count": played.count,
                "seconds": played.seconds,
                "cpu_ms_per_request": used / played.count * 1000,
                "utilisation": used / played.seconds,
                "busiest_thread": max(self._shares.values()),
                "generator_utilisation": played.generator_cpu / played.seconds,
                "p50_ms": played.at(0.5),
                "p99_ms": played.at(0.99),
            }
        )

    def _load(self, seconds: float) -> Played:
        count = int(self.guess * seconds * 1.4) + CLIENTS
        queues = self.prepare(count)
        self.before()
        played = self.load(self.process.port, queues, seconds)
        self.after()
        played.check(self.expected)
        if self.check is not None:
            self.check(played)
        return played

    def said(self) -> dict[str, Any]:
        """Return everything about its turns."""
        return {"rate": self.rate, "turns": self.turns}

    def line(self) -> str:
        middle = {
            name: statistics.median(turn[name] for turn in self.turns) for name in self.turns[0]
        }
        said = (
            f"{middle['rate']:7.0f} /s",
            f"CPU {middle['cpu_ms_per_request']:6.2f} ms",
            f"use {middle['utilisation']:4.0%}",
            f"generator {middle['generator_utilisation']:4.0%}",
            f"p50 {middle['p50_ms']:6.1f} p99 {middle['p99_ms']:6.1f} ms",
        )
        return f"  {self.name:32} " + "   ".join(said)


def take_turns(contestants: Sequence[Contestant], rounds: int, seconds: float) -> None:
    """Let each play once in every round."""
    for _ in range(rounds):
        for contestant in contestants:
            contestant.play(seconds)
    for contestant in contestants:
        print(contestant.line(), flush=True)


def spread(requests: Sequence[bytes], clients: int = CLIENTS) -> list[list[bytes]]:
    """Deal requests out to the clients."""
    return [list(requests[number::clients]) for number in range(clients)]
