# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub is killed while it forgets: content, conversations, keys, and at last entries.

The clock of the demonstration is put ahead by years, in steps; with every step something is due,
and the kill comes at some moment while it goes. Nothing may go that no entry names, and nothing
that is named may stay.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

from hub import clock
from hub.audit.openings.file import FILE
from hub.main.democlock import write_clock
from hub.store.engine import open_database
from tests.faults.books import read_books, reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary
from tests.faults.hub import HubProcess, Late, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.faults.signer import a_policy

ENOUGH: Final = 24
"""Messages that were taken note of before the years pass; more for more kills."""
MOST: Final = 200
YEAR: Final = 366 * 86_400
SENDERS: Final = 2
YEARS: Final = 4
"""That pass under fire."""
MOST_YEARS: Final = 20
"""After the last kill: what ended late is due at the end of the year after."""
PATIENCE: Final = 3
"""Seconds that the hub has for what a year makes due."""
LONGEST: Final = 0.8
EARLY: Final = 0.05


@dataclass
class _Years:
    """A hub, the file of its clock, and what was counted."""

    hub: HubProcess
    file: Path
    random: Random
    ahead: float = 0
    ready: list[float] = field(default_factory=list)

    def put(self, seconds: float) -> None:
        self.ahead += seconds
        write_clock(self.file, self.ahead)

    def kill(self) -> None:
        """Kill the hub at its work, and start it again."""
        time.sleep(self.random.uniform(EARLY, LONGEST))
        self.hub.kill()
        self.ready.append(self.hub.start_and_wait())

    def pass_until(self, is_done: Callable[[], bool]) -> None:
        """Let years pass in peace until all is gone; raises ``Late``."""
        for _ in range(MOST_YEARS):
            self.put(YEAR)
            with suppress(Late):
                wait_until(is_done, "all is forgotten", PATIENCE)
                return
        raise Late("not all is forgotten after years")


async def kill_forgetting(place: Place, kills: int, seed: int) -> Outcome:
    """Kill the hub so often while years pass, and look at what is left."""
    file = place.home / "demo-clock"
    with a_policy(place) as (policy, _):
        settings = {
            clock.VARIABLE: str(file),
            "MELDEWEG_WITNESS_POLICY": str(policy),
            "MELDEWEG_WITNESS_EVERY": "1",
        }
        with place.hub(settings=settings) as hub:
            years = _Years(hub, file, Random(seed))  # noqa: S311
            years.put(0)
            hub.start_and_wait()
            diary = await _exchange(place, min(ENOUGH + kills, MOST))
            for number in range(kills):
                # What a year makes due is more than one life of the hub can do.
                if number % max(1, kills // YEARS) == 0:
                    years.put(YEAR)
                await asyncio.to_thread(years.kill)
            await asyncio.to_thread(years.pass_until, lambda: not _left(place))
            if (code := hub.stop()) != 0:
                diary.trouble.append(f"at last the hub ended with {code}")
    findings = [*reconcile(place, diary), *_unforgotten(place)]
    return _outcome(place, diary, years, findings)


async def _exchange(place: Place, enough: int) -> Diary:
    async with a_crowd(place, senders=SENDERS) as crowd:
        await asyncio.to_thread(
            wait_until, lambda: len(crowd.diary.taken) >= enough, "messages are taken"
        )
        await crowd.finish()
    return crowd.diary


def _rows(place: Place, query: str) -> list[Any]:
    _, copy = read_books(place)
    with closing(sqlite.connect(copy)) as books:
        rows: list[Any] = books.execute(query).fetchall()
        return rows


def _left(place: Place) -> int:
    """Count what has yet to go: conversations, erasures under way, orders not carried out."""
    database = open_database(place.data.place)
    try:
        with database.reading.connect() as connection:
            return int(connection.exec_driver_sql(_LEFT).scalar_one())
    finally:
        database.dispose()


_LEFT: Final = """SELECT (SELECT count(*) FROM conversation) + (SELECT count(*) FROM erasure)
+ (SELECT count(*) FROM prune_due)
+ (SELECT CASE count(*) WHEN 0 THEN 1 ELSE 0 END FROM prune_order)"""


def _unforgotten(place: Place) -> Iterator[str]:
    """Hold the opening store against the entries that say what was destroyed."""
    said = _rows(place, _ERASED)
    objects = [json.loads(body)["obj"] for (body,) in said]
    named = {
        kind: {obj["id"] for obj in objects if obj["ty"] == kind}
        for kind in ("conversation", "message")
    }
    with closing(sqlite3.connect(place.data.openings / FILE)) as store:
        keys = {row[0] for row in store.execute("SELECT id FROM conversation_key")}
    used = {row[0] for row in _rows(place, "SELECT key_id FROM conversation")}
    gone = {row[0] for row in _rows(place, "SELECT id FROM message WHERE env IS NULL")}
    if keys & named["conversation"]:
        yield "a key that the log says is destroyed is there"
    if used - keys:
        yield "the key of a conversation is gone, and the conversation is not"
    if gone != named["message"]:
        yield "what the log says is forgotten is not what is forgotten"


_ERASED: Final = """SELECT body FROM audit_body JOIN audit_event ON audit_event.id = event_id
WHERE kind = 'data.erased'"""


def _outcome(place: Place, diary: Diary, years: _Years, findings: list[str]) -> Outcome:
    [(bodies, leaves)] = _rows(
        place, "SELECT (SELECT count(*) FROM audit_body), (SELECT count(*) FROM audit_leaf)"
    )
    erased = _rows(place, "SELECT count(*) FROM message WHERE env IS NULL")[0][0]
    return Outcome(
        "F12",
        f"Der Hub wird {len(years.ready)}-mal abgeschossen, während Jahre vergehen und er vergisst",
        "Nichts geht, was kein Eintrag nennt, und was einer nennt, ist fort: Schlüssel, Umschläge,"
        " Konversationen, zuletzt die Einträge, und die erst vor Zeugen. Das Protokoll hält.",
        (
            f"{len(diary.answered)} Nachrichten quittiert, {erased} vergessen",
            f"{leaves - bodies} von {leaves} Einträgen gelöscht",
        ),
        (f"Start bis bereit {spread(years.ready)}",),
        findings,
    )
