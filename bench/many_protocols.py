# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does it cost anything to know two hundred protocols instead of two?

One node accepts messages of the same protocol, by turns with the small catalogue and the large
one. ``catalogue`` is the name of this benchmark.
"""

import statistics

from bench.admission import Admission
from bench.catalogue import bench_catalogue
from bench.ground import Ground
from bench.options import Options
from bench.place import VAR
from bench.result import Ratio, Result, compared
from bench.submissions import PROBE

COPIES = 200
GOAL = 1.05
COUNT = 320


def many_protocols(ground: Ground, options: Options) -> Result:
    """Measure processor time for each admission."""
    large = bench_catalogue(VAR / "large-catalogue", COPIES)
    for name in large.schemas.names:
        large.schemas.by_name(name)  # A hub that was asked for each of them has each compiled.
    with_few: list[float] = []
    with_many: list[float] = []
    with Admission.opened(ground, "catalogue", PROBE) as admission:
        for _ in range(options.rounds * 2 + 1):
            admission.node.catalogue = ground.catalogue
            with_few.append(admission.accept(COUNT))
            admission.node.catalogue = large
            with_many.append(admission.accept(COUNT))
    # The first turn of each compiles what it needs.
    times = compared(with_many[1:], with_few[1:])
    few, many = statistics.median(with_few[1:]), statistics.median(with_many[1:])
    known = len(ground.catalogue.protocols), len(large.protocols)
    print(f"  {known[0]} protocols {few:.3f} ms, {known[1]} protocols {many:.3f} ms")
    return Result(
        "catalogue",
        [Ratio(f"CPU with {known[1]} protocols / with {known[0]}", times, GOAL, "at most")],
        {"with_few_ms": with_few, "with_many_ms": with_many, "messages_each": COUNT},
    )
