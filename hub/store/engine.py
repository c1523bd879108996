# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database: one writing connection, a few reading ones.

SQLite before 3.51.3 can corrupt a database in WAL mode that several connections write or
checkpoint. The bundled driver is newer; where it is missing, the standard library serves with
``journal_mode=DELETE``, and ``describe`` says so at start.
"""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # pragma: no cover  the lock file brings it
    import sqlite3 as sqlite

SAFE_WAL = (3, 51, 3)
PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA mmap_size=0",
)


@dataclass(frozen=True)
class Database:
    """The engines of one node: ``writing`` has exactly one connection."""

    writing: Engine
    reading: Engine
    journal_mode: str

    def describe(self) -> str:
        return f"SQLite {sqlite.sqlite_version}, journal_mode={self.journal_mode}"

    def dispose(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def sqlite_version() -> tuple[int, ...]:
    return tuple(int(part) for part in sqlite.sqlite_version.split("."))


def open_database(path: Path) -> Database:
    """Open the SQLite database at ``path``; creates an empty one where none is."""
    journal_mode = "WAL" if sqlite_version() >= SAFE_WAL else "DELETE"
    url = f"sqlite+pysqlite:///{path}"
    module: ModuleType = sqlite
    arguments: dict[str, Any] = {"check_same_thread": False}
    writing = create_engine(url, module=module, poolclass=StaticPool, connect_args=arguments)
    reading = create_engine(
        url, module=module, poolclass=QueuePool, pool_size=4, max_overflow=0, connect_args=arguments
    )
    _prepare(writing, (*PRAGMAS, f"PRAGMA journal_mode={journal_mode}"), "BEGIN IMMEDIATE")
    _prepare(reading, (*PRAGMAS, "PRAGMA query_only=ON"), "BEGIN")
    return Database(writing, reading, journal_mode)


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
