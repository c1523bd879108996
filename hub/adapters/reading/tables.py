# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the log of reading lie on the disk? In the tables of the hub's log, and two beside it.

The tables of the log are append-only by the same triggers. Beside them stand the secrets of the
years and whose pseudonyms they make: these go with their year, so they are no part of the log.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)

from hub.audit import tables as log
from hub.audit.triggers import triggers
from hub.store import books
from hub.store.writer import GroupLog

VERSION: Final = 1
"""Of the tables; a newer file than this program knows is not opened."""
METADATA: Final = MetaData()
_STRICT: Final[dict[str, Any]] = {"sqlite_strict": True, "sqlite_with_rowid": False}

audit_event: Final = Table(
    "audit_event",
    METADATA,
    Column("id", Text, primary_key=True, nullable=False),
    # The hub's triggers name it; here is no message that an entry could bring with it.
    Column("message_id", Text, CheckConstraint("message_id IS NULL"), nullable=True),
    Column("kind", Text, nullable=False),
    **_STRICT,
)
for _each in log.TABLES:
    if _each.name != audit_event.name:
        _each.to_metadata(METADATA)
year_secret: Final = Table(
    "year_secret",
    METADATA,
    Column("year", Integer, primary_key=True, nullable=False, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
)
reader: Final = Table(
    "reader",
    METADATA,
    Column("pid", Text, primary_key=True, nullable=False),
    Column("year", Integer, nullable=False),
    Column("person", Text, nullable=False),
    **_STRICT,
)
"""Whose pseudonym it is, for as long as the entries of that year have their bodies."""


@event.listens_for(METADATA, "after_create")
def _protect(_target: object, connection: Connection, tables: list[Table], **_: Any) -> None:
    if audit_event in tables:
        for statement in triggers(connection.dialect.name, of_log_alone=True):
            connection.exec_driver_sql(statement)


class Books(books.Books):
    """The database of one log; every group of writes ends with a signed head."""

    def __init__(self, path: Path, log: GroupLog) -> None:
        super().__init__(path, (METADATA,), VERSION, log=log)
