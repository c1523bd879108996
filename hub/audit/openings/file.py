# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the file of the opening store, and how is it written so that nothing stays?"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hub.audit.openings.months import MonthKeys

FILE: Final = "oeffnungen.sqlite"
KEYS: Final = "schluessel"
_TABLES: Final = (
    """CREATE TABLE conversation_key (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL,
    month TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX conversation_key_month ON conversation_key (month)",
    """CREATE TABLE opening (entry_id TEXT NOT NULL, field TEXT NOT NULL, key_id TEXT,
    wrapped BLOB NOT NULL, month TEXT NOT NULL,
    PRIMARY KEY (entry_id, field)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX opening_of_key ON opening (key_id) WHERE key_id IS NOT NULL",
    "CREATE INDEX opening_month ON opening (month)",
)
# The rollback journal is a file of its own that goes with each commit: what was overwritten is
# nowhere afterwards. A journal that is written ahead (WAL) would keep it.
_PRAGMAS: Final = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA busy_timeout=5000",
)


def create_openings(folder: Path, now: float) -> None:
    """Make an empty store; raises ``FileExistsError`` where one is."""
    folder.mkdir(mode=0o700, exist_ok=True)
    keys = folder / KEYS
    keys.mkdir(mode=0o700, exist_ok=True)
    MonthKeys(keys).make(now)
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    connection = connected(folder / FILE)
    for statement in _TABLES:
        connection.execute(statement)
    connection.close()


def connected(path: Path) -> sqlite3.Connection:
    # Never made anew in passing: an empty store would look like one whose keys are destroyed.
    address = f"{path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
