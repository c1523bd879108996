# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg database roles``: who may do what in a database of PostgreSQL."""

from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from hub.main.database_roles import read_place, statements
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, show
from hub.store.engine import open_database
from hub.store.postgresql import parse_address

app = typer.Typer(help="Rechte in der Datenbank.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``database``."""
    app.callback()(_database)
    top.add_typer(app, name="database")


@app.command("roles")
def roles(
    administrator: Annotated[
        str,
        typer.Option("--apply", help="Adresse als Administrator; ohne sie wird nur ausgegeben."),
    ] = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Gibt die Rollen für PostgreSQL als SQL aus oder richtet sie ein; nur ohne laufenden Hub."""
    data = hub_in(data_dir, database)
    if not data.url:
        raise fail("SQLite kennt keine Rollen; dort schützen die Rechte des Datenverzeichnisses.")
    try:
        done = _made(
            administrator or data.url, parse_address(data.url).username or "", administrator
        )
    except (DBAPIError, ValueError) as trouble:
        raise fail(f"Das nahm die Datenbank nicht an: {type(trouble).__name__}") from None
    text = "\n".join(["BEGIN;", *(f"{each};" for each in done), "COMMIT;"])
    show({"applied": bool(administrator), "statements": done}, as_json, text)


def _made(address: str, app_role: str, administrator: str) -> list[str]:
    opened = open_database(address)
    try:
        engine = opened.writing if administrator else opened.reading
        with engine.connect() as connection, connection.begin():
            wanted = list(statements(read_place(connection, app_role)))
            for each in wanted if administrator else ():
                connection.exec_driver_sql(each)
            return wanted
    finally:
        opened.dispose()


def _database() -> None:
    """Rechte in der Datenbank."""
