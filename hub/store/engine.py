# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which database is meant? A path is a file of SQLite, an address a server of PostgreSQL."""

from pathlib import Path

from hub.store.database import Database
from hub.store.postgresql import open_postgresql
from hub.store.sqlite import SAFE_WAL, open_sqlite, sqlite_version

__all__ = ["SAFE_WAL", "Database", "open_database", "sqlite_version"]


def open_database(where: Path | str) -> Database:
    """Open the database at a path or an address; a file that is not there is created empty.

    Raises ``ValueError`` for an address of another kind, without repeating it: it may hold a
    password.
    """
    if isinstance(where, str) and "://" in where:
        return open_postgresql(where)
    return open_sqlite(Path(where))
