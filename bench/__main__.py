# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m bench [NAME …] [--quick]``: measure, print, and write ``bench/results``."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Final

from bench.abuse import abuse
from bench.adapters import adapters
from bench.backlog import backlog
from bench.catalogue_load import catalogue_load
from bench.duty import duty
from bench.entry import entry
from bench.forgetting import forgetting
from bench.ground import Ground, found
from bench.growth import growth
from bench.inbox import inbox
from bench.machine import busy
from bench.many_protocols import many_protocols
from bench.memory import memory
from bench.options import Options
from bench.place import alone
from bench.portal import portal
from bench.portal_open import portal_open
from bench.portal_seal import portal_seal
from bench.postgresql import submit_pg
from bench.proof import proof
from bench.receive import receive
from bench.responsible import responsible
from bench.result import Result
from bench.sealing import sealing
from bench.signing import signing
from bench.slow_disk import slow_disk
from bench.submit import submit
from bench.verify import verify
from bench.wake import wake

Benchmark = Callable[[Ground, Options], Result]
BENCHMARKS: Final[dict[str, Benchmark]] = {
    "submit": submit,
    "proof": proof,
    "wake": wake,
    "inbox": inbox,
    "receive": receive,
    "adapters": adapters,
    "backlog": backlog,
    "seal": sealing,
    "portal-seal": portal_seal,
    "verify": verify,
    "entry": entry,
    "growth": growth,
    "signing": signing,
    "forgetting": forgetting,
    "catalogue": many_protocols,
    "catalogue-load": catalogue_load,
    "responsible": responsible,
    "duty": duty,
    "slow-disk": slow_disk,
    "portal": portal,
    "portal-open": portal_open,
    "abuse": abuse,
    "submit-pg": submit_pg,
    "memory": memory,
}


def main() -> None:
    """Run the benchmarks that were named, or all."""
    said = argparse.ArgumentParser(prog="bench", description=__doc__)
    said.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    said.add_argument("--quick", action="store_true", help="half a minute, nothing committed")
    given = said.parse_args()
    names = [name for word in given.names for name in word.split(",") if name] or [*BENCHMARKS]
    if unknown := [name for name in names if name not in BENCHMARKS]:
        said.error(f"no such benchmark: {', '.join(unknown)}")
    options = Options(
        is_quick=given.quick,
        is_long=bool(os.environ.get("LONG")),
        minutes=float(os.environ.get("MINUTES", "3")),
    )
    print(f"plan: {', '.join(names)}", flush=True)
    # A benchmark that is told to stop takes its children with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with alone():
        begun = time.monotonic()
        ground = found()
        print(f"founded in {time.monotonic() - begun:.0f} s", flush=True)
        for name in names:
            _run(name, ground, options)


def _run(name: str, ground: Ground, options: Options) -> None:
    begun, others = time.monotonic(), [busy()]
    print(f"\n{name}", flush=True)
    result = BENCHMARKS[name](ground, options)
    # Before and after: whoever comes in between is not seen, and rounds by turns bear it.
    result.raw["busy_with_others"] = max(*others, busy())
    for ratio in result.ratios:
        print(ratio.line(), flush=True)
    result.write(is_quick=options.is_quick)
    print(f"  ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
