# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub and its signer are killed at random moments, while messages come and a witness looks on.

Entries are on the disk before they are signed, so a kill can leave a tail without a checkpoint;
whoever starts next has it signed before anybody gets an answer. The witness, which keeps what it
has seen, would refuse a history that was told otherwise.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

from tests.faults.books import read_books, reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary, Pulse
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.faults.signer import SignerProcess, a_policy, a_signer
from tests.interop_log.witnesses import Witness

LONGEST_LIFE: Final = 0.8
"""Seconds of work before the next kill, at the most."""
VICTIMS: Final = ("both", "signer", "hub", "hub")


@dataclass
class _Counts:
    killed: dict[str, int] = field(default_factory=dict)
    back: list[float] = field(default_factory=list)
    """From a kill to the first answer."""


async def kill_signed(place: Place, kills: int, seed: int) -> Outcome:
    """Kill hub, signer or both so often, and reconcile the books at the end."""
    counts = _Counts()
    with a_policy(place) as (policy, witness), a_signer(place) as signer:
        settings = {
            "MELDEWEG_SIGNER": str(signer.socket),
            "MELDEWEG_WITNESS_POLICY": str(policy),
            "MELDEWEG_WITNESS_EVERY": "1",
        }
        with place.hub(settings=settings) as hub:
            hub.start_and_wait()
            async with a_crowd(place) as crowd:
                for number in range(kills):
                    life = _Life(hub, signer, Random(f"{seed} {number}"), number)  # noqa: S311
                    await asyncio.to_thread(life.end, crowd.diary.pulse, counts)
                await crowd.finish()
            await asyncio.to_thread(
                wait_until, lambda: _seen(place) > 0, "the witness has seen something"
            )
            if (code := hub.stop()) != 0:
                crowd.diary.trouble.append(f"at last the hub ended with {code}")
        findings = [*reconcile(place, crowd.diary), *_unseen(place, witness)]
    return _outcome(crowd.diary, kills, counts, findings, _seen(place))


@dataclass(frozen=True)
class _Life:
    """One life of whoever is killed."""

    hub: HubProcess
    signer: SignerProcess
    random: Random
    number: int

    def end(self, pulse: Pulse, counts: _Counts) -> None:
        victim = VICTIMS[self.number % len(VICTIMS)]
        time.sleep(self.random.uniform(0, LONGEST_LIFE))
        counts.killed[victim] = counts.killed.get(victim, 0) + 1
        died = time.monotonic()
        if victim in {"hub", "both"}:
            self.hub.kill()
        if victim in {"signer", "both"}:
            self.signer.kill()
            time.sleep(self.random.uniform(0, LONGEST_LIFE))
            self.signer.start()
        pulse.restart()
        if victim in {"hub", "both"}:
            self.hub.start_and_wait()
        wait_until(lambda: pulse.at is not None, "somebody is answered again")
        counts.back.append((pulse.at or 0) - died)


def _rows(place: Place, query: str) -> list[Any]:
    _, copy = read_books(place)
    with closing(sqlite.connect(copy)) as books:
        rows: list[Any] = books.execute(query).fetchall()
        return rows


def _seen(place: Place) -> int:
    return int(_rows(place, "SELECT count(*) FROM cosignature")[0][0])


def _unseen(place: Place, witness: Witness) -> Iterator[str]:
    """Hold what the witness keeps against the rows of the hub."""
    notes = dict(_rows(place, "SELECT size, note FROM checkpoint"))
    lines = dict(_rows(place, "SELECT size, line FROM cosignature"))
    kept = witness.latest(place.vkey.partition("+")[0]).body
    size = int(kept.split("\n")[1])
    if size not in notes or notes[size].split("\n")[2] != kept.split("\n")[2]:
        yield f"the witness has seen another log of size {size}"
    if witness.ask("GET", "/evidence").body != "[]":
        yield "the witness was offered a log that does not go on"
    if lines.keys() - notes.keys():
        yield "a cosignature without its checkpoint"


def _outcome(diary: Diary, kills: int, counts: _Counts, findings: list[str], seen: int) -> Outcome:
    who = {"hub": "Hub", "signer": "Signierer", "both": "beide"}
    return Outcome(
        "F11",
        f"Hub und Signierer werden {kills}-mal abgeschossen, unter acht Absendern und einem Zeugen",
        "Was quittiert ist, ist da und unterschrieben. Ein Ende ohne Unterschrift bekommt sie,"
        " bevor jemand Antwort bekommt. Dem Zeugen wird nie etwas vorgelegt, das nicht fortsetzt.",
        (
            *(f"{number}-mal {who[victim]}" for victim, number in sorted(counts.killed.items())),
            f"{len(diary.answered)} Nachrichten quittiert",
            f"{len(diary.taken)} zugestellt",
            f"{seen} Stände vom Zeugen unterschrieben",
        ),
        (f"Abschuss bis zur ersten Quittung {spread(counts.back)}",),
        findings,
    )
