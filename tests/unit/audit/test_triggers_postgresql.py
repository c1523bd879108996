# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""PostgreSQL refuses to change the log as well, also where a session calls itself a replica."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.audit.tables import TABLES
from hub.sealing.canonical import digest
from tests.databases import given_back, postgresql_only, server
from tests.unit.audit.builders import a_draft, a_grown_log, an_id, append_all

pytestmark = postgresql_only
UNUSED: Final = an_id(400)
"""An entry that could order, but does not."""
NAMES: Final = [table.name for table in TABLES]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A log with a row in each of its tables."""
    with given_back():
        engine, log = a_grown_log(260)
        order = a_draft(260, kind="log.pruned", obj={"ty": "log", "d": digest("x"), "n": 2})
        append_all(engine, log, [order, replace(order, entry_id=UNUSED)])
        attempt(engine, "INSERT INTO cosignature VALUES (262, 'zeuge.invalid', 'line')")
        attempt(engine, f"INSERT INTO prune_order VALUES ('{order.entry_id}', 3, 4, 0)")
        yield engine


def attempt(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", NAMES)
def test_no_row_is_changed(engine: Engine, table: str) -> None:
    for column in next(one for one in TABLES if one.name == table).columns:
        with pytest.raises(IntegrityError, match=f"{table}: append only"):
            attempt(engine, f"UPDATE {table} SET {column.name} = {column.name}")


@pytest.mark.parametrize("table", NAMES)
@pytest.mark.parametrize("how", ["DELETE FROM", "TRUNCATE"])
def test_no_row_is_deleted(engine: Engine, table: str, how: str) -> None:
    cascade = " CASCADE" if how == "TRUNCATE" else ""

    with pytest.raises(IntegrityError, match="append only"):
        attempt(engine, f"{how} {table}{cascade}")


@pytest.mark.parametrize("table", NAMES)
@pytest.mark.parametrize("how", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_whoever_calls_himself_a_replica_is_refused_too(
    engine: Engine, table: str, how: str
) -> None:
    """Ordinary triggers are silent then; only a superuser can ask for it."""
    column = next(iter(next(one for one in TABLES if one.name == table).columns)).name
    statement = how.format(table, column, column)
    database = str(engine.url.database)

    with pytest.raises(Exception, match="append only"):
        server().run(f"SET session_replication_role = replica; {statement}", database)


@pytest.mark.parametrize("table", NAMES)
def test_no_row_is_changed_by_an_insert_that_meets_it(engine: Engine, table: str) -> None:
    columns = [column.name for column in next(one for one in TABLES if one.name == table).columns]
    keys = [column.name for column in next(one for one in TABLES if one.name == table).primary_key]
    statement = (
        f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {columns[-1]} = excluded.{columns[-1]}"
    )

    with pytest.raises(IntegrityError, match="append only"):
        attempt(engine, statement)


@pytest.mark.parametrize("table", NAMES)
def test_an_insert_that_gives_way_changes_nothing(engine: Engine, table: str) -> None:
    query = f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
    with engine.connect() as connection:
        before = connection.exec_driver_sql(query).scalar()

    attempt(engine, f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT DO NOTHING")

    with engine.connect() as connection:
        assert connection.exec_driver_sql(query).scalar() == before


def test_no_body_is_deleted_that_no_order_covers(engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="audit_body: append only"):
        attempt(engine, f"DELETE FROM audit_body WHERE event_id = '{a_draft(5).entry_id}'")


def test_another_path_does_not_get_other_tables_looked_at(engine: Engine) -> None:
    """The guard of the bodies asks the log whether an order covers them."""
    entry = a_draft(5).entry_id

    with pytest.raises(IntegrityError, match="audit_body: append only"):
        attempt(
            engine,
            "CREATE TEMP TABLE audit_leaf AS SELECT 3::bigint AS idx, event_id, leaf_hash"
            f" FROM public.audit_leaf WHERE event_id = '{entry}'",
            "CREATE TEMP TABLE prune_order AS SELECT * FROM public.prune_order",
            f"DELETE FROM public.audit_body WHERE event_id = '{entry}'",
        )


def test_an_order_is_about_an_entry_that_orders(engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="prune_order: append only"):
        attempt(engine, f"INSERT INTO prune_order VALUES ('{a_draft(7).entry_id}', 0, 1, 0)")


def test_an_order_has_one_direction(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match="range_is_one"):
        attempt(engine, f"INSERT INTO prune_order VALUES ('{UNUSED}', 5, 4, 0)")
