# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The disk takes nothing any more, as a kernel has it after an error, or from the start.

A hub that can no longer write may live on and say so, or end and say so. Either way somebody is
told what to do, and nothing that was acknowledged is lost.
"""

import asyncio
import errno
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from tests.faults.books import reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary
from tests.faults.disk import Disk
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.faults.smalldisk import INSIDE, SmallDisk, a_small_disk

ENOUGH: Final = 20
"""Answers that the hub cannot, until it counts as not able."""
CODES: Final = {"read-only", "log-unavailable"}
"""What the hub may say, and nothing else."""
WHAT_TO_DO: Final = "neu zu starten"


@dataclass
class _Counts:
    ended: int = 0
    silent: list[float] = field(default_factory=list)
    """Seconds from the trouble until the hub is not ready or has ended."""
    back: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


async def write_protect(place: Place, rounds: int) -> Outcome:
    """Let the disk refuse every write so often, and start the hub on one that really does."""
    counts = _Counts()
    with place.disk() as disk, place.hub(disk=disk) as hub:
        hub.start_and_wait()
        async with a_crowd(place) as crowd:
            for _ in range(rounds):
                await asyncio.to_thread(_one_round, hub, disk, crowd.diary, counts)
            await crowd.finish()
        if (code := hub.stop()) != 0:
            counts.findings.append(f"at last the hub ended with {code}")
    diary = crowd.diary
    said = {code: times for code, times in diary.said_no.items() if code not in CODES}
    counts.findings += [f"the hub said {code} {times} times" for code, times in said.items()]
    counts.findings += reconcile(place, diary)
    with a_small_disk() as small:
        if small is not None:
            counts.findings += _start_on(place, small)
    started = "ein Start auf einer wirklich schreibgeschützten Platte abgelehnt"
    return Outcome(
        "F4",
        "Die Platte nimmt nichts mehr an (schreibgeschützt)",
        "503 mit Retry-After und nicht bereit; dann geht es von selbst weiter, oder der Hub endet"
        " nicht mit 0 und sagt, was zu tun ist. Was quittiert ist, ist da.",
        (
            f"{rounds}-mal EROFS beim Schreiben, {counts.ended}-mal vom Hub selbst beendet",
            *([started] if small is not None else []),
            f"{sum(diary.said_no.values())}-mal 503",
            f"{len(diary.answered)} Nachrichten quittiert",
        ),
        (
            f"Störung bis nicht bereit oder Ende {spread(counts.silent)}",
            f"Ende der Störung bis zur ersten Quittung {spread(counts.back)}",
        ),
        counts.findings,
    )


def _one_round(hub: HubProcess, disk: Disk, diary: Diary, counts: _Counts) -> None:
    known, heard = len(diary.answered), diary.said_no.total()
    wait_until(lambda: len(diary.answered) > known + ENOUGH, "messages are accepted")
    began = time.monotonic()
    disk.fail_writes(errno.EROFS)
    wait_until(
        lambda: hub.code is not None or diary.said_no.total() > heard + ENOUGH,
        "the hub says that it cannot, or ends",
    )
    wait_until(
        lambda: hub.code is not None or hub.readiness() != HTTPStatus.OK, "the hub is not ready"
    )
    counts.silent.append(time.monotonic() - began)
    began = time.monotonic()
    diary.pulse.restart()
    disk.fail_writes(0)
    if hub.code is not None:
        counts.ended += 1
        if hub.code == 0 or WHAT_TO_DO not in hub.said:
            counts.findings.append(f"the hub ended with {hub.code} and did not say what to do")
        hub.start_and_wait()
    wait_until(lambda: diary.pulse.at is not None, "somebody is answered again")
    counts.back.append((diary.pulse.at or 0) - began)


def _start_on(place: Place, disk: SmallDisk) -> list[str]:
    place.moved(disk.path / "hub")
    disk.make_read_only()
    log = place.home / "read-only.log"
    with place.hub(data=INSIDE / "hub", entrance=disk.entrance, log=log) as hub:
        hub.start()
        code = hub.wait()
        if code == 0 or "startet nicht" not in hub.said:
            return [f"started on a read-only disk, the hub ended with {code}: {hub.said[-500:]}"]
    return []
