# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who owns the file: no trigger, no constraint and no library stands in his way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

from hub.audit.verify import Finding

KEYS: Final = {
    "audit_body": ("event_id",),
    "audit_leaf": ("idx",),
    "tile": ("level", "n"),
    "checkpoint": ("size",),
    "addition": ("message_id", "kid"),
    "directory_entry": ("organisation", "version"),
    "adoption": ("organisation", "protocol", "digest"),
    "passing": ("message_id", "by_message"),
}
"""Columns by which a row is called; ``id`` where nothing else is said."""
UNSIGNED: Final = {
    ("conversation", "closed_at"),
    ("conversation", "due_reminder"),
    ("conversation", "key_id"),
    ("message", "answered_within"),
    ("message", "on_duty"),
    ("message", "due_next"),
}
"""What nobody signed and no entry repeats: when the hub closes or asks by itself, whom first.

Whether the key of a conversation is the right one, only who opens its entries can say (``doctor``).
"""
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Cell:
    """One value in a database."""

    table: str
    column: str
    key: Key
    value: Any

    @property
    def where(self) -> str:
        return " AND ".join(f"{name} = ?" for name in KEYS.get(self.table, ("id",)))

    def is_named_by(self, finding: Finding, *keys: Key) -> bool:
        """Whether a finding names this place, by the key of now or of before.

        A row whose key was changed has moved; then the gap that it left is as good a name.
        """
        rows = {"/".join(map(str, key)) for key in (self.key, *keys)}
        rows |= {str(key[0]) for key in (self.key, *keys)}
        # An adoption is called by organisation and protocol alone.
        rows |= {"/".join(map(str, key[:2])) for key in (self.key, *keys)}
        has_moved = self.column in KEYS.get(self.table, ("id",))
        return (
            finding.table == self.table
            and self.column in finding.column.split(",")
            and (finding.row in rows or has_moved)
        )


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without its triggers; they stand again afterwards, as if nothing had been."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA synchronous = OFF")
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
        connection.execute("BEGIN")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)
        connection.execute("COMMIT")


def cells(path: Path, table: str) -> list[Cell]:
    """Return every value of every row, row by row; what is not there cannot be changed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        # The names of tables are ours.
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    return [
        Cell(table, column, tuple(row[name] for name in KEYS.get(table, ("id",))), row[column])
        for row in rows
        for column in row.keys()  # noqa: SIM118  a row is no mapping
        if row[column] is not None and (table, column) not in UNSIGNED
    ]


def flip(path: Path, cell: Cell) -> Key:
    """Change one bit of one value; returns the key of its row afterwards.

    Where that would make two rows one, which no file can hold, another bit is taken.
    """
    with opened(path) as connection:
        for attempt in count():
            value = flipped(cell.value, f"{attempt} {cell.table} {cell.column} {cell.key}")
            statement = f"UPDATE {cell.table} SET {cell.column} = ? WHERE {cell.where}"  # noqa: S608
            try:
                connection.execute(statement, (value, *cell.key))
            except sqlite3.IntegrityError:
                continue
            break
    names = KEYS.get(cell.table, ("id",))
    return tuple(
        value if name == cell.column else old for name, old in zip(names, cell.key, strict=True)
    )


def flipped(value: Any, seed: str) -> Any:
    """Return a value with one bit changed, at a place that the seed chooses."""
    at = int.from_bytes(sha256(seed.encode()).digest()[:8])
    if isinstance(value, int):
        return value ^ (1 << at % 24)
    octets = bytearray(value if isinstance(value, bytes) else value.encode())
    # The highest bit of a text stays: then it is still one.
    octets[at % len(octets)] ^= 1 << at // 7 % (8 if isinstance(value, bytes) else 7)
    return bytes(octets) if isinstance(value, bytes) else octets.decode()


def swap(path: Path, table: str, columns: tuple[str, ...], one: Key, other: Key) -> None:
    """Exchange values of two rows; everything else of each stays where it is."""
    where = Cell(table, "", one, None).where
    with opened(path) as connection:
        connection.row_factory = sqlite3.Row
        found = [
            dict(connection.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchone())  # noqa: S608
            for key in (one, other)
        ]
        for key in (one, other):
            connection.execute(f"DELETE FROM {table} WHERE {where}", key)  # noqa: S608
        for row, source in zip(found, reversed(found), strict=True):
            changed = {**row, **{column: source[column] for column in columns}}
            marks = ", ".join("?" * len(changed))
            connection.execute(
                f"INSERT INTO {table} ({', '.join(changed)}) VALUES ({marks})",  # noqa: S608
                tuple(changed.values()),
            )
