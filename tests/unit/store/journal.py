# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log that writes down what the writer asks of it, and a writer that can be held up."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, text

from hub.store.database import Database
from hub.store.writer import Writer


class Journal:
    """Stands where the log stands; keeps names of jobs instead of entries."""

    def __init__(self) -> None:
        self.said: list[str] = []
        """What happened, in order."""
        self.pending: list[str] = []
        """Names in the open group."""
        self.groups: list[tuple[str, ...]] = []
        """Names of each group that was committed."""
        self.times_opened = 0

    def note(self, name: str) -> None:
        self.pending.append(name)

    def open(self, connection: Connection) -> None:
        assert connection.in_transaction()
        self.times_opened += 1

    def mark(self) -> int:
        return len(self.pending)

    def rewind(self, mark: int) -> None:
        self.said.append(f"rewind to {mark}")
        del self.pending[mark:]

    def close_group(self, connection: Connection) -> object:
        assert connection.in_transaction()
        self.said.append("close group")
        return None

    def commit_group(self) -> None:
        self.said.append("group is kept")
        self.groups.append(tuple(self.pending))
        self.pending.clear()

    def abort_group(self) -> None:
        self.said.append("group is lost")
        self.pending.clear()


@contextmanager
def a_writer(
    database: Database, journal: Journal, after_commit: Callable[[], None] = lambda: None
) -> Iterator[Writer]:
    for name in ("commit", "rollback"):
        event.listen(
            database.writing, name, lambda _connection, name=name: journal.said.append(name)
        )
    writer = Writer(database, journal, after_commit)
    try:
        yield writer
    finally:
        writer.stop()


class Gate:
    """Holds the writer up, so that what is handed in meanwhile becomes one group."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.released = threading.Event()

    def __call__(self, _connection: Any) -> None:
        self.reached.set()
        assert self.released.wait(60)

    async def wait(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.reached.wait, 60)


async def settle() -> None:
    """Let the loop do everything that it has been told to do."""
    for _ in range(20):
        await asyncio.sleep(0)


def names(connection: Connection) -> list[str]:
    """Return what jobs have written: hubs by name, the plainest table there is."""
    order = {"sqlite": "rowid", "postgresql": "ctid"}[connection.dialect.name]
    return list(connection.execute(text(f"SELECT id FROM hub ORDER BY {order}")).scalars())  # noqa: S608
