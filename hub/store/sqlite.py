# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file as the database: one process, nothing to install.

SQLite before 3.51.3 can corrupt a database in WAL mode that several connections write or
checkpoint. The bundled driver is newer; where it is missing, the standard library serves with
``journal_mode=DELETE``, and ``describe`` says so at start.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool, StaticPool

from hub.store.database import Database, Kind

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # pragma: no cover  the lock file brings it
    import sqlite3 as sqlite

__all__ = ["PRAGMAS", "SAFE_WAL", "SqliteDatabase", "open_sqlite", "sqlite", "sqlite_version"]
SAFE_WAL: Final = (3, 51, 3)
PRAGMAS: Final = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA mmap_size=0",
)
PATIENCE: Final = 200
"""Milliseconds that emptying the journal waits for readers; everybody else waits meanwhile."""


@dataclass(frozen=True)
class SqliteDatabase(Database):
    """One file. What was erased is overwritten in it, and then in its journal."""

    journal_mode: str

    @property
    def kind(self) -> Kind:
        return "sqlite"

    def describe(self) -> str:
        return f"SQLite {sqlite.sqlite_version}, journal_mode={self.journal_mode}"

    def forget(self) -> bool:
        """Bring what is in the journal (WAL) into the database and cut the journal to nothing.

        Pages that were overwritten live on in it until then. Returns False where a reader still
        needs them, or where it did not work; then it has to be tried again.
        """
        pooled = self.writing.raw_connection()
        try:
            cursor = pooled.cursor()
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            is_busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            for pragma in PRAGMAS:
                cursor.execute(pragma)
        except sqlite.Error:
            return False
        else:
            return not is_busy
        finally:
            pooled.close()


def sqlite_version() -> tuple[int, ...]:
    return tuple(int(part) for part in sqlite.sqlite_version.split("."))


def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the database at ``path``; creates an empty one where none is."""
    journal_mode = "WAL" if sqlite_version() >= SAFE_WAL else "DELETE"
    url = f"sqlite+pysqlite:///{path}"
    # Errors without the values of their statement: they are what people have sent.
    arguments: dict[str, Any] = {
        "module": sqlite,
        "hide_parameters": True,
        "connect_args": {"check_same_thread": False},
    }
    writing = create_engine(url, poolclass=StaticPool, **arguments)
    reading = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=0, **arguments)
    _prepare(writing, (*PRAGMAS, f"PRAGMA journal_mode={journal_mode}"), "BEGIN IMMEDIATE")
    _prepare(reading, (*PRAGMAS, "PRAGMA query_only=ON"), "BEGIN")
    return SqliteDatabase(writing, reading, journal_mode)


def _prepare(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        # The driver would begin transactions at moments of its own choice; we say when.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)
