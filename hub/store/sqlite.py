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

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool, StaticPool

from hub.errors import ReadOnly
from hub.store.database import Database, Kind
from hub.store.rewriting import Owed

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
IN_FORCE: Final = {
    "foreign_keys": {1},
    "synchronous": {2, 3},
    "recursive_triggers": {1},
    "trusted_schema": {0},
    "secure_delete": {1},
}
"""What the library has to say afterwards; one that does not know a pragma says nothing at all."""
PATIENCE: Final = 200
"""Milliseconds that emptying the journal waits for readers; everybody else waits meanwhile."""
GATHERED: Final = 1000
"""Pages in the journal after which they are brought into the database, as SQLite has it."""
READING: Final = 8
"""Connections that read: one for each thread, one for the event loop, and some for commands."""
_DISK_FAILED: Final = "disk I/O error"


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
        moved = self._checkpoint("TRUNCATE", f"PRAGMA busy_timeout={PATIENCE}")
        return moved is not None and not moved.is_busy

    def rewrite(self) -> bool:
        """Write the whole file anew; what it looked like before stands in no part of it.

        The new pages come through the journal, which is to be emptied afterwards as always.
        """
        was_done = self._tried("VACUUM")
        self._tried((Owed.NOTHING if was_done else Owed.REWRITING_FAILED).pragma)
        return was_done

    def _tried(self, statement: str) -> bool:
        pooled = self.writing.raw_connection()
        try:
            pooled.cursor().execute(statement)
        except sqlite.Error as trouble:
            if _DISK_FAILED in str(trouble):
                raise ReadOnly("The disk has failed; the hub has to be started anew.") from None
            return False
        else:
            return True
        finally:
            pooled.close()

    def is_spoiled(self, connection: Connection) -> bool:  # noqa: ARG002  it never is
        """Return False: a statement that fails takes back what it did, and nothing else."""
        return False

    def settle(self) -> None:
        """Do what SQLite would do by itself while it commits, but where a failure is seen.

        Its own checkpoints swallow the error of an fsync, and the hub would go on as if all were
        well.
        """
        if self.journal_mode != "WAL":
            return
        seen = self._checkpoint("NOOP")
        if seen is not None and seen.frames - seen.moved >= GATHERED:
            self._checkpoint("PASSIVE")

    def _checkpoint(self, mode: str, *before: str) -> "_Moved | None":
        pooled = self.writing.raw_connection()
        try:
            cursor = pooled.cursor()
            for pragma in before:
                cursor.execute(pragma)
            row = cursor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
            for pragma in PRAGMAS if before else ():
                cursor.execute(pragma)
        except sqlite.Error as trouble:
            if _DISK_FAILED in str(trouble):
                raise ReadOnly("The disk has failed; the hub has to be started anew.") from None
            return None
        else:
            return _Moved(bool(row[0]), row[1], row[2])
        finally:
            pooled.close()


@dataclass(frozen=True)
class _Moved:
    """What a checkpoint found: pages in the journal, and how many of them are in the database."""

    is_busy: bool
    frames: int
    moved: int


def check_in_force(connection: Any) -> None:
    """Refuse, by ``ReadOnly``, a connection on which triggers or keys could be passed by."""
    for name, meant in IN_FORCE.items():
        row = connection.execute(f"PRAGMA {name}").fetchone()
        if row is None or row[0] not in meant:
            raise ReadOnly(f"SQLite does not keep to {name}; the hub needs another library.")


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
    reading = create_engine(
        url, poolclass=QueuePool, pool_size=READING, max_overflow=0, **arguments
    )
    own = (f"PRAGMA journal_mode={journal_mode}", "PRAGMA wal_autocheckpoint=0")
    _prepare(writing, (*PRAGMAS, *own), "BEGIN IMMEDIATE")
    _prepare(reading, (*PRAGMAS, "PRAGMA query_only=ON"), "BEGIN")
    return SqliteDatabase(writing, reading, journal_mode)


def _prepare(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        # The driver would begin transactions at moments of its own choice; we say when.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)
        check_in_force(connection)

    @event.listens_for(engine, "begin")
    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)
