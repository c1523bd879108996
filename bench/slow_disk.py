# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much of the rate is left when every fsync takes five milliseconds longer?

The delay stands between the process and its disk (``tests/faults/disk.py``) and is switched on and
off between the turns, so the same hub is measured both ways.
"""

from functools import partial

from bench.contest import Contestant, take_turns
from bench.ground import Ground
from bench.hub import hub_running
from bench.options import Options
from bench.place import fresh
from bench.result import Ratio, Result, compared
from bench.submissions import PROBE, Submissions
from tests.faults.disk import Disk

DELAY = 0.005


def slow_disk(ground: Ground, options: Options) -> Result:
    """Measure with and without the delay."""
    submissions = Submissions(ground, PROBE)
    data = ground.copied("slow-disk")
    with (
        Disk.build(fresh("shim"), below=data.path) as disk,
        hub_running(ground, "slow-disk", data=data, environment=disk.environment) as hub,
    ):
        usual = Contestant(
            "as it is", hub, submissions.to_hub, 201, before=partial(disk.delay_syncs, 0)
        )
        slow = Contestant(
            "+5 ms per fsync", hub, submissions.to_hub, 201, before=partial(disk.delay_syncs, DELAY)
        )
        take_turns([usual, slow], options.rounds, options.seconds)
        syncs = disk.syncs
    if not syncs:
        raise RuntimeError("no fsync went through the shim; the figure would mean nothing")
    kept = compared(slow.rates, usual.rates)
    return Result(
        "slow-disk",
        [Ratio("rate at +5 ms per fsync / as it is", kept, 0.90, "at least")],
        {"syncs": syncs, "delay_s": DELAY, "usual": usual.said(), "slow": slow.said()},
    )
