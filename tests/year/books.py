# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the database of the simulated hub, read beside it and without its code."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

OPEN: Final = "state IN ('accepted', 'taken')"


@dataclass(frozen=True)
class Row:
    """A message as the database has it."""

    id: str
    state: str
    on_duty: str
    due_next: int | None
    ends_at: int


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked later."""

    turn: int
    reason: str
    unit: str | None
    telephone: str | None
    since: int
    handed_over_at: int | None
    ended_at: int | None


@dataclass(frozen=True)
class Said:
    """A receipt."""

    id: str
    word: str
    signer: str
    entered_at: int


class Books:
    """Looks into the file of a database that a hub writes to."""

    def __init__(self, file: Path) -> None:
        self._lines = sqlite.connect(f"file:{file}?mode=ro", uri=True)

    def close(self) -> None:
        self._lines.close()

    @staticmethod
    def event_of(jws: str) -> Any:
        """Return what a receipt says, nothing verified."""
        [(_, said)] = Books.claims_of(jws)["events"].items()
        return said

    @staticmethod
    def claims_of(jws: str) -> dict[str, Any]:
        part = jws.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return claims

    def all_of(self, query: str, *values: object) -> Sequence[Any]:
        rows: list[Any] = self._lines.execute(query, values).fetchall()
        return rows

    def message(self, message: str) -> Row | None:
        query = "SELECT id, state, on_duty, due_next, ends_at FROM message WHERE id = ?"
        return next((Row(*row) for row in self.all_of(query, message)), None)

    def asked_of(self, message: str) -> list[Asked]:
        query = (
            "SELECT turn, reason, unit, telephone, since, handed_over_at, ended_at FROM duty"
            " WHERE message_id = ? ORDER BY turn"
        )
        return [Asked(*row) for row in self.all_of(query, message)]

    def said_of(self, message: str) -> list[Said]:
        query = (
            "SELECT id, word, signer, entered_at FROM receipt WHERE message_id = ?"
            " ORDER BY entered_at, seq"
        )
        return [Said(*row) for row in self.all_of(query, message)]

    def last_of(self, message: str, chain: str) -> str | None:
        query = (
            "SELECT digest FROM receipt WHERE message_id = ? AND chain = ?"
            " ORDER BY seq DESC LIMIT 1"
        )
        return next((str(row[0]) for row in self.all_of(query, message, chain)), None)

    def sender_of(self, message: str) -> str:
        return str(self.all_of("SELECT sender FROM message WHERE id = ?", message)[0][0])

    def is_told(self, unit: str, receipt: str) -> bool:
        """Tell whether a receipt waits for a unit, to be fetched as an event."""
        query = "SELECT 1 FROM event WHERE unit = ? AND receipt_id = ?"
        return bool(self.all_of(query, unit, receipt))

    def next_due(self) -> int | None:
        """Return the first second at which the hub has to do anything by its clocks."""
        told = "SELECT 1 FROM receipt WHERE message_id = message.id AND word = 'overdue'"
        found = [
            row[0]
            for query in (
                "SELECT min(due_next) FROM message WHERE due_next IS NOT NULL",
                f"SELECT min(due_overdue) FROM message WHERE {OPEN} AND NOT EXISTS ({told})",  # noqa: S608
                "SELECT min(ends_at) FROM message WHERE state = 'accepted'",
                "SELECT min(due_reminder) FROM conversation WHERE due_reminder IS NOT NULL",
            )
            for row in self.all_of(query)
            if row[0] is not None
        ]
        return min(found, default=None)

    def due_by(self, now: int) -> list[str]:
        """Return messages that the hub has to look at."""
        query = "SELECT id FROM message WHERE due_next IS NOT NULL AND due_next <= ?"
        return [row[0] for row in self.all_of(query, now)]

    def untold(self, now: int) -> list[str]:
        """Return open messages of which the sender has to be told that nobody took note."""
        told = "SELECT 1 FROM receipt WHERE message_id = message.id AND word = 'overdue'"
        query = f"SELECT id FROM message WHERE {OPEN} AND due_overdue <= ? AND NOT EXISTS ({told})"  # noqa: S608
        return [row[0] for row in self.all_of(query, now)]

    def without_clock(self) -> list[str]:
        query = f"SELECT id FROM message WHERE {OPEN} AND due_next IS NULL"  # noqa: S608
        return [row[0] for row in self.all_of(query)]

    def without_owner(self) -> list[str]:
        """Return open messages whose every turn has ended."""
        of_it = "SELECT 1 FROM duty WHERE message_id = message.id"
        query = (
            f"SELECT id FROM message WHERE {OPEN}"  # noqa: S608
            f" AND EXISTS ({of_it} AND unit = on_duty AND ended_at IS NOT NULL)"
            f" AND NOT EXISTS ({of_it} AND unit IS NOT NULL AND ended_at IS NULL)"
        )
        return [row[0] for row in self.all_of(query)]
