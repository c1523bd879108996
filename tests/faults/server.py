# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The PostgreSQL server under a hub crashes and comes back, while eight clients submit."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.databases import server
from tests.faults.books import reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place

LONGEST: Final = 1.0
"""Seconds of work, and of being away, at the most."""
HEALED: Final = 30.0
"""Seconds in which the hub serves again by itself."""
CODE: Final = "log-unavailable"


@dataclass
class _Counts:
    back: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


async def crash(place: Place, crashes: int, seed: int) -> Outcome:
    """Let the server crash so often, start it again each time, and reconcile at the end."""
    counts, random = _Counts(), Random(seed)  # noqa: S311
    with place.hub() as hub:
        hub.start_and_wait()
        pid = hub.pid
        async with a_crowd(place) as crowd:
            for _ in range(crashes):
                moments = (random.uniform(0, LONGEST), random.uniform(0, LONGEST))
                await asyncio.to_thread(_crash, hub, crowd.diary, counts, moments)
            await crowd.finish()
        if hub.pid != pid or hub.code is not None:
            counts.findings.append(f"the hub did not live through it: {hub.code}")
        elif (code := hub.stop()) != 0:
            counts.findings.append(f"at last the hub ended with {code}")
    diary = crowd.diary
    counts.findings += [f"the hub said {code}" for code in diary.said_no if code != CODE]
    counts.findings += [f"healed after {each:.1f} s only" for each in counts.back if each > HEALED]
    counts.findings += reconcile(place, diary)
    return Outcome(
        "F9",
        f"PostgreSQL stürzt {crashes}-mal ab, unter acht Absendern",
        f"503 {CODE} mit Retry-After, nicht bereit; höchstens 30 s nach der Rückkehr des Servers"
        " geht es ohne Neustart des Hubs weiter. Was quittiert ist, ist da, und nur einmal.",
        (
            f"{crashes} Abstürze (immediate)",
            f"{diary.said_no[CODE]}-mal 503 {CODE}",
            f"{len(diary.answered)} Nachrichten quittiert",
            f"{len(diary.taken)} zugestellt",
        ),
        (f"Rückkehr des Servers bis zur ersten Quittung {spread(counts.back)}",),
        counts.findings,
    )


def _crash(hub: HubProcess, diary: Diary, counts: _Counts, moments: tuple[float, float]) -> None:
    time.sleep(moments[0])
    server().stop(signal.SIGQUIT)
    wait_until(lambda: not hub.is_ready(), "the hub is not ready")
    time.sleep(moments[1])
    diary.pulse.restart()
    server().start()
    began = time.monotonic()
    wait_until(lambda: diary.pulse.at is not None, "somebody is answered again")
    wait_until(hub.is_ready, "the hub is ready")
    counts.back.append(max(0.0, (diary.pulse.at or 0) - began))
