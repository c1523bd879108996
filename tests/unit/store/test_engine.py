# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the hub relies on in a database, whichever it is."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.errors import ReadOnly
from hub.store.engine import Database, open_database
from hub.store.schema import check_current, downgrade
from tests.databases import an_empty_place
from tests.unit.store.builders import SCHOOL, a_message, enter_message


def test_a_reader_cannot_write(database: Database) -> None:
    with (
        database.reading.connect() as connection,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
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


def test_nothing_points_into_the_void(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO event (unit, receipt_id) VALUES (:unit, 'nirgends')"),
            {"unit": SCHOOL},
        )


def test_a_database_without_tables_is_not_opened_as_a_hub(tmp_path: Path) -> None:
    empty = open_database(an_empty_place(tmp_path))
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


def test_an_error_does_not_repeat_the_values_of_its_statement(database: Database) -> None:
    with pytest.raises(IntegrityError) as broken, database.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO event (unit, receipt_id) VALUES (:unit, :receipt)"),
            {"unit": "Beispielkind", "receipt": None},
        )

    assert "Beispielkind" not in str(broken.value)
