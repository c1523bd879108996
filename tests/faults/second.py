# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody starts a second hub on the data directory of one that runs."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.faults.books import read_books, reconcile
from tests.faults.crowd import a_crowd
from tests.faults.hub import PATIENCE, HubProcess, steady_port, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.world import NETWORK

READING: Final = (
    ("status",),
    ("doctor",),
    ("participants", "list"),
    ("audit", "verify"),
    ("audit", "proof", "0"),
)
"""Commands that only look; each has to work beside a running hub."""
GERMAN: Final = re.compile(r"\b(?:startet nicht|läuft schon|schon ein Hub|anderer Prozess)\b")
ENGLISH: Final = re.compile(r"\b(?:the|has|this|another|process|directory)\b", re.IGNORECASE)


async def start_twice(place: Place, tries: int) -> Outcome:
    """Start a second hub so often beside one under load, and let every command look at it."""
    findings: list[str] = []
    times: list[float] = []
    with place.hub() as hub, place.hub(port=steady_port(), log=place.home / "second.log") as second:
        hub.start_and_wait()
        async with a_crowd(place, senders=2, offices=1) as crowd:
            await asyncio.to_thread(
                wait_until, lambda: bool(crowd.diary.answered), "messages are accepted"
            )
            for _ in range(tries):
                findings += await asyncio.to_thread(_try, second, times)
            findings += await asyncio.to_thread(_look, hub)
            crowd.diary.pulse.restart()
            await asyncio.to_thread(
                wait_until, lambda: crowd.diary.pulse.at is not None, "the first hub goes on"
            )
            await crowd.finish()
        findings += await asyncio.to_thread(_leave_alone, place, second)
        if (code := hub.stop()) != 0:
            findings.append(f"the first hub ended with {code}")
    findings += reconcile(place, crowd.diary)
    return Outcome(
        "F7",
        f"Ein zweiter Hub wird {tries + 1}-mal auf demselben Verzeichnis gestartet",
        "Der zweite sagt es auf Deutsch, endet nicht mit 0 und ändert nichts; der erste arbeitet"
        " weiter. Befehle, die nur lesen, gehen neben dem laufenden Hub.",
        (
            f"{tries + 1} Starts abgewiesen",
            f"{len(READING)} lesende Befehle neben dem laufenden Hub",
            f"{len(crowd.diary.answered)} Nachrichten quittiert",
        ),
        (f"Start des zweiten bis zu seinem Ende {spread(times)}",),
        findings,
    )


def _try(second: HubProcess, times: list[float]) -> list[str]:
    before = len(second.said) if second.log.exists() else 0
    second.start()
    times.append(wait_until(lambda: second.code is not None, "the second hub ends", PATIENCE))
    said = second.said[before:]
    found = [] if second.code else [f"the second hub ended with {second.code}"]
    if not GERMAN.search(said) or len(ENGLISH.findall(said)) > 1:
        found.append(f"what the second hub says nobody here understands: {said[-300:]!r}")
    return found


def _look(hub: HubProcess) -> list[str]:
    found = []
    for command in READING:
        ran = hub.run(*command, "--data-dir", hub.data)
        # The doctor may find something about the machine; it has to come to an end.
        if ran.returncode != 0 and not (command == ("doctor",) and ran.returncode == 1):
            found.append(f"{' '.join(command)} ended with {ran.returncode}: {ran.stderr[-300:]}")
    return found


def _leave_alone(place: Place, second: HubProcess) -> list[str]:
    """Hold what is there before and after against each other, while nobody sends anything."""
    before, times = _state(place), list[float]()
    found = _try(second, times)
    made = second.run("init", "--data-dir", second.data, "--hub-id", "x.invalid/y", *_network())
    if made.returncode == 0:
        found.append("a hub was founded where there was one")
    return found if _state(place) == before else [*found, "the second hub changed something"]


def _state(place: Place) -> tuple[object, ...]:
    """Return everything that a second process must not touch."""
    books, _ = read_books(place)
    # A lease that runs out, and the hub's own work, are the first hub's business.
    rows = json.dumps([books.requests, books.receipts], sort_keys=True)
    keys = {path.name: path.read_bytes() for path in place.data.keys.iterdir()}
    return rows, keys, replace(books, running_leases=0).entries


def _network() -> tuple[str, Path]:
    return ("--network", NETWORK)
