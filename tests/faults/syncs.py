# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An fsync fails: from then on nobody knows what the disk keeps, so nothing more is promised.

The kernel reports a lost page once. The next fsync would say that all is well, so a hub that simply
tries again acknowledges what is gone. Here the disk is well again at once, and the hub has to stay
silent all the same until it was started anew.
"""

import asyncio
import errno
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Final

from tests.faults.books import read_books, reconcile
from tests.faults.clients import Sender
from tests.faults.crowd import Crowd, a_crowd
from tests.faults.diary import Diary, Pulse
from tests.faults.disk import Disk
from tests.faults.hub import HubProcess, Late, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.world import RHEINBERG, SCHOOL

GRACE: Final = 60
"""Syncs that still succeed before one fails, at the most."""
TIMED: Final = 30
"""Messages of which each is held against the syncs that happened meanwhile."""


@dataclass
class _Counts:
    failed: int = 0
    exits: list[int] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)
    """Seconds from the failure to the end of the process."""
    back: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


async def fail(place: Place, failures: int, seed: int) -> Outcome:
    """Let an fsync fail so often, start the hub again each time, and reconcile at the end."""
    counts, random = _Counts(), Random(seed)  # noqa: S311
    with place.disk() as disk, place.hub(disk=disk) as hub:
        hub.start_and_wait()
        timed = await _count_syncs(place, disk)
        groups, syncs = read_books(place)[0].groups, disk.syncs
        async with a_crowd(place) as crowd:
            for number in range(failures):
                # Every third time it is a checkpoint that fails: no commit waits for that one.
                grace = None if number % 3 == 1 else random.randint(0, GRACE)
                await asyncio.to_thread(_one_failure, hub, disk, crowd, (grace, counts))
            await crowd.finish()
        hub.stop()
        grown = read_books(place)[0].groups - groups
        synced = disk.syncs - syncs
    if synced < grown:
        counts.findings.append(f"{grown} groups were committed with {synced} syncs")
    counts.findings += [*timed.trouble, *reconcile(place, _joined(crowd.diary, timed))]
    return Outcome(
        "F5",
        f"fsync meldet {failures}-mal einen Fehler (EIO)",
        "Nach dem Fehler keine Quittung mehr, auch wenn die Platte wieder gut tut, bis der Hub neu"
        " gestartet ist; nicht bereit. Vor jeder Quittung mindestens ein fsync.",
        (
            f"{counts.failed} fehlgeschlagene fsync, {(failures + 1) // 3} davon beim Checkpoint",
            f"0 Quittungen danach bis zum Neustart, Ende des Prozesses mit {_codes(counts)}",
            f"{synced} fsync auf {grown} Gruppen",
            f"{len(timed.answered)} Nachrichten einzeln: vor jeder Quittung ein fsync",
            f"{len(crowd.diary.answered)} Nachrichten quittiert",
        ),
        (
            f"Fehler bis Ende des Prozesses {spread(counts.silent)}",
            f"Neustart bis zur ersten Quittung {spread(counts.back)}",
        ),
        counts.findings,
    )


async def _count_syncs(place: Place, disk: Disk) -> Diary:
    """Send messages one by one, and see that the disk was synced before each was answered."""
    diary = Diary()
    async with place.line(SCHOOL) as line:
        sender = Sender(line, RHEINBERG, diary)
        await line.directory()
        for _ in range(TIMED):
            sent = sender.compose()
            before = disk.syncs
            if not await sender.submit(sent) or disk.syncs <= before:
                diary.trouble.append(f"{sent.draft.id} was answered without a sync")
    return diary


def _one_failure(
    hub: HubProcess, disk: Disk, crowd: Crowd, how: tuple[int | None, _Counts]
) -> None:
    """Let one fsync fail, see that nothing is promised afterwards, and start the hub anew."""
    (grace, counts), pulse = how, crowd.diary.pulse
    known, failed = len(crowd.diary.answered), disk.failed
    wait_until(lambda: len(crowd.diary.answered) > known, "messages are accepted")
    disk.fail_syncs(errno.EIO, after=grace or 0, journals=grace is not None)
    wait_until(lambda: disk.failed > failed, "an fsync fails")
    broken = time.monotonic()
    disk.fail_syncs(0)
    pulse.restart()
    _watch(hub, pulse, counts, broken)
    counts.failed += disk.failed - failed
    pulse.restart()
    began = time.monotonic()
    hub.start_and_wait()
    wait_until(lambda: pulse.at is not None, "somebody is answered again")
    counts.back.append((pulse.at or 0) - began)


def _watch(hub: HubProcess, pulse: Pulse, counts: _Counts, broken: float) -> None:
    """See that the hub is not ready and answers no submission, until its end."""
    wait_until(lambda: hub.readiness() != HTTPStatus.OK, "the hub is not ready")
    try:
        wait_until(lambda: hub.code is not None, "the hub ends by itself", 30)
    except Late:
        counts.findings.append("the hub did not end by itself")
        hub.kill()
    else:
        counts.exits.append(hub.wait())
        counts.silent.append(time.monotonic() - broken)
        if hub.code == 0:
            counts.findings.append("the hub ended as if nothing had happened")
    if pulse.at is not None:
        counts.findings.append("a message was accepted after an fsync had failed")


def _codes(counts: _Counts) -> str:
    return ", ".join(str(code) for code in sorted(set(counts.exits))) or "nichts"


def _joined(diary: Diary, timed: Diary) -> Diary:
    return Diary(
        sent=[*timed.sent, *diary.sent], receipts=diary.receipts, trouble=list(diary.trouble)
    )
