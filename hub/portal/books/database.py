# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database of one portal: a file, one thread that writes, and a few that read.

The engine is the hub's, with all that it knows about disks; the tables are the portal's own.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, text

from hub.errors import Failure
from hub.portal.books.metadata import METADATA
from hub.store.engine import open_database
from hub.store.readers import Readers
from hub.store.writer import Writer

T = TypeVar("T")
VERSION: Final = 1
"""Of the tables; a newer file than this program knows is not opened."""
TOPICS: Final = ("people_tables", "mail_tables", "draft_tables", "barrier_tables")
"""Modules beside this one whose tables hang in the metadata."""


class NewerBooks(Failure):
    """A newer program has written these books; this one would not understand them."""

    code = "read-only"


class Books:
    """Reads and writes; every write is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        for topic in TOPICS:
            import_module(f"hub.portal.books.{topic}")
        self._database = open_database(path)
        with self._database.writing.begin() as connection:
            _prepare(connection)
        path.chmod(0o600)
        self._writer = Writer(self._database, _NoLog())
        self._readers = Readers(self._database.reading)

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Answer a question on one snapshot; it changes nothing."""
        return await self._readers.run_soon(question)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction; what it raises undoes it."""
        return await self._writer.commit(work)

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


def _prepare(connection: Connection) -> None:
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version > VERSION:
        raise NewerBooks
    METADATA.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {VERSION}"))
