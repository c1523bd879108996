# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A piece of a job comes to nothing, and the rest of it stays."""

import pytest
from sqlalchemy import Connection, text

from hub.store.engine import Database
from hub.store.savepoint import savepoint
from tests.unit.store.journal import names


def enter(connection: Connection, name: str) -> None:
    connection.execute(text("INSERT INTO hub VALUES (:name, 0)"), {"name": name})


class Changed(BaseException):
    """Not even an ``Exception``: what ends a thread must not leave half a piece either."""


def enter_and_raise(connection: Connection, name: str, error: type[BaseException]) -> None:
    with savepoint(connection):
        enter(connection, name)
        raise error


@pytest.mark.parametrize("error", [ValueError, Changed])
def test_what_happened_inside_is_undone_where_it_raises(
    connection: Connection, error: type[BaseException]
) -> None:
    enter(connection, "before")

    with pytest.raises(error):
        enter_and_raise(connection, "inside", error)
    enter(connection, "after")

    assert names(connection) == ["before", "after"]


def test_what_did_not_raise_stays(connection: Connection) -> None:
    with savepoint(connection):
        enter(connection, "inside")

    assert names(connection) == ["inside"]


def test_pieces_lie_in_each_other(connection: Connection) -> None:
    with savepoint(connection):
        enter(connection, "outer")
        with pytest.raises(LookupError):
            enter_and_raise(connection, "inner", LookupError)
        enter(connection, "outer too")

    assert names(connection) == ["outer", "outer too"]


def test_a_piece_commits_nothing_by_itself(database: Database) -> None:
    with database.writing.connect() as connection, connection.begin() as transaction:
        with savepoint(connection):
            enter(connection, "inside")
        transaction.rollback()

    with database.reading.connect() as reader:
        assert names(reader) == []
