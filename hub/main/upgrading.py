# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg upgrade``: brings the tables of a hub to those of this version, and enters it."""

from functools import partial
from typing import Annotated

import typer
from sqlalchemy import Connection

from hub import clock
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.openings.store import Openings
from hub.audit.signing.keyring import read_keyring
from hub.errors import Failure
from hub.main.folder import DataDir
from hub.main.genesis import hold
from hub.main.log_keys import load_log
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, failure_text, show
from hub.record import new_id
from hub.store.ddl import allow_ddl
from hub.store.digest import schema_digest
from hub.store.engine import open_database
from hub.store.participants import read_hub_id
from hub.store.schema import is_current, upgrade_within
from hub.store.writer import Writer


def register(top: typer.Typer) -> None:
    """Hang the command in at the top."""
    top.command("upgrade")(upgrade)


def upgrade(
    is_check: Annotated[bool, typer.Option("--check", help="Nur nachsehen.")] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Bringt die Tabellen auf den Stand dieser Fassung; nur ohne laufenden Hub, nach Sicherung."""
    data = hub_in(data_dir, database)
    try:
        is_old = bring_up(data, is_check=is_check)
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    if not is_old:
        text = "Die Tabellen sind auf dem Stand dieser Fassung."
    elif is_check:
        text = "Die Tabellen sind älter: Hub anhalten, sichern, „meldeweg upgrade“."
    else:
        text = "Die Tabellen sind jetzt auf dem Stand dieser Fassung; es ist eingetragen."
    show({"is_old": is_old, "upgraded": is_old and not is_check}, as_json, text)
    if is_old and is_check:
        raise typer.Exit(1)


def bring_up(data: DataDir, *, is_check: bool = False) -> bool:
    """Bring the tables up in one transaction with the entry; returns whether they were older."""
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            if is_current(connection):
                return False
        if not is_check:
            with data.locked():
                hold(database)
                with database.reading.connect() as connection:
                    hub, keyring = read_hub_id(connection) or "", read_keyring(connection)
                log = load_log(data, keyring, Openings(data.openings))
                elsewhere = log if log.is_signed_elsewhere else None
                writer = Writer(database, log, elsewhere=elsewhere)
                try:
                    writer.commit_now(partial(migrate, hub, log))
                finally:
                    writer.stop()
        return True
    finally:
        database.dispose()


def migrate(hub: str, log: Log, connection: Connection) -> None:
    """Change the tables, and enter what they are from here on."""
    allow_ddl(connection)
    upgrade_within(connection)
    log.append(
        connection,
        Draft(
            kind="schema.migrated",
            entry_id=new_id(),
            at=clock.now(),
            act={"org": hub, "role": "betrieb"},
            obj={"ty": "schema", "id": connection.dialect.name, "d": schema_digest(connection)},
        ),
    )
