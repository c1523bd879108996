# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each role of PostgreSQL can do what it is for, and psql is refused everything else."""

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from hub.audit.roles import as_pruner
from hub.audit.triggers import guarded_tables
from hub.main.assembly import create_hub, open_node
from hub.main.cli import app_for
from hub.main.database_roles import AUDITOR, OWNER
from hub.main.folder import DataDir
from hub.main.work import turn
from hub.oversee.heartbeat import beat
from hub.store.digest import schema_differences
from hub.store.engine import open_database
from hub.store.postgresql import PostgresqlDatabase
from tests.databases import a_data_dir, given_back, postgresql_only, server
from tests.greedy import Greedy
from tests.postgresql import ROLE, SUPERUSER, binaries
from tests.world import HUB_ID, NETWORK, RHEINBERG, SCHOOL, free_port, running

pytestmark = [pytest.mark.anyio, postgresql_only]
URL: Final = "http://localhost:8080"
REFUSED: Final = (
    "permission denied",
    "must be owner",
    "must have admin option",
    "append only",
    "definitions are not changed",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataDir]:
    """A hub whose database has its roles."""
    with given_back():
        made = a_data_dir(tmp_path_factory.mktemp("roles") / "hub")
        create_hub(made, HUB_ID, (NETWORK,))
        words = ["database", "roles", "--data-dir", str(made.path), "--database", made.url]
        words += ["--apply", server().address(name_of(made), SUPERUSER)]
        # Twice, because an administrator runs it again after every upgrade.
        for _ in range(2):
            ran = CliRunner().invoke(app_for(words), words)
            assert ran.exit_code == 0, ran.output
        yield made
    # A role is the whole server's: the other databases of this run belong to it as well.
    server().run(f"ALTER ROLE {ROLE} INHERIT")


def name_of(data: DataDir) -> str:
    return data.url.partition("?")[0].rpartition("/")[2]


def psql(data: DataDir, role: str, *statements: str) -> subprocess.CompletedProcess[str]:
    programs = binaries()
    assert programs is not None
    given = [part for each in statements for part in ("-c", each)]
    return subprocess.run(
        [
            programs / "psql",
            *("-X", "-v", "ON_ERROR_STOP=1", "-d", server().address(name_of(data), role)),
            *given,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def refused(data: DataDir, role: str, *statements: str) -> bool:
    ran = psql(data, role, *statements)
    assert any(each in ran.stderr for each in REFUSED), ran.stderr
    return ran.returncode != 0


def test_the_hub_goes_on_writing_and_its_schema_is_as_it_was(data: DataDir) -> None:
    with open_node(data, URL) as node:
        before = node.log.size
        node.writer.commit_now(partial(beat, node))
        assert node.log.size == before + 1
    database = open_database(data.url)
    with database.reading.connect() as connection:
        assert schema_differences(connection) == ()
    database.dispose()


async def test_messages_come_and_go_as_before(data: DataDir, tmp_path: Path) -> None:
    """What a hub does all day, with no right that it does not need."""
    with running(data, free_port(), tmp_path) as world:
        for organisation in ("schule:999001", "jugendamt:05170032"):
            world.join(organisation)
        with Greedy(world, SCHOOL) as school, Greedy(world, RHEINBERG) as office:
            notice = school.say(RHEINBERG).id
            office.lease()
            for word in ("opened", "taken", "acknowledged"):
                assert office.utter(notice, word).status_code == 201
        await turn(world.node, world.clock() + 40 * 86_400)
    opened = open_database(data.url)
    assert isinstance(opened, PostgresqlDatabase)
    opened.vacuum.run()
    opened.dispose()
    assert "message" not in psql(data, ROLE, "VACUUM message").stderr


def test_nobody_signs_in_as_the_owner(data: DataDir) -> None:
    assert "not permitted to log in" in psql(data, OWNER, "SELECT 1").stderr


@pytest.mark.parametrize("table", guarded_tables())
@pytest.mark.parametrize(
    "how", ["TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE", "ALTER TABLE {} ADD x int"]
)
def test_the_hub_takes_nothing_away_from_the_log(data: DataDir, table: str, how: str) -> None:
    assert refused(data, ROLE, how.format(table))


# A released hold goes, where its trigger finds the entry.
@pytest.mark.parametrize("table", [each for each in guarded_tables() if each != "hold"])
def test_the_hub_deletes_no_row_of_the_log(data: DataDir, table: str) -> None:
    assert refused(data, ROLE, f"DELETE FROM {table}")  # noqa: S608  names of ours


@pytest.mark.parametrize("table", guarded_tables())
def test_the_hub_changes_nothing_in_the_log(data: DataDir, table: str) -> None:
    [(column,)] = server().run(
        "SELECT attname FROM pg_attribute WHERE attnum = 1"  # noqa: S608  names of ours
        f" AND attrelid = 'public.{table}'::regclass",
        name_of(data),
    )

    assert refused(data, ROLE, f"UPDATE {table} SET {column} = {column}")  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_body DISABLE TRIGGER audit_body_no_delete",
        "DROP TRIGGER tile_no_update ON tile",
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (x int)",
        "CREATE TEMP TABLE audit_leaf (x int)",
        "ALTER TABLE message DISABLE TRIGGER ALL",
        "DROP TABLE message CASCADE",
        f"SET ROLE {OWNER}",
        "GRANT hub_owner TO meldeweg",
        "ALTER DATABASE postgres OWNER TO meldeweg",
    ],
)
def test_the_hub_changes_no_definition(data: DataDir, statement: str) -> None:
    assert refused(data, ROLE, statement)


