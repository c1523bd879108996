# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Simulate a year in its long form: all Jugendaemter, 200,000 notices; the last line is a verdict.

``--notices`` and ``--seed`` choose another year, ``--first`` and ``--days`` a part of one; the same
seed gives the same one.
"""

import argparse
import sys
import time
from datetime import date

from hub.telemetry import configure
from tests.year.driver import Wanted, quick_home, simulate
from tests.year.observer import HOUR

MANY = 200_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--notices", type=int, default=MANY)
    parser.add_argument("--seed", type=int, default=1)
    # A part of a year is a year of its own for a second core: ``--first 2027-07-01 --days 184``.
    parser.add_argument("--first", type=date.fromisoformat, default=date(2027, 1, 1))
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args(arguments)
    configure(level="error")
    begun = time.monotonic()
    with quick_home(asked.notices) as home:
        # So many contents are erased only as fast as turns come; hardly more often than needed.
        wanted = Wanted(
            asked.notices, asked.seed, asked.first, asked.days, whole_turns_every=6 * HOUR
        )
        observer = simulate(home, wanted)
    for what, times in sorted(observer.counts.items()):
        print(f"{times:>9}  {what}")  # noqa: T201
    for finding in observer.findings[:50]:
        print(f"! {finding}")  # noqa: T201
    minutes = (time.monotonic() - begun) / 60
    print(f"{len(observer.findings)} findings, seed {asked.seed}, {minutes:.0f} minutes")  # noqa: T201
    return 1 if observer.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
