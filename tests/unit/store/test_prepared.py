# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A statement compiled once says what it said before, and fails as SQLAlchemy fails."""

import pytest
from sqlalchemy import Connection, bindparam, func, insert, literal_column, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.store.messages import message
from hub.store.prepared import MOST_AT_ONCE, Prepared, PreparedRows, execute_raw
from hub.store.replay import replay
from hub.store.savepoint import savepoint
from tests.unit.store.builders import OFFICE, a_message, an_id, enter_message

SECRET = "geheimer-wert-4711"


def test_rows_are_those_of_the_statement(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    statement = select(message.c.id, message.c.position).where(
        message.c.recipient == bindparam("unit"), message.c.state == "accepted"
    )
    prepared = Prepared(statement)

    expected = [tuple(row) for row in connection.execute(statement, {"unit": OFFICE})]

    assert [tuple(row) for row in prepared.rows(connection, {"unit": OFFICE})] == expected
    assert tuple(prepared.first(connection, {"unit": OFFICE})) == (an_id(1), 1)
    assert prepared.first(connection, {"unit": "niemand"}) is None


def test_it_says_how_many_rows_it_changed(connection: Connection) -> None:
    add = Prepared(insert(replay), tail="ON CONFLICT DO NOTHING")
    row = {"issuer": OFFICE, "jti": "a", "expires_at": 5}

    assert add.run(connection, row) == 1
    assert add.run(connection, row) == 0


def test_a_broken_rule_is_the_error_of_sqlalchemy_without_the_value(connection: Connection) -> None:
    add = Prepared(insert(replay))
    row = {"issuer": OFFICE, "jti": SECRET, "expires_at": 5}
    add.run(connection, row)

    with pytest.raises(IntegrityError) as broken, savepoint(connection):
        add.run(connection, row)

    assert SECRET not in str(broken.value)


def test_a_text_that_is_none_fails_as_one(connection: Connection) -> None:
    with pytest.raises(DBAPIError), savepoint(connection):
        execute_raw(connection, "KEIN SQL")


def test_a_missing_value_is_noticed(connection: Connection) -> None:
    statement = Prepared(select(literal_column("1")).where(message.c.id == bindparam("of")))

    with pytest.raises((KeyError, DBAPIError)):
        statement.first(connection, {})


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, MOST_AT_ONCE, 2 * MOST_AT_ONCE + 5])
def test_any_number_of_rows_is_inserted(connection: Connection, count: int) -> None:
    add = PreparedRows(replay, tail="ON CONFLICT DO NOTHING RETURNING jti")
    rows = [
        {"issuer": OFFICE, "jti": f"{number:04}", "expires_at": number} for number in range(count)
    ]

    assert [row[0] for row in add.run(connection, rows)] == [row["jti"] for row in rows]
    assert add.run(connection, rows) == []
    assert connection.execute(select(func.count()).select_from(replay)).scalar_one() == count
