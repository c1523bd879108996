# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Readers look at one state each, off the event loop, and hold nobody up."""

import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from hub.errors import LogUnavailable
from hub.store.engine import Database
from hub.store.readers import Readers
from tests.unit.store.builders import a_message, enter_message

pytestmark = pytest.mark.anyio


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM message")).scalar_one())


async def test_a_question_is_answered_in_another_thread(database: Database) -> None:
    readers = Readers(database.reading)
    try:
        asked = await readers.run(lambda _connection: threading.current_thread())
    finally:
        readers.stop()

    assert asked is not threading.current_thread()
    assert asked.name.startswith("reader")


async def test_a_question_sees_one_state_while_the_writer_goes_on(database: Database) -> None:
    readers = Readers(database.reading)

    def twice(connection: Connection) -> tuple[int, int]:
        before = count(connection)
        with database.writing.begin() as writing:
            enter_message(writing, a_message())
        return before, count(connection)

    try:
        assert await readers.run(twice) == (0, 0)
        assert readers.run_now(count) == 1
    finally:
        readers.stop()


async def test_what_a_question_raises_is_raised_where_it_was_asked(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise LookupError

    readers = Readers(database.reading)
    try:
        with pytest.raises(LookupError):
            await readers.run(fail)
        assert await readers.run(count) == 0, "the connection can be used again"
    finally:
        readers.stop()


async def test_a_database_in_trouble_is_called_a_failure_and_not_a_bug(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    readers = Readers(database.reading)
    try:
        with pytest.raises(LogUnavailable):
            await readers.run(fail)
        assert await readers.run(count) == 0
    finally:
        readers.stop()
