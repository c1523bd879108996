# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what in a database of PostgreSQL, as statements for its administrator.

The tables of the log belong to a role that nobody signs in as. The hub adds rows to them and reads
them; bodies it deletes only in another role, which it has to take on for that. What it works with
belongs to the hub, because it has to vacuum what it erased. Definitions are changed by nobody who
does not say so, the superuser included; and the server's own log then shows that it was said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.audit.roles import PRUNER
from hub.audit.triggers import guarded_tables
from hub.store.ddl import ALLOWED

OWNER: Final = "hub_owner"
AUDITOR: Final = "auditor_ro"
GUARD: Final = "meldeweg_guard"
"""Schema of what watches over definitions; it is none of the tables of a version."""
VERSION: Final = "alembic_version"
PUBLIC_FACTS: Final = ("hub", "hub_key")
"""What an auditor needs beside the log to know whose it is."""
DELETED: Final = ("hold",)
"""Tables whose rows go again, each only where a trigger finds the entry for it."""
LOOKED_AT: Final = (
    "audit_event",
    "audit_body",
    "audit_leaf",
    "checkpoint",
    "cosignature",
    "prune_order",
    "hold",
    "message",
)
"""What the trigger looks at before a body goes."""
FUNCTIONS: Final = """
SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
TABLES: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"""
_MAKE: Final = """DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} {how};
  END IF;
END $$"""
_WATCH: Final = f"""CREATE OR REPLACE FUNCTION {GUARD}.no_ddl() RETURNS event_trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('{ALLOWED}', true) IS DISTINCT FROM 'yes' THEN
    RAISE EXCEPTION USING MESSAGE = 'definitions are not changed: ' || tg_tag,
      ERRCODE = 'insufficient_privilege';
  END IF;
END $$"""


@dataclass(frozen=True)
class Place:
    """A database with the tables and functions that a hub has made in it."""

    name: str
    app: str
    """The role that the hub signs in as."""
    tables: Sequence[str]
    functions: Sequence[str]


def read_place(connection: Connection, app: str) -> Place:
    """Look what is there."""
    quote = connection.dialect.identifier_preparer.quote
    name = str(connection.exec_driver_sql("SELECT current_database()").scalar_one())
    return Place(
        name=quote(name),
        app=quote(app),
        tables=[str(row[0]) for row in connection.exec_driver_sql(TABLES)],
        functions=[str(row[0]) for row in connection.exec_driver_sql(FUNCTIONS)],
    )


def statements(place: Place) -> Iterator[str]:
    """Return what an administrator runs, in one transaction; again it changes nothing."""
    yield f"SET LOCAL {ALLOWED} = 'yes'"
    yield from _roles(place)
    yield from _database(place)
    for table in place.tables:
        yield from _table(table, place)
    for function in place.functions:
        yield f"ALTER FUNCTION {function} OWNER TO {OWNER}"
    yield from _watched()


def _roles(place: Place) -> Iterator[str]:
    yield _MAKE.format(role=OWNER, how="NOLOGIN")
    yield _MAKE.format(role=PRUNER, how="NOLOGIN")
    yield _MAKE.format(role=AUDITOR, how="LOGIN")
    yield _MAKE.format(role=place.app, how="LOGIN")
    # Without inheriting, the hub has to take the role on, and only for as long as it says.
    yield f"ALTER ROLE {place.app} NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE"
    yield f"GRANT {PRUNER} TO {place.app}"


def _database(place: Place) -> Iterator[str]:
    yield f"ALTER DATABASE {place.name} OWNER TO {OWNER}"
    yield f"REVOKE ALL ON DATABASE {place.name} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {place.name} TO {place.app}, {AUDITOR}"
    yield f"ALTER SCHEMA public OWNER TO {OWNER}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {place.app}"
    yield f"GRANT USAGE ON SCHEMA public TO {place.app}, {AUDITOR}, {PRUNER}"


def _table(table: str, place: Place) -> Iterator[str]:
    is_guarded = table in {*guarded_tables(), VERSION}
    yield f"ALTER TABLE {table} OWNER TO {OWNER if is_guarded else place.app}"
    yield f"REVOKE ALL ON {table} FROM PUBLIC, {AUDITOR}, {PRUNER}"
    if is_guarded:
        yield f"REVOKE ALL ON {table} FROM {place.app}"
        more = ", DELETE" if table in DELETED else ""
        wanted = "SELECT" if table == VERSION else f"SELECT, INSERT{more}"
        yield f"GRANT {wanted} ON {table} TO {place.app}"
    if is_guarded or table in PUBLIC_FACTS:
        yield f"GRANT SELECT ON {table} TO {AUDITOR}"
    if table in LOOKED_AT:
        yield f"GRANT SELECT ON {table} TO {PRUNER}"
    if table == "audit_body":
        yield f"GRANT DELETE ON {table} TO {PRUNER}"


def _watched() -> Iterator[str]:
    yield f"CREATE SCHEMA IF NOT EXISTS {GUARD} AUTHORIZATION {OWNER}"
    yield _WATCH
    yield "DROP EVENT TRIGGER IF EXISTS meldeweg_no_ddl"
    yield (
        "CREATE EVENT TRIGGER meldeweg_no_ddl ON ddl_command_start "
        f"EXECUTE FUNCTION {GUARD}.no_ddl()"
    )
    yield "ALTER EVENT TRIGGER meldeweg_no_ddl ENABLE ALWAYS"


def owns_its_log(connection: Connection) -> bool:
    """Return whether who asks could change the definitions of the log's tables."""
    asked = (
        "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class"
        " WHERE oid = 'public.audit_event'::regclass"
    )
    return bool(connection.exec_driver_sql(asked).scalar())
