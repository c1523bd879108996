# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Run the table of faults in its long form; the last line is ``N of M``.

``--short`` takes the numbers of ``make test``, ``--only F1 F8`` some rows, ``--seed`` repeats a
run, ``--times`` takes another number, and ``--write`` puts the results into ``docs/faults.md``.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import KIND, close
from tests.faults.paper import write
from tests.faults.table import ROWS


def main(arguments: list[str]) -> int:
    asked = _asked(arguments)
    rows = [row for row in ROWS if row.applies and row.name in (asked.only or row.name)]
    outcomes = []
    print(f"seed {asked.seed}, {KIND}", flush=True)  # noqa: T201
    try:
        for row in rows:
            with tempfile.TemporaryDirectory(prefix="mw-") as home:
                times = asked.times or row.times(is_long=not asked.short)
                outcome = row.run(Path(home), times=times, seed=asked.seed)
            outcomes.append(outcome)
            print(outcome, flush=True)  # noqa: T201
    finally:
        close()
    if asked.write:
        write(outcomes, KIND)
    kept = sum(outcome.is_kept for outcome in outcomes)
    print(f"{kept} of {len(rows)}")  # noqa: T201
    return 0 if kept == len(rows) > 0 else 1


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], choices=[row.name for row in ROWS])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--times", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
