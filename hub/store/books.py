# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small database of somebody else than the hub: a file, one thread that writes, some that read.

Portal and connector keep books of their own. The engine is the hub's, with all that it knows about
disks; the tables are theirs, and there is no log among them.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, MetaData, text

from hub.errors import ReadOnly
from hub.store.engine import open_database
from hub.store.readers import Readers
from hub.store.writer import GroupLog, Writer

T = TypeVar("T")
U = TypeVar("U")


class Books:
    """Reads and writes; every write is on the disk when it returns."""

    def __init__(
        self,
        path: Path,
        tables: Iterable[MetaData],
        version: int,
        *,
        log: GroupLog | None = None,
    ) -> None:
        """Open the file, or make it; raises ``ReadOnly`` for one of a newer program.

        ``log`` is told of every group, for books that have to be proven to somebody.
        """
        self._database = open_database(path)
        with self._database.writing.begin() as connection:
            _prepare(connection, tables, version)
        path.chmod(0o600)
        self._writer = Writer(self._database, log or _NoLog())
        self._readers = Readers(self._database.reading)

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Answer a question on one snapshot; it changes nothing."""
        return await self._readers.run_soon(question)

    async def read_long(self, question: Callable[[Connection], T]) -> T:
        """Answer a question that takes a while; others are answered meanwhile."""
        return await self._readers.run(question)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction; what it raises undoes it."""
        return await self._writer.commit(work)

    async def write_and(
        self, work: Callable[[Connection], T], finish: Callable[[Connection, T], U]
    ) -> U:
        """Do the same, and make the answer once the log of the group is closed."""
        return await self._writer.commit(work, finish)

    def read_now(self, question: Callable[[Connection], T]) -> T:
        """Answer in this thread (commands, tests)."""
        return self._readers.run_now(question)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Write from a thread that may wait (commands, tests)."""
        return self._writer.commit_now(work)

    def close(self) -> None:
        """Finish what waits and close the file."""
        self._writer.stop()
        self._readers.stop()
        self._database.dispose()


class _NoLog:
    """The log is the hub's; here stands nothing that anybody else has to prove."""

    def open(self, connection: Connection) -> None: ...
    def mark(self) -> int:
        return 0

    def rewind(self, mark: int) -> None: ...
    def close_group(self, connection: Connection) -> None: ...
    def commit_group(self) -> None: ...
    def abort_group(self) -> None: ...


def _prepare(connection: Connection, tables: Iterable[MetaData], version: int) -> None:
    found = connection.execute(text("PRAGMA user_version")).scalar_one()
    if found > version:
        raise ReadOnly("Ein neueres Programm hat diese Datei geschrieben.")
    for each in tables:
        each.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {version}"))
