# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what the clients hold agree with what the hub holds?

The books are read from a copy and without the hub: rows, entries and receipts as they stand. What
the program of the auditor says about the same copy is a finding like any other.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from hub.sealing.canonical import digest
from tests.faults.diary import Diary
from tests.faults.place import Place
from tests.house.source import ROOT
from tests.journeys.copies import copy_of

VERIFY = ROOT / "hub" / "audit" / "verify.py"


@dataclass(frozen=True)
class Books:
    """What a hub holds, as far as clients can know of it."""

    requests: dict[str, str]
    """Digest of the bytes of each message, by id."""
    told: tuple[str, ...]
    """Id of the message of each entry that says one was accepted."""
    receipts: dict[str, str]
    """Receipts by digest."""
    events: frozenset[str]
    leaves: tuple[tuple[int, str | None], ...]
    """Index, and entry if it has its body or an order let that go, of each leaf."""
    entries: tuple[dict[str, Any], ...]
    """What the log says, in its order."""
    groups: int
    running_leases: int

    @classmethod
    def read(cls, copy: Path) -> "Books":
        """Read a copy that nobody else uses."""
        with closing(sqlite.connect(copy)) as connection:

            def all_of(query: str) -> list[Any]:
                rows: list[Any] = connection.execute(query).fetchall()
                return rows

            bodies = all_of(
                "SELECT idx, audit_leaf.event_id, body, EXISTS (SELECT 1 FROM prune_order"
                " WHERE idx BETWEEN first_idx AND last_idx) FROM audit_leaf"
                " LEFT JOIN audit_body USING (event_id) ORDER BY idx"
            )
            accepted = "SELECT message_id FROM audit_event WHERE kind = 'message.accepted'"
            return cls(
                requests=dict(all_of("SELECT id, request FROM message")),
                told=tuple(row[0] for row in all_of(accepted)),
                receipts=dict(all_of("SELECT digest, jws FROM receipt")),
                events=frozenset(row[0] for row in all_of("SELECT id FROM audit_event")),
                leaves=tuple((row[0], row[1] if row[2] or row[3] else None) for row in bodies),
                entries=tuple(json.loads(row[2]) for row in bodies if row[2]),
                groups=all_of("SELECT count(*) FROM checkpoint")[0][0],
                running_leases=all_of("SELECT count(*) FROM lease WHERE expires_at > 0")[0][0],
            )


def read_books(place: Place) -> tuple[Books, Path]:
    """Copy the database of a place and read the copy; gives both."""
    copy = place.home / "copy.sqlite"
    copy.unlink(missing_ok=True)
    copy_of(place.data, copy)
    return Books.read(copy), copy


def reconcile(place: Place, diary: Diary, *, also: Sequence[str] = ()) -> list[str]:
    """Return everything in which clients, rows, entries and receipts do not agree.

    ``also`` are ids that somebody has sent who keeps no diary.
    """
    books, copy = read_books(place)
    return [
        *diary.trouble,
        *_lost(books, diary),
        *_doubled(books, {*also, *(sent.draft.id for sent in diary.sent)}),
        *_unpaired(books),
        *_backwards(books),
        *_verified(copy, place),
    ]


def _lost(books: Books, diary: Diary) -> Iterator[str]:
    """An answer means "on the disk": the message, and every receipt that somebody holds."""
    for sent in diary.answered:
        if books.requests.get(sent.draft.id) != digest(sent.draft.body):
            yield f"lost: {sent.draft.id} was accepted and is not there"
        jws = json.loads(sent.first or b"{}")["receipt"]
        if books.receipts.get(digest(jws)) != jws:
            yield f"lost: the receipt of {sent.draft.id} is not there"
    for name, jws in diary.receipts.items():
        if books.receipts.get(name) != jws:
            yield f"lost: a receipt that was answered is not there ({name})"


def _doubled(books: Books, sent: set[str]) -> Iterator[str]:
    """Each message is one: one row for its bytes, one entry, and nothing that nobody sent."""
    for request, times in Counter(books.requests.values()).items():
        if times > 1:
            yield f"doubled: {times} rows for the same bytes ({request})"
    for message_id, times in Counter(books.told).items():
        if times > 1:
            yield f"doubled: {times} entries say that {message_id} was accepted"
    for message_id in books.requests.keys() - sent:
        yield f"strange: nobody has sent {message_id}"


def _unpaired(books: Books) -> Iterator[str]:
    """No message without entry, no entry without message, no entry without its place."""
    told = set(books.told)
    for message_id in books.requests.keys() - told:
        yield f"no entry: {message_id}"
    for message_id in told - books.requests.keys():
        yield f"no message: an entry says that {message_id} was accepted"
    in_tree = {event for _, event in books.leaves if event}
    if in_tree != books.events or len(books.leaves) != len(books.events):
        yield "the log: entries without a place in the tree, or places without an entry"
    if [index for index, _ in books.leaves] != list(range(len(books.leaves))):
        yield "the log: its places are not counted one by one"


def _backwards(books: Books) -> Iterator[str]:
    for before, after in pairwise(books.entries):
        if after["t"] < before["t"]:
            yield f"the log: its time runs back after {before['t']}"


def _verified(copy: Path, place: Place) -> Iterator[str]:
    """Let the auditor's program look at the copy; it needs nothing of the hub."""
    said = subprocess.run(
        [sys.executable, VERIFY, "db", copy, "--vkey", place.vkey],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode != 0:
        yield f"the auditor's program: {said.stdout[-500:]}{said.stderr[-500:]}"
