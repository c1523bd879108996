# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was erased is not in the file any more, nor in the journal beside it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hub.model.stored import StoredAddition, StoredContent
from hub.store.additions import add_addition
from hub.store.engine import Database
from hub.store.retention import erase_content
from hub.store.writer import Writer
from tests.databases import sqlite_only
from tests.unit.store.builders import a_message, an_id, enter_message
from tests.unit.store.journal import Journal, a_writer

pytestmark = sqlite_only
PIECE = 32
# Longer than several pages, and no two pieces alike, as sealed bytes are.
SEALED = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(1000))
WRAPS = hashlib.sha512(b"wraps").digest() * 5
ADDED = hashlib.sha512(b"added").hexdigest()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with a_writer(database, Journal()) as made:
        yield made


def traces(folder: Path) -> list[str]:
    """Return in which files any piece of the content is found."""
    pieces = [SEALED[at : at + PIECE] for at in range(0, len(SEALED), PIECE)]
    wanted = [*pieces, WRAPS[:64], ADDED.encode()]
    return sorted(
        path.name
        for path in folder.iterdir()
        if any(piece in path.read_bytes() for piece in wanted)
    )


def enter(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2), StoredContent(wraps=WRAPS, body=SEALED))
    add_addition(connection, StoredAddition(an_id(2), "kid", ADDED, "statement"), 0)
    enter_message(connection, a_message(3))


def erase(connection: Connection) -> None:
    erase_content(connection, an_id(2))


def test_the_search_finds_what_is_there(writer: Writer, tmp_path: Path) -> None:
    writer.commit_now(enter)

    assert traces(tmp_path)


def test_erased_content_is_in_no_file_once_the_erasure_is_answered(
    writer: Writer, tmp_path: Path
) -> None:
    writer.commit_now(enter)

    writer.commit_now(erase)

    assert traces(tmp_path) == []


def test_what_was_in_the_database_already_is_overwritten_there(
    database: Database, writer: Writer, tmp_path: Path
) -> None:
    writer.commit_now(enter)
    with database.writing.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert traces(tmp_path) == ["hub.sqlite"]

    writer.commit_now(erase)

    assert traces(tmp_path) == []


def test_a_reader_delays_it_and_does_not_prevent_it(
    database: Database, writer: Writer, tmp_path: Path
) -> None:
    """What a backup still reads cannot be taken from under it; the next group tries again."""
    writer.commit_now(enter)
    with database.reading.connect() as reader, reader.begin():
        reader.execute(text("SELECT count(*) FROM message")).scalar()
        writer.commit_now(erase)
        assert traces(tmp_path)
        assert writer.is_well, "nobody else is kept from writing"

    writer.commit_now(lambda _connection: None)

    assert traces(tmp_path) == []


def test_what_a_process_left_behind_is_emptied_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    with database.writing.begin() as connection:
        enter(connection)
    with database.writing.begin() as connection:
        erase(connection)
    assert traces(tmp_path) == ["hub.sqlite-wal"]

    with a_writer(database, Journal()) as writer:
        writer.commit_now(lambda _connection: None)

        assert traces(tmp_path) == []


def test_after_emptying_the_settings_are_those_of_before(
    database: Database, writer: Writer
) -> None:
    writer.commit_now(enter)
    writer.commit_now(erase)

    with database.writing.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_what_was_undone_was_not_erased(writer: Writer, tmp_path: Path) -> None:
    writer.commit_now(enter)

    def erase_and_fail(connection: Connection) -> None:
        erase(connection)
        raise LookupError

    with pytest.raises(LookupError):
        writer.commit_now(erase_and_fail)

    assert traces(tmp_path)
