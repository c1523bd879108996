# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The disk of the hub is full, and there is room again."""

import asyncio
import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import httpx2

from hub.client import Hub
from hub.client.answers import Unreachable
from tests.faults.books import reconcile
from tests.faults.crowd import Crowd, a_crowd
from tests.faults.diary import Diary, Sent
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.faults.smalldisk import INSIDE, SIZE, SmallDisk, a_small_disk
from tests.world import SCHOOL

ENOUGH: Final = 20
"""Answers that the hub cannot, until it counts as not able."""
CODE: Final = "storage-full"
"""What the hub says, and nothing else."""


@dataclass
class _Course:
    """What happened in the rounds of one row."""

    back: list[float] = field(default_factory=list)
    """Seconds from the end of the trouble to the first receipt."""
    own_reads: int = 0
    """Questions about an own message that were answered."""
    own_reads_refused: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Trouble:
    """What can be done to the disk of a hub."""

    hub: HubProcess
    begin: Callable[[], None]
    end: Callable[[], None]


async def fill(place: Place, rounds: int) -> Outcome:
    """Fill the disk so often, make room each time, and reconcile the books at the end."""
    with a_small_disk() as disk:
        is_real = disk is not None
        with _filling(place, disk, rounds) as trouble:
            course, diary = await _suffer(place, trouble, rounds)
        # The books are read where there is room.
        back = place.moved(place.home / "back", of=disk.path / "hub") if disk else place
        course.findings += reconcile(back, diary)
    small = f"kleines Dateisystem von {SIZE} MiB, wirklich voll"
    how = small if is_real else "ENOSPC aus disk.c"
    return Outcome(
        "F3",
        "Die Platte ist voll",
        "503 storage-full mit Retry-After; nicht bereit. Öffentliches Lesen (Protokoll,"
        " Verzeichnis) geht immer weiter, angemeldetes, solange die Reserve reicht. Ist Platz da,"
        " geht es ohne Neustart weiter. Was quittiert ist, ist da.",
        (
            f"{rounds}-mal voll ({how})",
            f"{diary.said_no[CODE]}-mal 503 {CODE}",
            f"{rounds}-mal Protokoll und Verzeichnis währenddessen gelesen",
            f"eigene Nachricht {course.own_reads}-mal gelesen",
            f"{course.own_reads_refused}-mal abgewiesen",
            f"{len(diary.answered)} Nachrichten quittiert",
        ),
        (f"Platz bis zur ersten Quittung {spread(course.back)}",),
        course.findings,
    )


@contextmanager
def _filling(place: Place, disk: SmallDisk | None, rounds: int) -> Iterator[_Trouble]:
    settings = {"MELDEWEG_DISK_FLOOR": "1"}
    if disk is not None:
        place.moved(disk.path / "hub")
        disk.load(rounds)
        with place.hub(data=INSIDE / "hub", entrance=disk.entrance, settings=settings) as hub:
            # The clients fill what is left by themselves.
            yield _Trouble(hub, lambda: None, disk.relieve)
        return
    with place.disk() as shim, place.hub(settings=settings, disk=shim) as hub:
        full, free = errno.ENOSPC, 0
        yield _Trouble(hub, lambda: shim.fail_writes(full), lambda: shim.fail_writes(free))


async def _suffer(place: Place, trouble: _Trouble, rounds: int) -> tuple[_Course, Diary]:
    course = _Course()
    trouble.hub.start_and_wait()
    pid = trouble.hub.pid
    async with a_crowd(place) as crowd, place.line(SCHOOL) as reader:
        # Who is at work has signed in before; on a full disk nobody can.
        await asyncio.to_thread(
            wait_until, lambda: bool(_own(reader, crowd.diary)), "one is accepted"
        )
        await reader.state(_own(reader, crowd.diary)[0].draft.id)
        known = 0
        for _ in range(rounds):
            await asyncio.to_thread(_get_into, trouble, crowd.diary, known)
            course.findings += await _look(trouble.hub, reader, crowd, course)
            known = await asyncio.to_thread(_get_out, trouble, crowd.diary, course)
        await crowd.finish()
    course.findings += [
        f"the hub said {code} {times} times"
        for code, times in crowd.diary.said_no.items()
        if code != CODE
    ]
    if trouble.hub.code is not None or trouble.hub.pid != pid:
        course.findings.append(f"the hub did not live through it: {trouble.hub.code}")
    elif (code := trouble.hub.stop()) != 0:
        course.findings.append(f"at last the hub ended with {code}")
    return course, crowd.diary


def _get_into(trouble: _Trouble, diary: Diary, known: int) -> None:
    """Begin the trouble, and wait until everybody hears of it.

    ``known`` were answered when there was room again. Whoever counts only from now on counts too
    late on a busy machine: the clients may have filled that room by themselves.
    """
    wait_until(lambda: len(diary.answered) > known + ENOUGH, "messages are accepted")
    heard = diary.said_no.total()
    trouble.begin()
    wait_until(lambda: diary.said_no.total() > heard + ENOUGH, "the hub says that it cannot")
    wait_until(
        lambda: trouble.hub.readiness() == HTTPStatus.SERVICE_UNAVAILABLE, "the hub is not ready"
    )


def _own(reader: Hub, diary: Diary) -> list[Sent]:
    return [each for each in diary.answered if each.unit == reader.agency.id]


async def _look(hub: HubProcess, reader: Hub, crowd: Crowd, course: _Course) -> list[str]:
    """Read what was accepted before: a message with its receipts, and the log."""
    sent = _own(reader, crowd.diary)[0]
    found = []
    try:
        await reader.line.public_bytes("/v1/log/checkpoint")
        await reader.line.public("/v1/directory")
    except Exception as trouble:  # noqa: BLE001  whatever it was, reading did not go on
        found.append(f"reading stopped: {trouble!r}")
    try:
        # A question uses up its proof of possession, and that has to be written somewhere.
        course.own_reads += (await reader.state(sent.draft.id))["id"] == sent.draft.id
    except Unreachable:
        course.own_reads_refused += 1
    live = await asyncio.to_thread(
        httpx2.get, f"http://127.0.0.1:{hub.port}/health/live", timeout=10
    )
    return found if live.is_success else [*found, "the hub says that it is not alive"]


def _get_out(trouble: _Trouble, diary: Diary, course: _Course) -> int:
    """End the trouble, wait until somebody is answered, and return how many were before."""
    known = len(diary.answered)
    diary.pulse.restart()
    began = time.monotonic()
    trouble.end()
    wait_until(lambda: diary.pulse.at is not None, "somebody is answered again")
    course.back.append((diary.pulse.at or 0) - began)
    return known
