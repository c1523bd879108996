# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` finds that people still have to look at: emergencies, incidents, differences."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from hub import clock
from hub.audit import tables
from hub.main.database_roles import owns_its_log
from hub.main.finding import Finding, bad, good, hint
from hub.oversee.breakglass import overdue
from hub.oversee.incidents import WITHIN
from hub.store.digest import schema_digest
from hub.store.incidents import read_incidents
from hub.store.reconciliations import read_reconciliations
from hub.store.schema import has_tables

SHOWN: Final = 3
_SCHEMA: Final = ("log.genesis", "schema.migrated")


def looked_at(connection: Connection) -> Iterator[Finding]:
    """Look for what waits for a person, and for what nobody has entered."""
    yield _emergencies(connection)
    yield _incidents(connection)
    yield _reconciliations(connection)


def roles(connection: Connection) -> Finding:
    """Look whether the hub could change the guards of its own log, on a server."""
    if has_tables(connection) and owns_its_log(connection):
        return hint(
            "datenbank-rollen",
            "Der Benutzer des Hubs ist Eigentümer des Protokolls und könnte seine Auslöser ändern.",
            "„meldeweg database roles“ trennt das; einzurichten vom Administrator des Servers.",
        )
    return good("datenbank-rollen", "Das Protokoll gehört nicht dem Benutzer des Hubs.")


def entered_schema(connection: Connection) -> Finding:
    """Hold the schema against the entry that says what it is.

    The file of this version says what it should be; the entry says what it was when the hub was
    set up or upgraded, and nobody changes that.
    """
    said = _said_of_schema(connection)
    if said is not None and said != schema_digest(connection):
        return bad(
            "schema-eintrag",
            "Die Tabellen sind nicht, was im Protokoll über sie eingetragen ist.",
            "Nichts starten. Jemand hat die Datenbank von Hand geändert: klären, wer und warum.",
        )
    return good("schema-eintrag", "Die Tabellen sind, was im Protokoll über sie steht.")


def _said_of_schema(connection: Connection) -> str | None:
    """Return the digest of the newest entry about the schema; None where that is of another form.

    A log that goes on under another name begins with an entry that says where it comes from.
    """
    leaf, event, body = tables.audit_leaf.c, tables.audit_event.c, tables.audit_body.c
    rows = connection.execute(
        select(body.body)
        .join(tables.audit_event, event.id == body.event_id)
        .join(tables.audit_leaf, leaf.event_id == body.event_id)
        .where(event.kind.in_(_SCHEMA))
        .order_by(leaf.idx.desc())
    )
    about = (json.loads(row.body)["obj"] for row in rows)
    return next((str(each["d"]) for each in about if each["id"] == connection.dialect.name), None)


def _emergencies(connection: Connection) -> Finding:
    late = overdue(connection, int(clock.now()))
    if late:
        return bad(
            "notzugang",
            f"Zugang im Notfall, seit über 24 Stunden ungeprüft: {len(late)}.",
            "„meldeweg break-glass list“; eine zweite Person prüft, „break-glass review“.",
        )
    return good("notzugang", "Jeder Zugang im Notfall ist geprüft.")


def _incidents(connection: Connection) -> Finding:
    now = int(clock.now())
    known = [each for each in read_incidents(connection, is_open=True) if not each.notified_at]
    if any(each.opened_at + WITHIN < now for each in known):
        return bad(
            "datenpannen",
            "Eine Datenpanne ist seit über 72 Stunden bekannt und nicht gemeldet.",
            "Sofort melden (Art. 33 DSGVO), dann „meldeweg incidents notify“.",
        )
    if known:
        return hint(
            "datenpannen",
            f"Noch zu melden: {len(known)} Datenpannen.",
            "„meldeweg incidents list“ zeigt die Uhren.",
        )
    return good("datenpannen", "Keine Datenpanne wartet auf ihre Meldung.")


def _reconciliations(connection: Connection) -> Finding:
    found = read_reconciliations(connection, with_differences=True)
    if found:
        named = ", ".join(f"{each.unit} am {each.day}" for each in found[:SHOWN])
        more = " und weitere" if len(found) > SHOWN else ""
        return bad(
            "abgleich",
            f"Nicht dieselben Quittungen wie der Hub haben: {named}{more}.",
            "Mit der Stelle klären; was nur dort liegt, hat sie mit Beweis. Danach neu abgleichen.",
        )
    return good("abgleich", "Kein Abgleich hat einen Unterschied gefunden.")
