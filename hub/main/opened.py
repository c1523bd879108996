# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` finds about the opening store and about what should be forgotten by now."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from hub import clock
from hub.audit.openings.key import CONVERSATION
from hub.audit.openings.store import NoSuchKey, Openings
from hub.erase import ended_before
from hub.main import aside
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.store.erasures import Beginning, beginnings, due_to_forget, pending_erasures
from hub.store.rewriting import Owed, is_too_large, owed

SHOWN: Final = 5
"""Conversations that a finding names."""
NOTICED: Final = 2 * 24 * 3600
"""Seconds after which something that should be forgotten is late."""


def looked_at(data: DataDir, connection: Connection, *, thorough: bool) -> Iterator[Finding]:
    """Look at the store, and whether it has the keys of all conversations."""
    openings = Openings(data.openings)
    try:
        yield _store(openings, data)
        if thorough and openings.is_well():
            yield _keys(openings, connection)
    finally:
        openings.close()
    yield _forgotten(connection)
    yield from _rewritten(connection)
    yield aside.looked_at(data)


def _store(openings: Openings, data: DataDir) -> Finding:
    if not openings.is_well():
        return bad(
            "oeffnungen",
            "Der Öffnungsspeicher ist nicht da oder nicht zu beschreiben; ohne ihn nimmt der Hub "
            "nichts an.",
            "Seine eigene Sicherung (Ordner oeffnungen) zurückholen; siehe docs/betrieb.md.",
        )
    if data.openings.stat().st_mode & 0o077:
        return hint(
            "oeffnungen",
            "Der Öffnungsspeicher ist für andere zugänglich.",
            "chmod -R go= auf den Ordner oeffnungen.",
        )
    return good("oeffnungen", "Der Öffnungsspeicher ist da, getrennt von der Datenbank.")


def _keys(openings: Openings, connection: Connection) -> Finding:
    lost = without_key(openings, connection)
    if lost:
        named = ", ".join(lost[:SHOWN]) + (" und weitere" if len(lost) > SHOWN else "")
        return bad(
            "oeffnungen-schluessel",
            f"Von {len(lost)} Konversationen öffnet kein Schlüssel den ersten Eintrag: {named}.",
            "Ist die Datenbank eine zurückgespielte Sicherung, waren sie schon gelöscht: mit "
            "„audit erase“ noch einmal. Sonst: Ist der Öffnungsspeicher eine ältere Sicherung, "
            "oder hat jemand Schlüssel vernichtet? Im Protokoll steht davon nichts.",
        )
    return good("oeffnungen-schluessel", "Jede Konversation hat ihren Schlüssel.")


def without_key(openings: Openings, connection: Connection) -> list[str]:
    """Return the conversations whose first entry no key opens; looks at all of them."""
    return [each.conversation for each in beginnings(connection) if not _opens(openings, each)]


def _opens(openings: Openings, begun: Beginning) -> bool:
    try:
        key = openings.key(begun.key_id, begun.conversation)
    except NoSuchKey:
        return False
    said = json.loads(begun.entry).get("com", {}).get(CONVERSATION)
    return bool(said == key.commitment(begun.event_id, CONVERSATION, begun.conversation))


def _forgotten(connection: Connection) -> Finding:
    begun = len(pending_erasures(connection, 1000))
    if begun:
        return hint(
            "vergessen",
            f"Angefangen und noch nicht zu Ende ist das Löschen von {begun} Konversationen.",
            "Es geht mit dem nächsten Umlauf weiter; bleibt es so, läuft der Hub nicht.",
        )
    if due_to_forget(connection, ended_before(int(clock.now()) - NOTICED), 1):
        return hint(
            "vergessen",
            "Es gibt Konversationen, die länger da sind als das Folgejahr.",
            "Der Hub vergisst sie von selbst, sobald er läuft und seiner Uhr traut.",
        )
    return good("vergessen", "Was nach dem Folgejahr gehen muss, ist gegangen.")


def _rewritten(connection: Connection) -> Iterator[Finding]:
    """Say whether copies of what was erased may still lie in free parts of the file."""
    if connection.dialect.name != "sqlite":
        return
    is_larger, state = is_too_large(connection), owed(connection)
    if state is Owed.REWRITING_FAILED or (state and is_larger):
        yield hint(
            "datei-reste",
            "Es wurde gelöscht, und die Datei der Datenbank ist danach nicht neu geschrieben; in "
            "ungenutzten Teilen von ihr können noch Reste liegen.",
            "Bei angehaltenem Hub: sqlite3 meldeweg.sqlite 'VACUUM; PRAGMA user_version=0;'"
            if is_larger
            else "Platz schaffen; der Hub versucht es in der nächsten Nacht noch einmal.",
        )
    else:
        yield good(
            "datei-reste", "In der Nacht nach einer Löschung wird die Datei neu geschrieben."
        )
