# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is looked at before a hub serves, and whenever the operator asks: one list for both.

What has to read the whole database is left to ``doctor``: a start must not take minutes because
ten gigabytes are there.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from hub.audit.tree import read_checkpoint
from hub.enrol.acts import missing_contracts
from hub.errors import Failure
from hub.main import covered, opened, oversight, pruning, signed, stamping, witnessed
from hub.main.agreed import looked_at, numbers
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.holdings import ways_of_postgresql, ways_of_sqlite, within
from hub.main.notified import numbers_of, outcomes, ways
from hub.main.registering import rules
from hub.main.surroundings import around, privacy
from hub.settings import Settings
from hub.store.engine import Database, open_database
from hub.store.messages import message
from hub.store.participants import read_hub_id, read_participants

SHOWN: Final = 5
"""Organisations that a finding names."""
NO_HUB = bad("kein-hub", "Hier ist kein Hub.", "Mit „meldeweg init“ einrichten.")


def examine(
    data: DataDir, settings: Settings | None = None, *, thorough: bool = True
) -> list[Finding]:
    """Look at keys, disk, clock, database, log and guard file; changes nothing."""
    if not data.is_there:
        return [NO_HUB]
    chosen = settings or Settings()
    return [
        *around(data, chosen),
        *ways(chosen, data, thorough=thorough),
        *([] if data.url else [privacy(data)]),
        *_database(data, chosen, thorough=thorough),
    ]


def count(data: DataDir) -> dict[str, int | str]:
    """Return numbers of messages by state, participants, and the size of the log."""
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            return _numbers(connection)
    finally:
        database.dispose()


def _numbers(connection: Connection) -> dict[str, int | str]:
    states = connection.execute(
        select(message.c.state, func.count()).group_by(message.c.state)
    ).all()
    newest = read_checkpoint(connection)
    return {
        "Hub": read_hub_id(connection) or "",
        **{f"Nachrichten {row[0]}": row[1] for row in states},
        "Teilnehmende Stellen": sum(
            each.status == "valid" for each in read_participants(connection)
        ),
        **numbers(connection),
        **covered.numbers(connection),
        **_without_contract(connection),
        **numbers_of(Settings(), connection),
        **witnessed.numbers(Settings(), connection),
        "Einträge im Protokoll": newest[0].size if newest else 0,
    }


def _database(data: DataDir, settings: Settings, *, thorough: bool) -> list[Finding]:
    database = open_database(data.place)
    try:
        return list(_looked_into(data, settings, database, thorough=thorough))
    except (SQLAlchemyError, Failure):
        return [
            bad(
                "datenbank",
                "Die Datenbank lässt sich nicht lesen.",
                "Rechte und Datenträger ansehen; ist sie beschädigt, Sicherung zurückholen.",
            )
        ]
    finally:
        database.dispose()


def _looked_into(
    data: DataDir, settings: Settings, database: Database, *, thorough: bool
) -> Iterator[Finding]:
    with database.reading.connect() as connection, connection.begin():
        if database.kind == "sqlite":
            yield from ways_of_sqlite(connection)
        else:
            yield from ways_of_postgresql(connection)
            yield oversight.roles(connection)
        found = list(within(data, connection, thorough=thorough))
        yield from found
        if not any(each.id == "schema" and each.forbids for each in found):
            yield rules(settings.protocols_dir, connection)
            yield contracts(connection)
            yield looked_at(connection)
            yield from oversight.looked_at(connection)
            yield from outcomes(settings, connection)
            yield covered.looked_at(connection)
            yield witnessed.looked_at(settings, connection)
            yield pruning.looked_at(connection)
            yield stamping.looked_at(settings, connection)
            yield from signed.looked_at(data, settings, connection, thorough=thorough)
            yield from opened.looked_at(data, connection, thorough=thorough)


def contracts(connection: Connection) -> Finding:
    """Look for the contract that lets this hub process for each controller (Art. 28 DSGVO)."""
    missing = missing_contracts(connection)
    if not missing:
        return good("vertraege", "Für jede teilnehmende Stelle ist ein Vertrag eingetragen.")
    named = ", ".join(missing[:SHOWN]) + (" und weitere" if len(missing) > SHOWN else "")
    return hint(
        "vertraege",
        f"Ohne Vertrag zur Auftragsverarbeitung (Art. 28 DSGVO, § 80 SGB X): {named}.",
        "Vertrag schließen und mit „participants contract“ eintragen.",
    )


def _without_contract(connection: Connection) -> dict[str, int | str]:
    missing = missing_contracts(connection)
    return {"WARNUNG, Stellen ohne Vertrag": len(missing)} if missing else {}
