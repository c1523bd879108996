# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables that migrations make are the tables that the code means, triggers included."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from hub.audit.tables import TABLES
from hub.audit.triggers import triggers
from hub.errors import ReadOnly
from hub.main.assembly import create_hub, open_node
from hub.store.engine import Database, open_database
from hub.store.schema import MIGRATIONS, downgrade, upgrade
from tests.databases import a_data_dir
from tests.unit.store.builders import a_message, enter_message, enter_receipt
from tests.world import HUB_ID, NETWORK

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    opened = open_database(tmp_path / "hub.sqlite")
    try:
        yield opened
    finally:
        opened.dispose()


def schema(database: Database) -> dict[str, str]:
    """Return every table, index and trigger by name, with the statement that made it."""
    with database.reading.connect() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        ).all()
    return {row.name: re.sub(r"\s+", " ", row.sql) for row in rows}


def made_by_hand(statements: list[str]) -> dict[str, str]:
    """Return CREATE statements by the name of what they create."""
    found = {}
    for statement in statements:
        one_line = re.sub(r"\s+", " ", statement).strip()
        made = re.match(r'CREATE (?:UNIQUE )?(?:TABLE|INDEX|TRIGGER) "?(\w+)"?', one_line)
        if made is not None:
            found[made[1]] = one_line
    return found


def test_the_migrated_tables_are_those_of_the_code(database: Database) -> None:
    upgrade(database.writing)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, SQLModel.metadata))

    with database.reading.connect() as connection:
        assert differences(connection) == []


def test_what_alembic_does_not_compare_is_the_same_too(database: Database, tmp_path: Path) -> None:
    """STRICT, WITHOUT ROWID, checks and deferred references: the statements themselves."""
    upgrade(database.writing)
    meant = open_database(tmp_path / "meant.sqlite")
    try:
        SQLModel.metadata.create_all(meant.writing)
        expected = normal(schema(meant))
    finally:
        meant.dispose()
    found = normal(schema(database))
    found.pop("alembic_version")

    assert found == expected


def normal(statements: dict[str, str]) -> dict[str, list[str]]:
    """Return tables and indices as their clauses, in no order: which stands first means nothing."""
    return {
        name: sorted(clauses(statement))
        for name, statement in statements.items()
        if not statement.startswith("CREATE TRIGGER")
    }


def clauses(statement: str) -> Iterator[str]:
    """Cut a statement at its outer parentheses and at the commas directly inside them."""
    depth, clause = 0, ""
    for sign in statement:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if (sign, depth) in {("(", 1), (",", 1), (")", 0)}:
            yield clause.strip()
            clause = ""
        else:
            clause += sign
    yield clause.strip()


def test_the_triggers_are_those_of_the_log(database: Database) -> None:
    upgrade(database.writing)
    found = {name for name, sql in schema(database).items() if sql.startswith("CREATE TRIGGER")}

    assert found == made_by_hand(triggers("sqlite")).keys()
    for name, statement in made_by_hand(triggers("sqlite")).items():
        assert schema(database)[name] == statement


def test_every_table_of_the_log_has_its_three_triggers() -> None:
    names = made_by_hand(triggers("sqlite")).keys()

    for table in TABLES:
        assert {
            f"{table.name}_{what}" for what in ("no_update", "no_delete", "no_replace")
        } <= names


@pytest.mark.parametrize("number", range(len(REVISIONS)), ids=REVISIONS)
def test_a_revision_goes_up_and_down_and_up_with_rows_in_it(
    database: Database, number: int
) -> None:
    before = REVISIONS[number - 1] if number else "base"
    upgrade(database.writing, REVISIONS[number])
    there = schema(database)
    enter_rows(database)

    downgrade(database.writing, before)
    assert set(schema(database)) <= set(there)
    upgrade(database.writing, REVISIONS[number])

    assert schema(database) == there
    enter_rows(database)


def enter_rows(database: Database) -> None:
    with database.writing.begin() as connection:
        message = enter_message(connection, a_message())
        enter_receipt(connection, message, "accepted", number=1)
        enter_receipt(connection, message, "overdue", number=2)


def test_going_down_leaves_nothing_behind(database: Database) -> None:
    upgrade(database.writing)
    enter_rows(database)

    downgrade(database.writing, "base")

    assert set(schema(database)) == {"alembic_version"}


def test_a_migration_that_fails_changes_nothing(database: Database) -> None:
    """One transaction: after a crash in the middle there is the old schema or the new one."""
    upgrade(database.writing)
    there = schema(database)
    with database.writing.begin() as connection:
        # So the way down fails after it has already dropped half of the tables.
        connection.execute(text("DROP TABLE replay"))
    without = schema(database)

    with pytest.raises(OperationalError, match="replay"):
        downgrade(database.writing, "base")

    assert schema(database) == without
    assert set(there) - set(without) == {"replay", "replay_expires"}


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database.writing)
    there = schema(database)

    upgrade(database.writing)

    assert schema(database) == there


def test_there_is_one_newest_revision() -> None:
    """Two heads are two people who each added a migration: one of them has to go second."""
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_a_founded_hub_has_the_newest_schema(tmp_path: Path) -> None:
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, (NETWORK,))

    with open_node(data, "http://localhost:1") as node:
        version = node.readers.run_now(
            lambda connection: connection.execute(
                text("SELECT version_num FROM alembic_version")
            ).scalar()
        )

    assert version == REVISIONS[-1]


def test_a_second_process_does_not_get_the_data_directory(tmp_path: Path) -> None:
    """Two writers would write two logs."""
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, (NETWORK,))

    with (
        open_node(data, "http://localhost:1"),
        pytest.raises(ReadOnly),
        open_node(data, "http://localhost:1"),
    ):
        pass


def test_a_hub_is_not_founded_where_one_is(tmp_path: Path) -> None:
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, (NETWORK,))
    before = data.database.read_bytes()

    with pytest.raises(FileExistsError):
        create_hub(data, HUB_ID, (NETWORK,))

    assert data.database.read_bytes() == before
