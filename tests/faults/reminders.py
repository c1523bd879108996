# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub is killed while messages become due: nobody is forgotten, and nobody asked twice.

Nobody fetches anything, and the clock of the demonstration is put ahead, so that hundreds of
messages become due at a time; the kill comes at some moment while the hub asks the next, tells
senders and reminds. Afterwards each message is counted by itself.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

from hub import clock
from hub.main.democlock import write_clock
from tests.faults.books import read_books, reconcile
from tests.faults.clients import Sender
from tests.faults.diary import Diary
from tests.faults.hub import HubProcess, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.world import KREIS, RHEINBERG, SCHOOL

MESSAGES: Final = 240
WHOLE: Final = 6 * 3600
"""Seconds that pass in all: after four hours the last sender has to be told."""
LONGEST: Final = 0.5
"""Seconds from a jump of the clock to the kill, at the most."""
EARLY: Final = 0.02
BETWEEN: Final = 600
"""Seconds between two reminders about one message, at the least; not to be read from the hub."""
URGENCIES: Final = ("sofort", "unverzueglich")


@dataclass
class _Night:
    """A hub, the file of its clock, and what was counted."""

    place: Place
    hub: HubProcess
    file: Path
    random: Random
    ahead: float = 0
    ready: list[float] = field(default_factory=list)
    killed: int = 0

    def put(self, seconds: float) -> None:
        self.ahead += seconds
        write_clock(self.file, self.ahead)

    def kill(self, seconds: float) -> None:
        """Put the clock ahead, kill the hub at its work, and start it again."""
        self.put(seconds)
        time.sleep(self.random.uniform(EARLY, LONGEST))
        self.hub.kill()
        self.killed += 1
        if self.killed % 4 == 0:
            # And once more, while it makes up for what it had not done.
            self.hub.start()
            time.sleep(self.random.uniform(0.8, 2))
            self.hub.kill()
        self.ready.append(self.hub.start_and_wait())


async def kill_at_night(place: Place, kills: int, seed: int) -> Outcome:
    """Kill the hub so often while messages become due, and count what was said of each."""
    file, diary = place.home / "demo-clock", Diary()
    settings = {clock.VARIABLE: str(file)}
    with place.hub(settings=settings) as hub:
        night = _Night(place, hub, file, Random(seed))  # noqa: S311
        night.put(0)
        hub.start_and_wait()
        await _send(place, diary)
        for _ in range(kills):
            await asyncio.to_thread(night.kill, WHOLE / kills)
        await asyncio.to_thread(wait_until, lambda: not _waiting(place, night.ahead), "all is done")
        if (code := hub.stop()) != 0:
            diary.trouble.append(f"at last the hub ended with {code}")
    findings = reconcile(place, diary)
    known, copy = read_books(place)
    reminders = [entry for entry in known.entries if entry["k"] == "reminder.sent"]
    with closing(sqlite.connect(copy)) as books:
        findings += [*forgotten(books), *doubled(reminders)]
        words = Counter(row[0] for row in books.execute("SELECT word FROM receipt"))
    return Outcome(
        "F10",
        f"Der Hub wird {kills}-mal abgeschossen, während viele Fristen zugleich ablaufen",
        "Niemand wird vergessen und niemand zweimal gefragt: je Nachricht eine Nachfrage bei der"
        " Vertretung und eine Meldung an den Absender, genau einmal; danach wird weiter erinnert.",
        (
            f"{night.killed + night.killed // 4} Abschüsse",
            f"{len(diary.answered)} Nachrichten, die niemand holt",
            f"{words['escalated']} Nachfragen bei der Vertretung",
            f"{words['overdue']} Meldungen an Absender",
            f"{len(reminders)} Erinnerungen",
        ),
        (f"Start bis bereit {spread(night.ready)}",),
        findings,
    )


async def _send(place: Place, diary: Diary) -> None:
    async with place.line(SCHOOL) as line:
        await line.directory()
        for number in range(MESSAGES):
            sender = Sender(line, (RHEINBERG, KREIS)[number % 2], diary)
            sent = sender.compose(URGENCIES[number // 2 % 2])
            while sent.first is None:
                await sender.submit(sent)


def _waiting(place: Place, ahead: float) -> int:
    """Count what is due by now and not done."""
    _, copy = read_books(place)
    now = int(time.time() + ahead)
    with closing(sqlite.connect(copy)) as books:
        query = "SELECT count(*) FROM message WHERE due_next <= ?"
        return int(books.execute(query, (now,)).fetchone()[0])


def forgotten(books: Any) -> list[str]:
    """Return every message of which too much, too little, or the wrong thing was said."""
    return [
        f"{message}: {finding}"
        for message, urgency, accepted_at, due_overdue, due_next in books.execute(
            "SELECT id, urgency, accepted_at, due_overdue, due_next FROM message ORDER BY id"
        ).fetchall()
        for finding in _of_one(books, message, (urgency, accepted_at, due_overdue, due_next))
    ]


def _of_one(books: Any, message: str, row: tuple[str, int, int, int | None]) -> Iterator[str]:
    urgency, _, due_overdue, due_next = row
    said = books.execute(
        "SELECT word, entered_at, id FROM receipt WHERE message_id = ?", (message,)
    ).fetchall()
    words = Counter(word for word, _, _ in said)
    if words != {"accepted": 1, "escalated": 1, "overdue": 1}:
        yield f"was said of it: {dict(words)}"
    for word, at, receipt in said:
        if word == "overdue" and at < due_overdue:
            yield "its sender was told too early"
        told = "SELECT count(*) FROM event WHERE receipt_id = ?"
        if word == "overdue" and books.execute(told, (receipt,)).fetchone()[0] != 1:
            yield "its sender hears nothing of it"
    asked = books.execute(
        "SELECT reason, unit FROM duty WHERE message_id = ?", (message,)
    ).fetchall()
    if [reason for reason, _ in asked] != ["escalated"]:
        yield f"was asked: {asked}"
    if due_next is None:
        yield f"has no clock any more ({urgency})"


def doubled(reminders: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Name the messages about which somebody was reminded twice at a time."""
    last: dict[str, datetime] = {}
    for entry in reminders:
        message, at = entry["obj"]["id"], datetime.fromisoformat(entry["t"])
        if message in last and (at - last[message]).total_seconds() < BETWEEN:
            yield f"{message}: reminded twice within {at - last[message]}"
        last[message] = at
