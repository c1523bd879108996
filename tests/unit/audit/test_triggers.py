# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""The database itself refuses to change the log."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from hub.audit import verify
from hub.audit.tables import TABLES
from hub.audit.triggers import triggers
from hub.sealing.canonical import digest
from tests.databases import sqlite_only
from tests.unit.audit.builders import a_draft, a_grown_log, an_id, append_all

pytestmark = sqlite_only
UNUSED: Final = an_id(400)
"""An entry that could order, but does not."""
REFUSED: Final = (IntegrityError, OperationalError, DatabaseError)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A log with a row in each of its tables."""
    engine, log = a_grown_log(260)
    order = a_draft(260, kind="log.pruned", obj={"ty": "log", "d": digest("x"), "n": 2})
    append_all(engine, log, [order, replace(order, entry_id=UNUSED)])
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO cosignature VALUES (262, 'zeuge.invalid', 'line')")
        connection.exec_driver_sql(f"INSERT INTO prune_order VALUES ('{order.entry_id}', 3, 4, 0)")
    return engine


def attempt(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", [table.name for table in TABLES])
@pytest.mark.parametrize("how", ["UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"])
def test_no_row_is_changed(engine: Engine, table: str, how: str) -> None:
    for column in next(one for one in TABLES if one.name == table).columns:
        with pytest.raises(REFUSED, match="append only"):
            attempt(engine, f"{how} {table} SET {column.name} = {column.name}")


@pytest.mark.parametrize("table", [table.name for table in TABLES if table.name != "audit_body"])
def test_no_row_is_deleted(engine: Engine, table: str) -> None:
    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"DELETE FROM {table}")


def test_no_body_is_deleted_that_no_order_covers(engine: Engine) -> None:
    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"DELETE FROM audit_body WHERE event_id = '{a_draft(5).entry_id}'")


KEYS: Final = {
    "audit_event": "id, message_id, kind",
    "audit_body": "event_id, body",
    "audit_leaf": "idx, event_id, leaf_hash",
    "tile": "level, n, hashes",
    "checkpoint": "size, note",
    "cosignature": "size, witness, line",
    "prune_order": "event_id, first_idx, last_idx, least",
}


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "how",
    [
        "INSERT OR REPLACE INTO",
        "REPLACE INTO",
        "INSERT OR IGNORE INTO",
        "INSERT INTO",
    ],
)
def test_no_row_takes_the_place_of_another(
    engine: Engine, table: str, recursive: str, how: str
) -> None:
    """``INSERT OR REPLACE`` deletes without asking the triggers for deletion."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA recursive_triggers={recursive}")

    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"{how} {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize("table", KEYS)
def test_no_row_is_changed_by_an_insert_that_meets_it(engine: Engine, table: str) -> None:
    column = KEYS[table].rpartition(", ")[2]
    statement = f"INSERT INTO {table} SELECT * FROM {table} WHERE true LIMIT 1"

    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"{statement} ON CONFLICT DO UPDATE SET {column} = excluded.{column}")


def test_no_leaf_takes_the_entry_of_another_place(engine: Engine) -> None:
    """The second key of the table is a second way to replace a row."""
    taken = a_draft(5).entry_id

    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"INSERT OR REPLACE INTO audit_leaf VALUES (900, '{taken}', x'00')")


def test_no_entry_takes_the_message_of_another(engine: Engine) -> None:
    message = an_id(77)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO message VALUES ('{message}', '{an_id(78)}')")
        connection.exec_driver_sql(
            f"INSERT INTO audit_event VALUES ('{an_id(78)}', '{message}', 'message.accepted')"
        )

    with pytest.raises(REFUSED, match="append only"):
        attempt(
            engine,
            "INSERT OR REPLACE INTO audit_event"
            f" VALUES ('{an_id(79)}', '{message}', 'message.accepted')",
        )


@pytest.mark.parametrize("table", sorted(KEYS.keys() - {"audit_leaf", "checkpoint"}))
def test_a_text_key_has_no_row_number_beside_it(engine: Engine, table: str) -> None:
    with pytest.raises(REFUSED, match="rowid"):
        attempt(engine, f"SELECT rowid FROM {table}")


def test_an_order_is_about_an_entry_that_orders(engine: Engine) -> None:
    with pytest.raises(REFUSED, match="append only"):
        attempt(engine, f"INSERT INTO prune_order VALUES ('{a_draft(7).entry_id}', 0, 1, 0)")


def test_an_order_has_one_direction(engine: Engine) -> None:
    with pytest.raises(REFUSED, match="range_is_one"):
        attempt(engine, f"INSERT INTO prune_order VALUES ('{UNUSED}', 5, 4, 0)")


def test_a_column_takes_only_what_is_of_its_type(engine: Engine) -> None:
    with pytest.raises(REFUSED, match="BLOB"):
        attempt(engine, "INSERT INTO tile VALUES (9, 9, 'text')")


def test_a_database_without_triggers_of_its_own_is_not_used() -> None:
    with pytest.raises(ValueError, match="triggers"):
        triggers("mysql")


def test_the_auditor_knows_every_trigger_by_its_digest() -> None:
    statements = {statement.split()[2]: digest(statement) for statement in triggers("sqlite")}

    assert statements == verify.TRIGGERS
    assert len(triggers("sqlite", of_log_alone=True)) == 3 * len(TABLES) + 1
