# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does it take to say who is responsible, for a whole Land, a million times?

By turns with a plain dictionary of the same size that knows no days, no networks and no reasons:
less nobody can do in Python. How long the tables take to load is measured in a process of its own.
"""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bench.ground import Ground
from bench.options import Options
from bench.place import ROOT
from bench.result import Ratio, Result, compared
from hub.directory.land import Land
from hub.directory.responsibility import Office

GOAL_SECONDS: Final = 2.0
GOAL_RATIO: Final = 8.0
GOAL_LOAD_MS: Final = 50
MILLION: Final = 1_000_000
FIRST: Final = date(2023, 11, 30)
KINDS: Final = ("jugendamt", "landesjugendamt", "polizei", "gericht", "staatsanwaltschaft")
_LOAD: Final = """
import json, time
from hub.directory.land import Land
begun = time.perf_counter()
land = Land.shipped()
print(json.dumps((time.perf_counter() - begun) * 1e3))
"""

Question = tuple[str, str, date]
Way = Callable[[str, str, date], Office]


def responsible(ground: Ground, options: Options) -> Result:
    """Ask both the same random questions, each as often."""
    del ground  # Nothing is sent.
    land, asked = Land.shipped(), MILLION // 5 if options.is_quick else MILLION
    questions = _questions(land, asked)
    ways: dict[str, Way] = {"land": land.responsible, "dictionary": _dictionary(land)}
    turns: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            turns[name].append(_turn(way, questions) * MILLION / asked)
    loads = [_load() for _ in range(options.rounds)]
    middle = {name: statistics.median(each) for name, each in turns.items()}
    print("  " + ", ".join(f"{name} {each:.2f} s" for name, each in middle.items()))
    ratios = [
        Ratio(
            "land / dictionary",
            compared(turns["land"], turns["dictionary"]),
            GOAL_RATIO,
            "at most",
        ),
        Ratio("1,000,000 resolutions", middle["land"], GOAL_SECONDS, "at most", unit=" s"),
        Ratio(
            "load the tables, cold", statistics.median(loads), GOAL_LOAD_MS, "at most", unit=" ms"
        ),
    ]
    known = {"municipalities": len(land.municipalities), "kinds": len(KINDS), "asked": asked}
    return Result("responsible", ratios, {"seconds": turns, "load_ms": loads, **known})


def _questions(land: Land, count: int) -> Sequence[Question]:
    # The same questions in every run, and no secret hangs on them.
    chance = random.Random(20261122)  # noqa: S311
    places = [place.ags for place in land.municipalities]
    days = [FIRST + timedelta(days=each) for each in range(3650)]
    return [
        (chance.choice(KINDS), chance.choice(places), chance.choice(days)) for _ in range(count)
    ]


def _dictionary(land: Land) -> Way:
    """Return what answers from a plain dictionary, whatever the day."""
    answers = {
        (kind, place.ags): land.responsible(kind, place.ags, FIRST)
        for kind in KINDS
        for place in land.municipalities
    }

    def answer(kind: str, ags: str, on: date) -> Office:
        del on
        return answers[kind, ags]

    return answer


def _turn(way: Way, questions: Sequence[Question]) -> float:
    begun = time.perf_counter()
    for kind, ags, on in questions:
        way(kind, ags, on)
    return time.perf_counter() - begun


def _load() -> float:
    done = subprocess.run((sys.executable, "-c", _LOAD), cwd=ROOT, check=True, capture_output=True)
    return float(json.loads(done.stdout))
