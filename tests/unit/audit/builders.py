# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Builders for the tests of the log: a key, a database, a log and what happens in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, create_engine
from sqlalchemy import event as sql_event
from sqlalchemy.pool import StaticPool

from hub.audit.checkpoint import origin_of
from hub.audit.entry import Draft
from hub.audit.log import Closed, Log
from hub.audit.note import Signer, Verifier
from hub.audit.openings.store import Openings
from hub.audit.signing.keyring import Keyring, LogKey
from hub.audit.signing.own import OwnKeys
from hub.audit.signing.signatures import Signatures
from hub.audit.tables import TABLES, conversation_entry
from hub.audit.triggers import triggers
from hub.sealing.canonical import digest
from tests.databases import IS_POSTGRESQL, an_engine

HUB = "hub.beispielstadt.invalid"
ORIGIN = origin_of(HUB)
ALL = (*TABLES, conversation_entry)
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def a_private_key(seed: str = "log") -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest())


def a_signer(seed: str = "log", name: str = ORIGIN) -> Signer:
    return Signer(name, a_private_key(seed))


def an_id(number: int, at: datetime = START) -> str:
    """Return a UUID of version 7 for the number and the millisecond."""
    stamp = f"{int(at.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-{number:012x}"


def a_draft(number: int = 0, **members: Any) -> Draft:
    """Return a draft that says that a message was taken."""
    at = members.pop("at", START + timedelta(seconds=number))
    draft = Draft(
        kind="message.taken",
        entry_id=an_id(number, at),
        at=at,
        act={"org": "jugendamt:05170032.asd", "auth": f"dpop:{digest('key')}"},
        obj={
            "ty": "message",
            "id": an_id(900_000 + number),
            "d": digest(f"receipt {number}"),
            "ct": "schule-mitteilung/1.0.0/mitteilung",
        },
        rcp=("jugendamt:05170032.asd",),
        law=("sgb8-8a-1",),
        rule="schule-mitteilung/1.0.0",
    )
    return replace(draft, **members)


def a_log(
    node: str = "hub-1",
    signer: Signer | None = None,
    origin: str = ORIGIN,
    openings: Openings | None = None,
) -> Log:
    numbers = count()

    def nonce() -> bytes:
        return sha256(f"nonce {next(numbers)}".encode()).digest()

    signatures = signatures_of(signer or a_signer(), origin)
    return Log(signatures, node, nonces=nonce, openings=openings)


def signatures_of(signer: Signer, origin: str = ORIGIN) -> Signatures:
    """Return the one key of a log, which lies in the same process."""
    keyring = Keyring((LogKey(Verifier(origin, signer.verifier.public)),))
    return Signatures(OwnKeys(lambda: [signer._private]), keyring)


MESSAGES = """
CREATE TABLE message (id TEXT PRIMARY KEY, audit_id TEXT NOT NULL
  REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
"""


ON_POSTGRESQL = (
    'CREATE TABLE message (id TEXT COLLATE "C" PRIMARY KEY)',
    """ALTER TABLE message ADD audit_id TEXT NOT NULL
    REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED""",
)


def a_database(path: Path | None = None) -> Engine:
    """Return an engine with the tables and triggers of the log, and a table of messages.

    With a path it is a file, as the auditor gets it, whatever the tests run on.
    """
    return on_the_server() if IS_POSTGRESQL and path is None else prepared(path, MESSAGES)


def on_the_server() -> Engine:
    """Do the same on PostgreSQL."""
    engine, metadata, (message, reference) = an_engine(), of_the_log(), ON_POSTGRESQL
    with engine.begin() as connection:
        connection.exec_driver_sql(message)
        metadata.create_all(connection, [metadata.tables[table.name] for table in ALL])
        for statement in (reference, *triggers("postgresql", of_log_alone=True)):
            connection.exec_driver_sql(statement)
    return engine


def of_the_log() -> MetaData:
    """Return the tables of the log; the reference to messages is written before that table is."""
    metadata = MetaData()
    for table in ALL:
        table.to_metadata(metadata)
    Table("message", metadata, Column("id", Text, primary_key=True))
    return metadata


def prepared(path: Path | None, tables: str) -> Engine:
    """Return an engine with the tables and triggers of the log beside other tables."""
    url = "sqlite://" if path is None else f"sqlite:///{path}"
    engine = create_engine(url, poolclass=StaticPool)

    @sql_event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=OFF")

    @sql_event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    metadata = of_the_log()
    with engine.begin() as connection:
        metadata.create_all(connection, [metadata.tables[table.name] for table in ALL])
        for statement in (
            *filter(str.strip, tables.split(";")),
            *triggers("sqlite", of_log_alone=True),
        ):
            connection.exec_driver_sql(statement)
    return engine


def append_all(engine: Engine, log: Log, drafts: list[Draft]) -> Closed:
    """Append drafts as one group."""
    with engine.begin() as connection:
        for draft in drafts:
            log.append(connection, draft)
        closed = log.close_group(connection)
    log.commit_group()
    assert closed is not None
    return closed


def a_grown_log(size: int, *, group: int = 50, path: Path | None = None) -> tuple[Engine, Log]:
    """Return a database whose log has ``size`` entries, committed in groups."""
    engine, log = a_database(path), a_log()
    for first in range(0, size, group):
        append_all(engine, log, [a_draft(n) for n in range(first, min(size, first + group))])
    return engine, log
