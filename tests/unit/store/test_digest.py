# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever drops a guard of the database is found out, by the name of what he dropped."""

import pytest

from hub.store.digest import (
    describe_schema,
    expected_digest,
    schema_differences,
    schema_digest,
)
from hub.store.engine import Database
from tests.databases import postgresql_only, server, sqlite_only


def differences(database: Database) -> tuple[str, ...]:
    with database.reading.connect() as connection:
        return schema_differences(connection)


def change(database: Database, statement: str) -> tuple[str, ...]:
    with database.writing.begin() as connection:
        connection.exec_driver_sql(statement)
    return differences(database)


def test_what_the_migrations_make_is_what_is_expected(database: Database) -> None:
    """Where it is meant to differ, ``python -m tests.unit.store.expected`` writes it down."""
    with database.reading.connect() as connection:
        assert differences(database) == ()
        assert schema_digest(connection) == expected_digest(database.kind)
        assert len(describe_schema(connection)) > 40


@sqlite_only
@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DROP TRIGGER audit_body_no_delete", "trigger audit_body_no_delete"),
        ("DROP INDEX message_overdue", "index message_overdue"),
        ("ALTER TABLE hub ADD COLUMN note TEXT", "table hub"),
        ("CREATE TABLE akte (name TEXT)", "table akte"),
        ("CREATE VIEW alle AS SELECT * FROM message", "view alle"),
    ],
)
def test_a_change_is_named(database: Database, statement: str, name: str) -> None:
    assert change(database, statement) == (name,)


@postgresql_only
@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("DROP TRIGGER audit_body_no_delete ON audit_body", {"trigger audit_body_no_delete"}),
        ("ALTER TABLE tile DISABLE TRIGGER tile_no_update", {"trigger tile_no_update"}),
        ("ALTER TABLE tile ENABLE TRIGGER tile_no_update", {"trigger tile_no_update"}),
        (
            """CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql
            SET search_path FROM CURRENT AS 'BEGIN RETURN NULL; END'""",
            {"function append_only"},
        ),
        (
            "ALTER FUNCTION audit_body_stays() SET search_path = anderes",
            {"function audit_body_stays"},
        ),
        ("DROP INDEX message_overdue", {"index message_overdue"}),
        (
            "ALTER TABLE audit_event DROP CONSTRAINT audit_event_message",
            {"table audit_event", "references of audit_event", "references of message"},
        ),
        ("ALTER TABLE hub ADD COLUMN note TEXT", {"table hub"}),
        ("ALTER TABLE receipt ALTER COLUMN jws DROP NOT NULL", {"table receipt"}),
        ("ALTER TABLE message ALTER COLUMN body SET STORAGE EXTENDED", {"table message"}),
        ("ALTER TABLE message ENABLE ROW LEVEL SECURITY", {"table message"}),
        ("CREATE RULE still AS ON DELETE TO tile DO INSTEAD NOTHING", {"table tile"}),
        ("CREATE TABLE akte (name TEXT)", {"table akte"}),
        ("CREATE VIEW alle AS SELECT id FROM message", {"table alle"}),
    ],
)
def test_a_change_on_a_server_is_named(database: Database, statement: str, names: set[str]) -> None:
    assert set(change(database, statement)) == names


@postgresql_only
def test_references_that_were_switched_off_are_named(database: Database) -> None:
    """Only a superuser can; then an entry without its message could be committed."""
    name = str(database.writing.url.database)
    server().run("ALTER TABLE audit_event DISABLE TRIGGER ALL", name)

    assert "references of audit_event" in differences(database)
