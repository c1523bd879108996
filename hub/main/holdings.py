# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` finds in the database: how it writes, its schema, the keys, and the log."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from hub import clock
from hub.audit import tables
from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import NotAnEntry, parse_entry
from hub.audit.merkle import Unproven
from hub.audit.signing.keyring import read_keyring
from hub.audit.tree import Tree, count_leaves, read_checkpoint
from hub.errors import Failure
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.guarding import ADVICE, RollbackSuspected, check_guard, guard_file
from hub.main.oversight import entered_schema
from hub.main.surroundings import USES
from hub.settings import Settings
from hub.store.digest import schema_differences
from hub.store.engine import SAFE_WAL, sqlite_version
from hub.store.participants import read_hub_keys
from hub.store.postgresql import read_server
from hub.store.schema import check_current
from hub.trust.keys import PrivateSigningKey

BEHIND: Final = 60
"""Seconds that the clock may lie before the newest entry of the log."""
AFTER: Final = 86_400
"""Seconds after which a clock ahead of the log deserves a look."""
_SAFE: Final[dict[str, set[object]]] = {
    "journal_mode": {"wal", "delete"},
    "synchronous": {2, 3},
    "foreign_keys": {1},
    "recursive_triggers": {1},
    "trusted_schema": {0},
    "secure_delete": {1},
}
"""What SQLite has to say of itself; 2 and 3 are FULL and EXTRA."""


def within(data: DataDir, connection: Connection, *, thorough: bool) -> Iterator[Finding]:
    """Look at a database; changes nothing. What reads all of it only where ``thorough``."""
    schema = _schema(connection)
    yield schema
    if schema.forbids:
        return
    yield _shape(connection)
    if thorough:
        yield entered_schema(connection)
    yield _key_pairs(data, connection)
    yield _head(connection)
    yield _times(connection)
    yield _guard(data, connection)
    if thorough and connection.dialect.name == "sqlite":
        yield _integrity(connection)


def ways_of_sqlite(connection: Connection) -> Iterator[Finding]:
    """Look how this SQLite writes, as it says itself and not as it was told to."""
    version = ".".join(map(str, sqlite_version()))
    if sqlite_version() >= SAFE_WAL:
        yield good("datenbank-treiber", f"SQLite {version}, WAL")
    else:
        yield hint(
            "datenbank-treiber",
            f"SQLite {version} ist älter als 3.51.3; es wird ohne WAL geschrieben.",
            "Den mitgelieferten Treiber installieren (make run).",
        )
    said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _SAFE}
    wrong = [f"{name}={value}" for name, value in said.items() if value not in _SAFE[name]]
    if wrong:
        yield bad(
            "datenbank-schreibweise",
            f"Die Datenbank schreibt nicht sicher: {', '.join(wrong)}.",
            "Nichts starten; liegt die Datei auf einem Netzlaufwerk?",
        )
    else:
        yield good("datenbank-schreibweise", "Jede Zusage liegt vorher auf der Platte.")


def ways_of_postgresql(connection: Connection) -> Iterator[Finding]:
    """Look how this server writes; what it says holds for the session that asks."""
    server = read_server(connection)
    yield good("datenbank-treiber", f"PostgreSQL {server.version // 10_000}.{server.version % 100}")
    if not server.is_durable:
        yield bad(
            "datenbank-schreibweise",
            "Der Datenbankserver sagt zu, was noch nicht auf der Platte liegt.",
            "fsync=on, full_page_writes=on und synchronous_commit=on setzen.",
        )
    elif not server.data_checksums:
        yield hint(
            "datenbank-schreibweise",
            "Der Datenbankserver führt keine Prüfsummen; Schäden fallen spät auf.",
            "Bei Gelegenheit „pg_checksums --enable“, solange der Server steht.",
        )
    else:
        yield good("datenbank-schreibweise", "Jede Zusage liegt vorher auf der Platte.")


def _schema(connection: Connection) -> Finding:
    try:
        check_current(connection)
    except Failure as old:
        return bad("schema", str(old), "Mit der passenden Fassung starten oder aktualisieren.")
    return good("schema", "Die Datenbank hat das Schema dieser Fassung.")


def _shape(connection: Connection) -> Finding:
    differences = schema_differences(connection)
    if differences:
        return bad(
            "schema-gestalt",
            f"Tabellen oder Auslöser sind nicht, wie sie sein sollen: {', '.join(differences)}.",
            "Nichts starten. Jemand hat die Datenbank von Hand geändert: klären, wer und warum.",
        )
    return good("schema-gestalt", "Tabellen, Schlüssel und Auslöser sind, wie sie sein sollen.")


