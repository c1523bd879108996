# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the file of SQLite have to be written anew, so that nothing that was erased stays in it?

``secure_delete`` overwrites a cell where it lies. But a cell that was moved before, because its
page was split or merged, may have left a copy in a free part of another page; nobody reads that,
and nobody overwrites it until its place is needed. Only a file that is written anew has no such
parts. That takes seconds, so it is owed from the erasure to the next night.
"""

from enum import IntEnum
from typing import Final

from sqlalchemy import Connection

from hub.store.database import HAS_ERASED

MOST: Final = 2 * 1024**3
"""Bytes; the library has a second copy in memory meanwhile, so a larger file is the operator's."""


class Owed(IntEnum):
    """What stands in the head of the file, in the number that is the program's own."""

    NOTHING = 0
    REWRITING = 1
    REWRITING_FAILED = 2

    @property
    def pragma(self) -> str:
        """The statement that sets it; it goes with the transaction, and into every copy."""
        return f"PRAGMA user_version = {self:d}"


def note_erased(connection: Connection) -> None:
    """Have the journal emptied after this group, and the file written anew some night."""
    connection.info[HAS_ERASED] = True
    if connection.dialect.name == "sqlite" and owed(connection) is Owed.NOTHING:
        connection.exec_driver_sql(Owed.REWRITING.pragma)


def owed(connection: Connection) -> Owed:
    """Return what is owed to what was erased.

    What a server's database does with its files is its own matter (``hub.store.vacuum``).
    """
    return Owed(_number(connection, "user_version"))


def is_too_large(connection: Connection) -> bool:
    """Whether the file is not written anew while the hub runs."""
    return _number(connection, "page_count") * _number(connection, "page_size") > MOST


def _number(connection: Connection, pragma: str) -> int:
    if connection.dialect.name != "sqlite":
        return 0
    return int(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())