def test_not_even_a_superuser_changes_a_definition_by_mistake(data: DataDir) -> None:
    """Who means it says so in the session, and the server's log keeps that."""
    change = "CREATE TABLE public.mine (x int)"

    assert refused(data, SUPERUSER, change)
    assert refused(data, SUPERUSER, f"SET session_replication_role = replica; {change}")
    assert refused(data, SUPERUSER, "DROP TABLE public.tile CASCADE")


def test_the_auditor_reads_the_log_and_no_content(data: DataDir) -> None:
    assert psql(data, AUDITOR, "SELECT count(*) FROM audit_leaf").returncode == 0
    assert psql(data, AUDITOR, "SELECT id FROM hub").returncode == 0
    for table in ("message", "receipt", "person", "session"):
        assert refused(data, AUDITOR, f"SELECT * FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", guarded_tables())
def test_the_auditor_writes_nothing(data: DataDir, table: str) -> None:
    assert refused(data, AUDITOR, f"INSERT INTO {table} SELECT * FROM {table}")  # noqa: S608
    assert refused(data, AUDITOR, f"DELETE FROM {table}")  # noqa: S608


def test_a_body_goes_only_in_the_role_for_it_and_only_under_an_order(data: DataDir) -> None:
    gone = "DELETE FROM audit_body"
    without = psql(data, ROLE, gone).stderr
    with_it = psql(data, ROLE, "SET ROLE pruner", gone).stderr

    assert "permission denied" in without
    assert "audit_body: append only" in with_it


def test_the_role_ends_with_the_transaction(data: DataDir) -> None:
    address = data.url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address)
    with engine.connect() as connection:
        with connection.begin(), as_pruner(connection):
            inside = connection.exec_driver_sql("SELECT current_user").scalar()
        with connection.begin():
            after = connection.exec_driver_sql("SELECT current_user").scalar()
    engine.dispose()

    assert (inside, after) == ("pruner", ROLE)


def test_without_an_administrator_the_statements_are_printed_and_nothing_is_done(
    data: DataDir, tmp_path: Path
) -> None:
    del tmp_path
    words = ["database", "roles", "--data-dir", str(data.path), "--database", data.url]
    ran = CliRunner().invoke(app_for(words), words)

    assert ran.exit_code == 0, ran.output
    assert ran.stdout.startswith("BEGIN;\n")
    assert "CREATE EVENT TRIGGER" in ran.stdout