def _key_pairs(data: DataDir, connection: Connection) -> Finding:
    published = {key["use"]: key["kid"] for key in read_hub_keys(connection)}
    kids = {use: _kid_of(data.key(use)) for use in USES}
    # What cannot be read at all is the finding above.
    wrong = [USES[use] for use, kid in kids.items() if kid not in {None, published.get(use)}]
    if wrong:
        return bad(
            "schluessel-paar",
            f"Nicht der Schlüssel dieses Hubs ist der für: {', '.join(wrong)}.",
            "Die Schlüssel zurückholen, die zu dieser Datenbank gehören.",
        )
    return good("schluessel-paar", "Die Schlüssel sind die, die dieser Hub bekanntgegeben hat.")


def _kid_of(path: Path) -> str | None:
    """Return the id of the key in a file; empty for what is no key, None for what is no file."""
    try:
        return PrivateSigningKey.load(path).kid
    except OSError:
        return None
    except ValueError:
        return ""


def _head(connection: Connection) -> Finding:
    head = read_checkpoint(connection)
    if head is not None and head[0] == _stored(connection, head[0]):
        said = f"Protokoll mit {head[0].size} Einträgen, alle unterschrieben."
        return good("protokoll-kopf", said)
    return bad(
        "protokoll-kopf",
        "Protokoll und letzter Prüfpunkt passen nicht zusammen.",
        "Nichts starten; „meldeweg audit verify“ ausführen.",
    )


def _stored(connection: Connection, head: Checkpoint) -> Checkpoint | None:
    """Return what the last checkpoint has to say by the leaves that are there.

    What a signer has yet to sign stands behind it; the hub has that signed first of all.
    """
    try:
        size = count_leaves(connection)
        edge = Tree().edge(connection, min(size, head.size) if Settings().signer else size)
    except Unproven:
        return None
    return Checkpoint(head.origin, edge.size, edge.root)


def _times(connection: Connection) -> Finding:
    newest = newest_entry(connection)
    if newest is None:
        return good("uhr-protokoll", "Das Protokoll hat keine Zeit, die zu vergleichen wäre.")
    apart = clock.now() - newest
    if apart < -BEHIND:
        return hint(
            "uhr-protokoll",
            f"Die Uhr liegt {_long(-apart)} vor dem jüngsten Eintrag des Protokolls.",
            "Uhr vergleichen. Geht sie richtig, ging sie früher vor: Dann ist nichts zu tun.",
        )
    if apart > AFTER:
        return hint(
            "uhr-protokoll",
            f"Der jüngste Eintrag des Protokolls ist {_long(apart)} alt.",
            "War der Hub so lange aus? Sonst Uhr vergleichen, ehe Fristen ablaufen.",
        )
    return good("uhr-protokoll", "Die Uhr passt zum jüngsten Eintrag des Protokolls.")


def newest_entry(connection: Connection) -> float | None:
    """Return when the newest entry was made, in seconds; None where its body is gone."""
    leaf, body = tables.audit_leaf, tables.audit_body
    found = connection.execute(
        select(body.c.body)
        .join(leaf, leaf.c.event_id == body.c.event_id)
        .order_by(leaf.c.idx.desc())
        .limit(1)
    ).scalar()
    try:
        return None if found is None else datetime.fromisoformat(parse_entry(found).t).timestamp()
    except NotAnEntry:
        return None


def _long(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 120:  # noqa: PLR2004  two hours
        return f"{minutes} Minuten"
    hours = minutes // 60
    return f"{hours} Stunden" if hours < 48 else f"{hours // 24} Tage"  # noqa: PLR2004  two days


def _guard(data: DataDir, connection: Connection) -> Finding:
    keyring = read_keyring(connection)
    try:
        is_there = keyring is not None and check_guard(guard_file(data), keyring, connection)
    except RollbackSuspected as doubt:
        return bad("waechterdatei", f"{doubt}.", ADVICE)
    except OSError:
        return bad(
            "waechterdatei",
            "Die Wächterdatei ist nicht lesbar.",
            "Rechte und Datenträger ansehen; sie gehört dem Benutzer des Hubs.",
        )
    if not is_there:
        return hint(
            "waechterdatei",
            "Es gibt keine Wächterdatei; eine zurückgespielte Sicherung fiele nicht auf.",
            "Bei einem neuen Hub nichts: Er legt sie an. Sonst prüfen, wer sie weggenommen hat.",
        )
    return good("waechterdatei", "Das Protokoll setzt fort, was in der Wächterdatei steht.")


def _integrity(connection: Connection) -> Finding:
    if connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
        return bad(
            "unversehrt",
            "Die Datenbank ist beschädigt.",
            "Hub anhalten, Datei aufheben, Sicherung zurückholen.",
        )
    return good("unversehrt", "Die Datenbank ist unbeschädigt.")
