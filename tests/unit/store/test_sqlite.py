# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings that durability and the triggers rest on are in force, not only written down."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.store.engine import Database, open_database
from hub.store.sqlite import PRAGMAS, SAFE_WAL, SqliteDatabase, sqlite_version
from tests.databases import sqlite_only

pytestmark = sqlite_only

FULL = 2
SETTINGS = {
    "foreign_keys": 1,
    "synchronous": FULL,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
    "busy_timeout": 5000,
    "mmap_size": 0,
    "journal_mode": "wal",
}


def setting(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        value: object = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        return value


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("side", ["writing", "reading"])
def test_a_setting_is_in_force_on_both_sides(database: Database, side: str, name: str) -> None:
    # A file of zero bytes cannot be mapped; SQLite then answers nothing.
    found = setting(getattr(database, side), name)

    assert (found or 0 if name == "mmap_size" else found) == SETTINGS[name]


def test_no_setting_is_written_down_that_is_not_looked_at() -> None:
    written = {pragma.removeprefix("PRAGMA ").partition("=")[0] for pragma in PRAGMAS}

    assert written == SETTINGS.keys() - {"journal_mode"}


def test_the_library_is_new_enough_for_its_journal_mode(database: Database) -> None:
    """SQLite before 3.51.3 can corrupt a WAL that two connections write or checkpoint."""
    assert isinstance(database, SqliteDatabase)
    assert database.journal_mode == ("WAL" if sqlite_version() >= SAFE_WAL else "DELETE")
    assert database.describe().startswith(f"SQLite {'.'.join(map(str, sqlite_version()))}, ")


# Where the machine's own library is new as well, the two may rightly be of one version.
@pytest.mark.skipif(sqlite3.sqlite_version_info >= SAFE_WAL, reason="the other library is new too")
def test_the_bundled_library_is_not_that_of_the_standard_library() -> None:
    assert sqlite_version() != sqlite3.sqlite_version_info


def test_a_table_takes_no_value_of_another_type(database: Database) -> None:
    """Without STRICT, SQLite would keep a text where a number belongs."""
    with (
        database.writing.connect() as connection,
        connection.begin(),
        pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER"),
    ):
        connection.execute(text("INSERT INTO hub (id, created_at) VALUES ('a', 'gestern')"))


def test_what_is_no_database_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").write_bytes(b"kein SQLite" * 100)
    broken = open_database(tmp_path / "hub.sqlite")
    try:
        with pytest.raises(DBAPIError), broken.reading.connect():
            pass
    finally:
        broken.dispose()
