# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was erased has no copy in the free parts of the file, once that is written anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hub.model.stored import StoredContent
from hub.store.engine import Database, open_database
from hub.store.retention import erase_content
from hub.store.rewriting import Owed, owed
from hub.store.writer import Writer
from tests.databases import sqlite_only
from tests.residue import plant
from tests.unit.store.builders import a_message, an_id, enter_message
from tests.unit.store.journal import Journal, a_writer

pytestmark = [sqlite_only, pytest.mark.anyio]
COPY = b"Erfunden-Rest in einem freien Teil"


@pytest.fixture
def file(database: Database, tmp_path: Path) -> Path:
    """A database in which a copy lies, and which nobody has open."""
    with database.writing.begin() as connection:
        enter_message(connection, a_message(1))
        enter_message(connection, a_message(2), StoredContent(wraps=b"w" * 64, body=b"b" * 64))
    database.dispose()
    plant(tmp_path / "hub.sqlite", COPY)
    return tmp_path / "hub.sqlite"


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    database = open_database(file)
    yield database
    database.dispose()


@pytest.fixture
def writer(opened: Database) -> Iterator[Writer]:
    with a_writer(opened, Journal()) as made:
        yield made


def erase(connection: Connection) -> None:
    erase_content(connection, an_id(2))


def traces(file: Path) -> list[str]:
    return [path.name for path in file.parent.iterdir() if COPY in path.read_bytes()]


def said(database: Database) -> Owed:
    with database.reading.connect() as connection:
        return owed(connection)


async def test_a_copy_is_gone_when_the_file_is_written_anew(
    opened: Database, writer: Writer, file: Path
) -> None:
    writer.commit_now(erase)
    assert traces(file), "to overwrite what is known is not enough"
    assert said(opened) is Owed.REWRITING

    await writer.rewrite()
    writer.commit_now(lambda _connection: None)

    assert traces(file) == []
    assert said(opened) is Owed.NOTHING
    with opened.reading.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(text("SELECT count(*) FROM message")).scalar() == 2


async def test_the_file_is_rid_of_it_even_where_somebody_reads_it_meanwhile(
    opened: Database, writer: Writer, file: Path
) -> None:
    writer.commit_now(erase)
    with opened.reading.connect() as reader, reader.begin():
        reader.execute(text("SELECT count(*) FROM message")).scalar()
        await writer.rewrite()
        writer.commit_now(lambda _connection: None)
        assert writer.is_well

    writer.commit_now(lambda _connection: None)

    assert traces(file) == []


def test_it_is_owed_from_the_first_erasure_on_and_only_if_that_was_kept(
    opened: Database, writer: Writer
) -> None:
    def erase_and_fail(connection: Connection) -> None:
        erase(connection)
        raise LookupError

    with pytest.raises(LookupError):
        writer.commit_now(erase_and_fail)
    assert said(opened) is Owed.NOTHING

    writer.commit_now(erase)

    assert said(opened) is Owed.REWRITING
