# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings that durability and the triggers rest on are in force, not only written down."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from hub.errors import ReadOnly
from hub.store.engine import PRAGMAS, SAFE_WAL, Database, open_database, sqlite_version
from hub.store.schema import check_current, downgrade
from tests.unit.store.builders import SCHOOL, a_message, enter_message

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


def test_a_reader_cannot_write(database: Database) -> None:
    with (
        database.reading.connect() as connection,
        pytest.raises(OperationalError, match="readonly"),
    ):
        connection.execute(text("DELETE FROM message"))


def test_a_reader_sees_one_state_however_long_it_looks(database: Database) -> None:
    with database.reading.connect() as reader, reader.begin():
        before = reader.execute(text("SELECT count(*) FROM message")).scalar()
        with database.writing.connect() as writer, writer.begin():
            enter_message(writer, a_message())
        after = reader.execute(text("SELECT count(*) FROM message")).scalar()

    assert (before, after) == (0, 0)


def test_the_one_writing_connection_is_the_same_every_time(database: Database) -> None:
    with database.writing.connect() as first:
        one = first.connection.driver_connection
    with database.writing.connect() as second:
        assert second.connection.driver_connection is one


def test_the_library_is_new_enough_for_its_journal_mode(database: Database) -> None:
    """SQLite before 3.51.3 can corrupt a WAL that two connections write or checkpoint."""
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


def test_nothing_points_into_the_void(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO event (unit, receipt_id) VALUES (:unit, 'nirgends')"),
            {"unit": SCHOOL},
        )


def test_a_database_without_tables_is_not_opened_as_a_hub(tmp_path: Path) -> None:
    empty = open_database(tmp_path / "leer.sqlite")
    try:
        with empty.reading.connect() as connection, pytest.raises(ReadOnly, match="has schema"):
            check_current(connection)
    finally:
        empty.dispose()


def test_an_older_database_is_not_opened_as_a_hub(database: Database) -> None:
    downgrade(database.writing, "base")

    with database.reading.connect() as connection, pytest.raises(ReadOnly):
        check_current(connection)


def test_a_newer_database_is_not_opened_as_a_hub(database: Database) -> None:
    with database.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'aus der Zukunft'"))

    with database.reading.connect() as connection, pytest.raises(ReadOnly):
        check_current(connection)


def test_a_database_of_this_version_is_opened(database: Database) -> None:
    with database.reading.connect() as connection:
        check_current(connection)


def test_what_is_no_database_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").write_bytes(b"kein SQLite" * 100)
    broken = open_database(tmp_path / "hub.sqlite")
    try:
        with pytest.raises(DBAPIError), broken.reading.connect():
            pass
    finally:
        broken.dispose()


def test_an_error_does_not_repeat_the_values_of_its_statement(database: Database) -> None:
    with pytest.raises(IntegrityError) as broken, database.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO event (unit, receipt_id) VALUES (:unit, :receipt)"),
            {"unit": "Beispielkind", "receipt": None},
        )

    assert "Beispielkind" not in str(broken.value)
