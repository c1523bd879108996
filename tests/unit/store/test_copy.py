# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy holds every row and guards itself; what was tampered with arrives as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text

from hub.audit.verify import TRIGGERS
from hub.store import copy
from hub.store.copy import NotCopyableError, write_copy
from hub.store.engine import Database
from tests.databases import postgresql_only
from tests.unit.store.builders import CONTENT, a_message, an_id, enter_message, enter_receipt

MANY = 25


def fill(database: Database) -> None:
    with database.writing.begin() as connection:
        for number in range(1, MANY + 1):
            message = enter_message(connection, a_message(number))
            enter_receipt(connection, message, "accepted", number=number)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_a_copy_has_every_row_with_its_bytes(database: Database, tmp_path: Path) -> None:
    fill(database)

    write_copy(database, tmp_path / "kopie")

    found = rows(tmp_path / "kopie", "SELECT id, wraps, body FROM message ORDER BY id")
    assert found == [(an_id(n), CONTENT.wraps, CONTENT.body) for n in range(1, MANY + 1)]
    assert rows(tmp_path / "kopie", "SELECT count(*) FROM receipt") == [(MANY,)]
    assert rows(tmp_path / "kopie", "SELECT version_num FROM alembic_version") == [("0001",)]


def test_a_copy_is_for_its_owner_alone_and_takes_nobodys_place(
    database: Database, tmp_path: Path
) -> None:
    write_copy(database, tmp_path / "kopie")

    assert (tmp_path / "kopie").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_copy(database, tmp_path / "kopie")


def test_a_copy_guards_itself_and_is_whole(database: Database, tmp_path: Path) -> None:
    fill(database)
    write_copy(database, tmp_path / "kopie")

    names = rows(tmp_path / "kopie", "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    assert {name for (name,) in names} == TRIGGERS.keys()
    assert rows(tmp_path / "kopie", "PRAGMA integrity_check") == [("ok",)]
    assert rows(tmp_path / "kopie", "PRAGMA foreign_key_check") == []
    assert [path.name for path in tmp_path.glob("kopie*")] == ["kopie"]


def test_a_copy_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    """While it is written, messages come in; of each it has message and entry, or neither."""
    fill(database)
    numbers = iter(range(100, 200))

    def go_on(*_: object) -> None:
        with database.writing.begin() as connection:
            enter_message(connection, a_message(next(numbers)))

    event.listen(database.reading, "after_cursor_execute", go_on)
    write_copy(database, tmp_path / "kopie")
    event.remove(database.reading, "after_cursor_execute", go_on)

    assert rows(tmp_path / "kopie", "PRAGMA foreign_key_check") == []
    counts = "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM audit_event)"
    [(messages, entries)] = rows(tmp_path / "kopie", counts)
    assert messages == entries == MANY


@postgresql_only
def test_rows_are_never_all_in_memory(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    monkeypatch.setattr(copy, "AT_ONCE", 10)
    fetched: list[str] = []
    event.listen(
        database.reading,
        "before_cursor_execute",
        lambda _c, cursor, *_: fetched.append(type(cursor).__name__),
    )

    write_copy(database, tmp_path / "kopie")

    assert set(fetched) == {"ServerCursor"}
    assert rows(tmp_path / "kopie", "SELECT count(*) FROM message") == [(MANY,)]


@postgresql_only
def test_what_no_rule_would_have_let_in_arrives_for_the_auditor(
    database: Database, tmp_path: Path
) -> None:
    fill(database)
    with database.writing.begin() as connection:
        for statement in (
            "ALTER TABLE audit_event DISABLE TRIGGER USER",
            "ALTER TABLE audit_event DROP CONSTRAINT audit_event_message",
            "ALTER TABLE audit_event DROP CONSTRAINT accepted_has_message",
            """UPDATE audit_event SET message_id = 'nirgends', kind = 'message.taken'
            WHERE id = (SELECT min(id) FROM audit_event)""",
        ):
            connection.execute(text(statement))

    write_copy(database, tmp_path / "kopie")

    assert len(rows(tmp_path / "kopie", "PRAGMA foreign_key_check")) == 1
    odd = "SELECT message_id FROM audit_event WHERE kind = 'message.taken'"
    assert rows(tmp_path / "kopie", odd) == [("nirgends",)]


@postgresql_only
@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE event",),
        (
            "ALTER TABLE event DROP CONSTRAINT event_pkey",
            "INSERT INTO event VALUES ('a', :receipt)",
        ),
    ],
    ids=["missing", "twice"],
)
def test_a_table_that_cannot_be_copied_is_named(
    database: Database, tmp_path: Path, statements: tuple[str, ...]
) -> None:
    fill(database)
    with database.writing.begin() as connection:
        receipt = {"receipt": an_id(0x100001)}
        for statement in (statements[0], *statements[1:] * 2):
            connection.execute(text(statement), receipt if ":" in statement else {})

    with pytest.raises(NotCopyableError, match="event"):
        write_copy(database, tmp_path / "kopie")
