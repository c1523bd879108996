# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables that migrations make are the tables that the code means, triggers included."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from hub.audit.tables import TABLES
from hub.audit.triggers import triggers
from hub.errors import ReadOnly
from hub.main.assembly import create_hub, open_node
from hub.main.folder import DataDir
from hub.main.genesis import DatabaseTakenError
from hub.store.digest import describe_schema
from hub.store.engine import Database, open_database
from hub.store.schema import MIGRATIONS, downgrade, upgrade
from tests.databases import a_data_dir, an_empty_place, postgresql_only, sqlite_only
from tests.journeys.copies import copy_of
from tests.unit.store.builders import a_message, enter_message, enter_receipt
from tests.world import HUB_ID, NETWORK

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    opened = open_database(an_empty_place(tmp_path))
    try:
        yield opened
    finally:
        opened.dispose()


def schema(database: Database) -> dict[str, str]:
    """Return every object of the schema with what it is made of."""
    with database.reading.connect() as connection:
        return describe_schema(connection)


def statements(database: Database) -> dict[str, str]:
    """Return every table, index and trigger of SQLite with the statement that made it."""
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


@sqlite_only
def test_what_alembic_does_not_compare_is_the_same_too(database: Database, tmp_path: Path) -> None:
    """STRICT, WITHOUT ROWID, checks and deferred references: the statements themselves."""
    upgrade(database.writing)
    meant = open_database(tmp_path / "meant.sqlite")
    try:
        SQLModel.metadata.create_all(meant.writing)
        expected = normal(statements(meant))
    finally:
        meant.dispose()
    found = normal(statements(database))
    found.pop("alembic_version")

    assert found == expected


@postgresql_only
def test_the_server_has_what_the_code_means(database: Database, tmp_path: Path) -> None:
    """Types, collations, checks and deferred references; triggers and storage are beside it."""
    upgrade(database.writing)
    meant = open_database(an_empty_place(tmp_path))
    try:
        SQLModel.metadata.create_all(meant.writing)
        with meant.writing.begin() as connection:
            for statement in (*triggers("postgresql"), *NOT_IN_THE_CODE):
                connection.exec_driver_sql(statement)
        expected = schema(meant)
    finally:
        meant.dispose()
    found = {name: each for name, each in schema(database).items() if "alembic" not in name}

    assert found == expected


NOT_IN_THE_CODE = (
    "ALTER TABLE message ALTER COLUMN wraps SET STORAGE EXTERNAL",
    "ALTER TABLE message ALTER COLUMN body SET STORAGE EXTERNAL",
)


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


@sqlite_only
def test_the_triggers_are_those_of_the_log(database: Database) -> None:
    upgrade(database.writing)
    there = statements(database)
    found = {name for name, sql in there.items() if sql.startswith("CREATE TRIGGER")}

    assert found == made_by_hand(triggers("sqlite")).keys()
    for name, statement in made_by_hand(triggers("sqlite")).items():
        assert there[name] == statement


@pytest.mark.parametrize(
    ("kind", "third"), [("sqlite", "no_replace"), ("postgresql", "no_truncate")]
)
def test_every_table_of_the_log_has_its_three_triggers(kind: str, third: str) -> None:
    names = made_by_hand(triggers(kind)).keys()

    for table in TABLES:
        assert {f"{table.name}_{what}" for what in ("no_update", "no_delete", third)} <= names


@postgresql_only
def test_every_trigger_fires_also_for_a_replica(database: Database) -> None:
    upgrade(database.writing)
    query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    with database.reading.connect() as connection:
        found = set(connection.execute(text(query)).scalars())

    assert found == made_by_hand(triggers("postgresql")).keys()


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

    assert {name for name in schema(database) if "alembic" not in name} == set()


def test_a_migration_that_fails_changes_nothing(database: Database) -> None:
    """One transaction: after a crash in the middle there is the old schema or the new one."""
    upgrade(database.writing)
    there = schema(database)
    with database.writing.begin() as connection:
        # So the way down fails after it has already dropped half of the tables.
        connection.execute(text("DROP TABLE replay"))
    without = schema(database)

    with pytest.raises(DBAPIError, match="replay"):
        downgrade(database.writing, "base")

    assert schema(database) == without
    gone = {name.partition(" ")[2] for name in there.keys() - without.keys()}
    assert {"replay", "replay_expires"} <= gone <= {"replay", "replay_expires", "replay_pkey"}


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
    before = digests(data, tmp_path / "before")

    with pytest.raises(FileExistsError):
        create_hub(data, HUB_ID, (NETWORK,))

    assert digests(data, tmp_path / "after") == before


@postgresql_only
def test_a_hub_is_not_founded_in_a_database_that_has_one(tmp_path: Path) -> None:
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, (NETWORK,))
    before = digests(data, tmp_path / "before")

    with pytest.raises(DatabaseTakenError):
        create_hub(DataDir(tmp_path / "other", data.url), HUB_ID, (NETWORK,))

    assert digests(data, tmp_path / "after") == before
    assert not (tmp_path / "other").exists()


@postgresql_only
def test_where_the_folder_cannot_be_finished_the_database_is_empty_again(tmp_path: Path) -> None:
    """Either all of a hub is made or nothing, also where the two halves are far apart."""
    data = a_data_dir(tmp_path / "hub")
    data.networks.mkdir(parents=True)
    (data.networks / NETWORK.name).mkdir()
    (data.networks / NETWORK.name / "something").touch()

    with pytest.raises(OSError, match=NETWORK.name):
        create_hub(data, HUB_ID, (NETWORK,))

    database = open_database(data.place)
    try:
        assert schema(database) == {}
    finally:
        database.dispose()
    shutil.rmtree(data.path)
    assert create_hub(data, HUB_ID, (NETWORK,)) > 0


def digests(data: DataDir, to: Path) -> str:
    """Return a digest of everything that is in the database of a hub."""
    return hashlib.sha256(copy_of(data, to).read_bytes()).hexdigest()
