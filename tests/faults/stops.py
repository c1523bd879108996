# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub is told to stop, again and again, while eight clients submit and two offices take."""

import asyncio
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Final

from sqlalchemy import func, select

from hub.store.engine import open_database
from hub.store.leases import lease
from tests.faults.books import reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Pulse
from tests.faults.hub import MOMENT, HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place

LONGEST_LIFE: Final = 1.0
"""Seconds of work before the next stop, at the most."""
IN_TIME: Final = 30.0
"""Seconds that a stop may take."""
DRAIN: Final = 1
"""Seconds for which the hub stays open and says that it is not ready, every second time."""


@dataclass
class _Counts:
    stops: list[float] = field(default_factory=list)
    unready: list[float] = field(default_factory=list)
    leases: int = 0
    """Leases that were running when the hub was told."""
    findings: list[str] = field(default_factory=list)


async def stop(place: Place, stops: int, seed: int) -> Outcome:
    """Stop the hub so often, start it again each time, and reconcile the books at the end."""
    counts = _Counts()
    random = Random(seed)  # noqa: S311
    with place.hub() as hub:
        hub.start_and_wait()
        async with a_crowd(place) as crowd:
            for number in range(stops):
                life = _Life(place, hub, random.uniform(0, LONGEST_LIFE), counts)
                await asyncio.to_thread(life.end, crowd.diary.pulse, drains=number % 2 == 0)
            await crowd.finish()
        hub.stop()
        counts.findings += [f"cut off: {cut}" for cut in crowd.diary.cuts]
        counts.findings += reconcile(place, crowd.diary)
    return Outcome(
        "F2",
        f"Der Hub wird {stops}-mal angehalten (SIGTERM), unter acht Absendern",
        "Zuerst nicht mehr bereit, dann zu Ende bringen, was begonnen ist: wer verbunden ist,"
        " bekommt seine Antwort. Abholungen kommen zurück. Ende mit 0 nach höchstens 30 s.",
        (
            f"{stops} Halte, alle Abbrüche mitten in einer Anfrage: {len(crowd.diary.cuts)}",
            f"{len(crowd.diary.answered)} Nachrichten quittiert",
            f"{len(crowd.diary.taken)} zugestellt",
            f"{counts.leases} laufende Abholungen zurückgegeben",
        ),
        (
            f"Signal bis nicht bereit {spread(counts.unready)}",
            f"Signal bis Ende {spread(counts.stops)} (jedes zweite Mal mit {DRAIN} s Nachlauf)",
        ),
        counts.findings,
    )


@dataclass(frozen=True)
class _Life:
    """One life of the hub."""

    place: Place
    hub: HubProcess
    seconds: float
    counts: _Counts

    def end(self, pulse: Pulse, *, drains: bool) -> None:
        """Let it work for a while, stop it, and start the next."""
        time.sleep(self.seconds)
        self.counts.leases += running_leases(self.place)
        self._stop(drains=self.hub.settings.get("MELDEWEG_DRAIN_SECONDS", "0") != "0")
        self.hub.settings = {"MELDEWEG_DRAIN_SECONDS": str(DRAIN if drains else 0)}
        pulse.restart()
        self.hub.start_and_wait()
        wait_until(lambda: pulse.at is not None, "somebody is answered again")

    def _stop(self, *, drains: bool) -> None:
        findings, told = self.counts.findings, time.monotonic()
        self.hub.terminate()
        said = self._watch()
        took = time.monotonic() - told
        self.counts.stops.append(took)
        if self.hub.code != 0 or took > IN_TIME:
            findings.append(f"a stop ended with {self.hub.code} after {took:.1f} s")
        unready = [at for at, status in said if status != HTTPStatus.OK]
        if any(at > unready[0] for at, status in said if status == HTTPStatus.OK):
            findings.append("the hub was ready again while it was stopping")
        if drains and HTTPStatus.SERVICE_UNAVAILABLE not in {status for _, status in said}:
            findings.append("the hub did not say that it is no longer ready")
        self.counts.unready.append(unready[0] - told)
        if left := running_leases(self.place):
            findings.append(f"{left} leases were not given back")

    def _watch(self) -> list[tuple[float, int | None]]:
        """Ask whether the hub is ready until the process is gone; gives each answer's moment."""
        said: list[tuple[float, int | None]] = []
        until = time.monotonic() + IN_TIME + 5
        while self.hub.code is None and time.monotonic() < until:
            status = self.hub.readiness()
            said.append((time.monotonic(), status))
            time.sleep(MOMENT)
        said.append((time.monotonic(), self.hub.readiness()))
        return said


def running_leases(place: Place) -> int:
    """Count the leases that have not ended, whether the hub runs or not."""
    database = open_database(place.data.place)
    try:
        with database.reading.connect() as connection:
            query = select(func.count()).where(lease.c.expires_at > int(time.time()))
            return int(connection.execute(query).scalar_one())
    finally:
        database.dispose()
