# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub is killed at random moments, while eight clients submit and two offices take.

Most kills come from outside, whenever they come. Every fourth time the hub dies of itself right
after a sync: the group is on the disk, and not one of its answers has left. And every fourth time
it is killed once more while it starts.
"""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Final

from tests.databases import IS_POSTGRESQL
from tests.faults.books import reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary, Pulse
from tests.faults.disk import Disk
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place

LONGEST_LIFE: Final = 0.8
"""Seconds of work before the next kill, at the most."""
SYNCS: Final = 40
START: Final = 1.2
"""Seconds that a start takes, about."""
READY: Final = 5.0
"""Seconds in which a hub is usually ready after a kill, also on a machine that has more to do."""
REPEATED: Final = 300


@dataclass
class _Times:
    answered: list[float] = field(default_factory=list)
    """From a kill to the first answer."""
    ready: list[float] = field(default_factory=list)
    """From a start to readiness."""


async def kill(place: Place, kills: int, seed: int) -> Outcome:
    """Kill the hub so often, start it again each time, and reconcile the books at the end."""
    times = _Times()
    with place.disk() as disk, place.hub(disk=disk) as hub:
        hub.start_and_wait()
        async with a_crowd(place) as crowd:
            for number in range(kills):
                life = _Life(hub, disk, Random(f"{seed} {number}"), number)  # noqa: S311
                await asyncio.to_thread(life.end, crowd.diary.pulse, times)
            await crowd.finish()
            again = sum(each.tries > 1 for each in crowd.diary.answered)
            # A message that was lost would come back with its repetition.
            findings = await asyncio.to_thread(reconcile, place, crowd.diary)
            repeated = await crowd.repeat(REPEATED)
        code = hub.stop()
        findings += reconcile(place, crowd.diary)
    findings += [] if code == 0 else [f"at last the hub ended with {code}"]
    if (usually := median(times.ready)) > READY:
        findings.append(f"usually ready after {usually:.1f} s only")
    return _outcome(crowd.diary, kills, (again, repeated), times, findings)


@dataclass(frozen=True)
class _Life:
    """One life of the hub."""

    hub: HubProcess
    disk: Disk
    random: Random
    number: int

    def end(self, pulse: Pulse, times: _Times) -> None:
        """Let it work for a while, kill it, and start the next."""
        if self.number % 4 == 3 and not self.hub.database_url:
            self.disk.kill_after_syncs(self.random.randint(1, SYNCS))
            wait_until(lambda: self.hub.code is not None, "the hub dies after a sync")
        else:
            time.sleep(self.random.uniform(0, LONGEST_LIFE))
            self.hub.kill()
        if self.number % 4 == 1:
            self.hub.start()
            time.sleep(self.random.uniform(0, START))
            self.hub.kill()
        died = time.monotonic()
        pulse.restart()
        times.ready.append(self.hub.start_and_wait())
        wait_until(lambda: pulse.at is not None, "somebody is answered again")
        times.answered.append((pulse.at or 0) - died)


def _outcome(
    diary: Diary, kills: int, repetitions: tuple[int, int], times: _Times, findings: list[str]
) -> Outcome:
    again, repeated = repetitions
    at_a_sync = 0 if IS_POSTGRESQL else kills // 4
    return Outcome(
        "F1",
        f"Der Hub wird {kills}-mal abgeschossen (SIGKILL), unter acht Absendern",
        "Was quittiert ist, ist da, und nur einmal. Keine Nachricht ohne Eintrag, kein Eintrag ohne"
        " Nachricht. Dieselben Bytes bekommen dieselbe Quittung. In der Regel in 5 s bereit.",
        (
            f"{kills} Abschüsse, davon {at_a_sync} gleich nach einem fsync",
            f"{(kills + 2) // 4} weitere beim Start",
            f"{len(diary.answered)} Nachrichten quittiert, {again} davon erst auf Wiederholung",
            f"{len(diary.taken)} zugestellt",
            f"{len(diary.receipts)} Quittungen der Empfänger",
            f"{repeated} Quittungen noch einmal geholt, Byte für Byte gleich",
        ),
        (
            f"Start bis bereit {spread(times.ready)}",
            f"Abschuss bis zur ersten Quittung {spread(times.answered)}",
        ),
        findings,
    )
