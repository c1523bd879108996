# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many messages a second does one process accept, durably and with proof, and what bounds it?

Beside it, in the same run and by turns: the plain handler, and the same server's route that reads
the same body and drops it.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from bench.contest import Contestant, spread, take_turns
from bench.ground import Ground
from bench.hub import hub_running
from bench.options import Options
from bench.peers.amqp import CONFIRMED, is_there, publish_loop, publishing
from bench.peers.mesh import sandbox, sends
from bench.peers.rabbit import broker
from bench.place import free_port, fresh
from bench.process import Process, python
from bench.result import Ratio, Result, compared
from bench.stages import lines, stages
from bench.submissions import NOTICE, PROBE, Submissions

KEPT: Final = "plain handler with a kept validator"
"""The same handler as one builds it at the second attempt; its goals are those of the first."""
FLOORS: Final[dict[str, dict[str, tuple[float, float | None]]]] = {
    PROBE: {
        "plain handler": (8, 12),
        KEPT: (8, 12),
        "read and drop": (0.18, 0.30),
        "RabbitMQ": (0.25, 0.45),
        "mesh-sandbox": (2, 4),
    },
    NOTICE: {"plain handler": (6, None), KEPT: (6, None), "read and drop": (0.12, None)},
}
"""What has to be, and what we would like, beside each of the others."""


def submit(ground: Ground, options: Options) -> Result:
    """Measure the probe of 22 leaves, then the published notice."""
    result = Result("submit")
    _measure(result, ground, options, PROBE, "22 leaves")
    if not options.is_quick:
        _measure(result, ground, options, NOTICE, "schule-mitteilung")
    return result


def _measure(result: Result, ground: Ground, options: Options, protocol: str, label: str) -> None:
    submissions = Submissions(ground, protocol)
    size = len(submissions.messages(1)[0][1].raw)
    print(f"{label}: {size} bytes", flush=True)
    with ExitStack() as stack:
        hub = stack.enter_context(hub_running(ground, "submit"))
        # As the first example of each of its libraries has it; so jsonschema.validate(…).
        plain = stack.enter_context(_plain(submissions, "plain-anew", "--validate-anew"))
        kept = stack.enter_context(_plain(submissions))
        ours = Contestant(f"hub, {label}", hub, submissions.to_hub, 201, check=submissions.check)
        theirs = Contestant(f"plain handler, {label}", plain, submissions.to_plain, 201, 100)
        others = Contestant(f"{KEPT}, {label}", kept, submissions.to_plain, 201, 150)
        dropped = Contestant(f"read and drop, {label}", hub, submissions.to_drop, 201, 3000)
        peers = [] if options.is_quick else _peers(stack, submissions, label)
        take_turns([ours, theirs, others, dropped, *peers], options.rounds, options.seconds)
        threads = ours.threads()
    floors = FLOORS[protocol]
    for other in (theirs, others, dropped, *peers):
        name = other.name.partition(",")[0]
        if name in floors:
            goal, aim = floors[name]
            ratio = compared(ours.rates, other.rates)
            result.ratios.append(Ratio(f"{label} / {name}", ratio, goal, "at least", aim))
    profile = stages(ground, protocol)
    print("\n".join(lines(profile, statistics.median(ours.cpu_ms))))
    print("  " + ", ".join(f"{name} {share:.0%}" for name, share in threads.items()), flush=True)
    result.raw[label] = {
        "bytes": size,
        "stages": profile,
        "threads": threads,
        **{
            each.name.partition(",")[0]: each.said()
            for each in (ours, theirs, others, dropped, *peers)
        },
    }


def _peers(stack: ExitStack, submissions: Submissions, label: str) -> list[Contestant]:
    """Return the peers that are installed; they get the same bytes."""
    found = []
    if (other := stack.enter_context(broker())) is not None:
        found.append(
            Contestant(
                f"RabbitMQ, {label}",
                other,
                lambda count: spread([publishing(raw) for raw in submissions.bodies(count)]),
                CONFIRMED,
                load=publish_loop,
                after=partial(_empty, other.port),
            )
        )
    if (other_ := stack.enter_context(sandbox())) is not None:
        found.append(
            Contestant(
                f"mesh-sandbox, {label}",
                other_,
                lambda count: spread(sends(submissions.bodies(count))),
                202,
            )
        )
    return found


def _empty(port: int) -> None:
    """Empty the queue and let the broker finish with it, in nobody's turn."""
    asyncio.run(is_there(port))
    time.sleep(1)


@contextmanager
def _plain(submissions: Submissions, name: str = "plain", *flags: str) -> Iterator[Process]:
    folder, port = fresh(name), free_port()
    submissions.set_plain(folder)
    arguments = ("--folder", folder, "--port", port, *flags)
    with python("bench.plain_handler", *arguments, port=port, ready="/openapi.json") as process:
        yield process
