# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Readers look at one state each, off the event loop, and hold nobody up."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.errors import LogUnavailable, Overloaded
from hub.store.engine import Database
from hub.store.readers import THREADS, WAITING, Readers
from tests.databases import sqlite_only
from tests.unit.store.builders import a_message, enter_message
from tests.unit.store.journal import settle

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


async def test_what_is_asked_at_once_is_answered_each_for_itself(database: Database) -> None:
    """Questions share transactions under load; one that fails is the trouble of one."""

    def fail(_connection: Connection) -> int:
        raise LookupError

    def be_broken(connection: Connection) -> int:
        return int(connection.execute(text("SELECT * FROM nirgends")).scalar_one())

    readers = Readers(database.reading)
    try:
        questions = [count, fail, count, be_broken, count] * 40
        answers = await asyncio.gather(*map(readers.run, questions), return_exceptions=True)
    finally:
        readers.stop()

    assert answers[0::5] == answers[2::5] == answers[4::5] == [0] * 40
    assert all(isinstance(answer, LookupError) for answer in answers[1::5])
    assert all(isinstance(answer, LogUnavailable | DBAPIError) for answer in answers[3::5])


async def test_more_than_may_wait_is_turned_away(database: Database) -> None:
    held, begun = threading.Event(), threading.Semaphore(0)

    def wait(_connection: Connection) -> None:
        begun.release()
        held.wait(timeout=60)

    readers = Readers(database.reading)
    try:
        busy = [asyncio.create_task(readers.run(wait)) for _ in range(THREADS)]
        for _ in busy:
            await asyncio.to_thread(begun.acquire)
        waiting = [asyncio.create_task(readers.run(count)) for _ in range(WAITING)]
        await settle()
        with pytest.raises(Overloaded):
            await readers.run(count)
        held.set()
        assert set(await asyncio.gather(*waiting)) == {0}
        await asyncio.gather(*busy)
    finally:
        held.set()
        readers.stop()


async def test_who_asks_a_node_that_has_stopped_is_told(database: Database) -> None:
    readers = Readers(database.reading)
    readers.stop()

    with pytest.raises(LogUnavailable):
        await readers.run(count)


@sqlite_only
async def test_a_small_question_is_answered_where_it_is_asked(database: Database) -> None:
    readers = Readers(database.reading)
    try:
        asked = await readers.run_soon(lambda _connection: threading.current_thread())
    finally:
        readers.stop()

    assert asked is threading.current_thread()


async def test_small_questions_are_answered_each_for_itself(database: Database) -> None:
    def fail(_connection: Connection) -> int:
        raise LookupError

    def be_broken(connection: Connection) -> int:
        return int(connection.execute(text("SELECT * FROM nirgends")).scalar_one())

    readers = Readers(database.reading)
    try:
        questions = [count, fail, be_broken, count] * 20
        answers = await asyncio.gather(*map(readers.run_soon, questions), return_exceptions=True)
        with database.writing.begin() as writing:
            enter_message(writing, a_message())
        assert await readers.run_soon(count) == 1, "each batch sees what is committed"
    finally:
        readers.stop()

    assert answers[0::4] == answers[3::4] == [0] * 20
    assert all(isinstance(answer, LookupError) for answer in answers[1::4])
    assert all(isinstance(answer, LogUnavailable | DBAPIError) for answer in answers[2::4])


async def test_who_asks_a_small_question_of_a_stopped_node_is_told(database: Database) -> None:
    readers = Readers(database.reading)
    assert await readers.run_soon(count) == 0
    readers.stop()

    with pytest.raises(LogUnavailable):
        await readers.run_soon(count)
