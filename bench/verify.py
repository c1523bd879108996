# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does an auditor wait for the verdict on a whole log, and for a search that is complete?

The auditor's program runs by itself on a copy of the database, with the standard library alone: in
a hurry (hashes, tree, tiles, the newest signature), and whole (canonical form and schema of every
entry, every checkpoint, what witnesses saw). Beside it by turns a program that hashes and does
nothing else. The search looks for the tag of a conversation in every body.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from bench.ground import Ground
from bench.long_log import EACH, LongLog, long_log
from bench.options import Options
from bench.place import ROOT
from bench.result import Ratio, Result, compared
from hub.audit.openings.search import scan

QUICK: Final = 10.0
WHOLE: Final = 40.0
SEARCH: Final = 5.0
"""Seconds for a million entries."""
TIMES_QUICK: Final = 3
TIMES_WHOLE: Final = 8
"""Times the bare hashing; that has one core, and the program all there are."""
PROGRAM: Final = ROOT / "hub" / "audit" / "verify.py"
BARE: Final = ROOT / "bench" / "bare_tree.py"
INTERPRETER: Final = (sys.executable, "-I", "-S")
"""Without the packages of this environment: an auditor has none."""


def verify(ground: Ground, options: Options) -> Result:
    """Let program and control take turns; the goals are in proportion to the entries."""
    log = long_log(ground, options)
    with log.opened(ground) as node:
        vkey = node.log.vkey
    about = ("db", log.data.database, "--vkey", vkey)
    turns: dict[str, list[float]] = {"bare": [], "quick": [], "whole": [], "search": []}
    said = ""
    for _ in range(options.rounds):
        turns["bare"].append(_ran(BARE, log.data.database)[0])
        turns["quick"].append(_ran(PROGRAM, *about, "--quick")[0])
        seconds, said = _ran(PROGRAM, *about, "--policy", log.watched.policy)
        turns["whole"].append(seconds)
        turns["search"].append(_searched(ground, log))
    print(f"  {said}")
    _, progress = _ran(PROGRAM, *about, "--progress", shown=True)
    return Result("verify", _ratios(log.entries, turns), _raw(log, turns, said, progress))


def _ratios(entries: int, turns: dict[str, list[float]]) -> list[Ratio]:
    share = entries / 1_000_000
    goals = (
        ("verdict on", "whole", WHOLE),
        ("hashes and tree of", "quick", QUICK),
        ("complete search of", "search", SEARCH),
    )
    times = (("verdict", "whole", TIMES_WHOLE), ("hashes and tree", "quick", TIMES_QUICK))
    return [
        *(
            Ratio(
                f"{label} {entries} entries",
                statistics.median(turns[name]),
                goal * share,
                "at most",
                unit=" s",
            )
            for label, name, goal in goals
        ),
        *(
            Ratio(f"{label} / bare hashing", compared(turns[name], turns["bare"]), goal, "at most")
            for label, name, goal in times
        ),
    ]


def _raw(log: LongLog, turns: dict[str, list[float]], said: str, progress: str) -> dict[str, Any]:
    return {
        "entries": log.entries,
        "seconds": turns,
        "entries_per_second": {
            name: log.entries / statistics.median(each) for name, each in turns.items()
        },
        "said": said,
        "progress": progress,
    }


def _ran(program: Path, *arguments: object, shown: bool = False) -> tuple[float, str]:
    """Return seconds and what the program said: at the end, or of its progress."""
    command = [*INTERPRETER, str(program), *map(str, arguments)]
    begun = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begun
    lines = (ended.stderr if shown else ended.stdout).replace("\r", "\n").split("\n")
    last = [line.strip() for line in lines if line.strip()]
    return seconds, last[len(last) // 2] if shown else last[-1] if last else ""


def _searched(ground: Ground, log: LongLog) -> float:
    """Look for the entries of one conversation in all bodies; those that were made are found."""
    key_id, name = log.conversation
    with log.opened(ground) as node:
        key = node.openings.key(key_id, name)
        begun = time.perf_counter()
        found = node.readers.run_now(lambda connection: list(scan(connection, key)))
        seconds = time.perf_counter() - begun
    if len(found) != EACH or not all(each.opens for each in found):
        raise RuntimeError(f"{len(found)} entries found")
    return seconds
