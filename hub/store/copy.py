# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One file for the auditor, whatever the hub's database is.

His program reads SQLite and needs nothing of ours. From PostgreSQL every row is copied, in one
snapshot, into a file with the same tables. The guards of that file are its own: whether those of
the server stand, ``hub.store.digest`` says.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from hub.store.database import Database
from hub.store.schema import upgrade
from hub.store.sqlite import open_sqlite, sqlite

AT_ONCE: Final = 1000
"""Rows in memory at a time."""


class NotCopyableError(Exception):
    """A table is missing, or holds rows that its keys do not allow."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


def write_copy(database: Database, to: Path) -> None:
    """Write a copy for the owner's eyes into a new file, while the hub goes on.

    Raises ``FileExistsError`` where there is a file, and ``NotCopyableError``.
    """
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with database.reading.connect() as connection:
        if database.kind == "sqlite":
            _back_up(connection, to)
        else:
            _pour(connection, to)


def _back_up(connection: Connection, to: Path) -> None:
    # The same library on both sides: another one in this process would, on closing the file, lift
    # the locks of the first (POSIX).
    source: Any = connection.connection.driver_connection
    with closing(sqlite.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def _pour(connection: Connection, to: Path) -> None:
    made = open_sqlite(to)
    upgrade(made.writing)
    made.dispose()
    with closing(sqlite.connect(to, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode=DELETE")
        # Whatever somebody has put into the server is to arrive, and is judged afterwards.
        target.execute("PRAGMA ignore_check_constraints=ON")
        guards = _named(target, "trigger")
        for name in guards:
            target.execute(f"DROP TRIGGER {name}")
        target.execute("BEGIN")
        for table in _named(target, "table"):
            _pour_table(connection, target, table)
        target.execute("COMMIT")
        for statement in guards.values():
            target.execute(statement)


def _pour_table(connection: Connection, target: Any, table: str) -> None:
    columns = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("?" * len(columns))
    target.execute(f'DELETE FROM "{table}"')  # noqa: S608  names from our own schema
    try:
        for rows in _rows(connection, f'SELECT {names} FROM "{table}"'):  # noqa: S608
            target.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)  # noqa: S608
    except (sqlite.IntegrityError, ProgrammingError):
        raise NotCopyableError(table) from None


def _rows(connection: Connection, query: str) -> Iterator[list[tuple[Any, ...]]]:
    streaming = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    with streaming.exec_driver_sql(query) as found:
        for rows in found.partitions():
            yield [tuple(row) for row in rows]


def _named(target: Any, kind: str) -> dict[str, str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'"
    return dict(target.execute(query, (kind,)).fetchall())
