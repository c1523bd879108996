# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How soon does a command know what may be said?

Each reading happens in a process of its own, by turns from the compiled file and from the files it
was made of. What Python takes to import the code is counted apart, and is the same for both.
"""

import json
import statistics
import subprocess
import sys
from typing import Final

from bench.ground import Ground
from bench.options import Options
from bench.place import ROOT
from bench.result import Ratio, Result, compared

GOAL_MS: Final = 300
GOAL_RATIO: Final = 0.25
_READ: Final = """
import json, sys, time
begun = time.perf_counter()
from hub.protocols.catalogue import load_catalogue
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS, SPECS
imported = time.perf_counter()
catalogue = load_compiled() if sys.argv[1] == "compiled" else load_catalogue(SPECS, SCHEMAS)
read = time.perf_counter()
print(json.dumps({
    "import_ms": (imported - begun) * 1e3,
    "load_ms": (read - imported) * 1e3,
    "protocols": len(catalogue.protocols),
    "schemas": len(catalogue.schemas.names),
}))
"""
_CURRENT: Final = (sys.executable, "-m", "hub.protocols.compiled", "--check")


def catalogue_load(ground: Ground, options: Options) -> Result:
    """Measure both ways to the same catalogue, each cold."""
    del ground  # Nothing is sent.
    # Where it is not current, the files would be read twice and nobody would notice.
    subprocess.run(_CURRENT, cwd=ROOT, check=True)
    turns: dict[str, list[dict[str, float]]] = {"compiled": [], "files": []}
    for _ in range(options.rounds if options.is_quick else options.rounds * 5):
        for way, each in turns.items():
            each.append(_turn(way))
    times = {way: [turn["load_ms"] for turn in each] for way, each in turns.items()}
    middle = {way: statistics.median(each) for way, each in times.items()}
    imports = statistics.median(turn["import_ms"] for each in turns.values() for turn in each)
    print(f"  import {imports:.0f} ms; " + ", ".join(f"{k} {v:.1f} ms" for k, v in middle.items()))
    ratios = [
        Ratio("load compiled, cold", middle["compiled"], GOAL_MS, "at most", unit=" ms"),
        Ratio(
            "compiled / files",
            compared(times["compiled"], times["files"]),
            GOAL_RATIO,
            "at most",
        ),
    ]
    known = {name: turns["compiled"][0][name] for name in ("protocols", "schemas")}
    return Result("catalogue-load", ratios, {"turns": turns, "import_ms": imports, **known})


def _turn(way: str) -> dict[str, float]:
    done = subprocess.run(
        (sys.executable, "-c", _READ, way), cwd=ROOT, check=True, capture_output=True
    )
    said: dict[str, float] = json.loads(done.stdout)
    return said
