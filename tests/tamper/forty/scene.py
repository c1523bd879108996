# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub that has worked and is down, and what stands outside of it: guard, witness, receipts.

A school has told a Jugendamt twice, refusals and heartbeats lie between, so that there is a full
tile. Somebody then has the machine: database, opening store, and the key of the log.
"""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy import event as sql_event

from hub.audit.cosignature import Cosigner
from hub.audit.merkle import Unproven
from hub.audit.note import Signer, parse_vkey
from hub.audit.tree import Tree, read_checkpoint
from hub.audit.witness.evidence import Drawer
from hub.audit.witness.request import parse_shown, write_request
from hub.audit.witness.shelf import Shelf, name_of
from hub.audit.witness.watching import Witness
from hub.main.folder import DataDir
from hub.main.log_keys import load_private
from tests import databases
from tests.journeys.copies import copy_of
from tests.postgresql import SUPERUSER

WITNESS: Final = "zeuge.invalid/w1"


@dataclass(frozen=True)
class Kept:
    """What a party keeps of an entry: its bytes and the proof, as the hub answered them."""

    index: int
    entry: bytes
    proof: str


@dataclass(frozen=True)
class Scene:
    """All that lies outside of the database, and an older copy of it."""

    home: Path
    data: DataDir
    vkey: str
    kept: tuple[Kept, ...]
    receipts: frozenset[str]
    """Digests of the receipts that parties hold."""
    guard: str
    """The newest checkpoint, as the guard file or the signer has it."""
    cut: int
    """Size of the log at which the backup was made."""
    refused: str
    """What a reader was answered while the log could not be written."""
    older: DataDir
    """The machine as it was at ``cut``."""

    @property
    def private(self) -> Signer:
        """The key of the log, in the hands of whoever has the machine."""
        verifier = parse_vkey(self.vkey)
        return Signer(verifier.name, load_private(self.data.key("log")))

    def witness(self, home: Path) -> Witness:
        """Return the witness with what it has seen; what it sees now, it forgets with ``home``."""
        shutil.copytree(self.home / "witness", home)
        return a_witness(home)

    @contextmanager
    def copied(self, home: Path, *, of: DataDir | None = None) -> Iterator["Copy"]:
        """Give a copy of the machine, to be spoiled."""
        source = of or self.data
        ignored = shutil.ignore_patterns("*.sock", "*.lock")
        shutil.copytree(source.path, home, ignore=ignored)
        with databases.given_back():
            copy = Copy(self, databases.with_its_database(source, home))
            try:
                yield copy
            finally:
                copy.engine.dispose()


class Copy:
    """A copy of the machine in the hands of somebody who knows what he does."""

    def __init__(self, scene: Scene, data: DataDir) -> None:
        self.scene = scene
        self.data = data
        self.engine = engine_of(data)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def run(self, *statements: str, **values: object) -> int:
        """Run statements as the owner of everything; returns how many rows the last one met."""
        count = 0
        with self.engine.begin() as connection:
            for statement in statements:
                count = connection.execute(text(statement), values).rowcount
        return count

    def ask(self, query: str, **values: object) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).fetchall())

    def disarm(self) -> dict[str, str]:
        """Take away what guards the tables; returns what is needed to put it back."""
        if not self.is_sqlite:
            for (table,) in self.ask(_TABLES):
                self.run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            return {}
        found = dict(self.ask("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        self.run(*(f"DROP TRIGGER {name}" for name in found))
        return found

    def rearm(self, guards: Mapping[str, str]) -> None:
        """Put everything back, so that nobody sees that it was away."""
        if self.is_sqlite:
            self.run(*guards.values())
            return
        for (table,) in self.ask(_TABLES):
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        for table, name in self.ask(_OURS):
            self.run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")

    @contextmanager
    def unguarded(self) -> Iterator["Copy"]:
        guards = self.disarm()
        yield self
        self.rearm(guards)

    def for_the_auditor(self, to: Path) -> Path:
        """Return the file that the auditor gets; raises where no file can hold these rows."""
        return copy_of(self.data, to)


_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_OURS: Final = """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal"""


def engine_of(data: DataDir) -> Engine:
    if data.url:
        url = make_url(data.url).set(drivername="postgresql+psycopg", username=SUPERUSER)
        return create_engine(url)
    engine = create_engine(f"sqlite:///{data.database}")

    @sql_event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @sql_event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def cosigner() -> Cosigner:
    return Cosigner(WITNESS, Ed25519PrivateKey.from_private_bytes(sha256(b"w1").digest()))


def a_witness(home: Path) -> Witness:
    return Witness([cosigner()], Shelf(home / "logs"), Drawer(home / "evidence"), time.time)


def offered(connection: Connection, witness: Witness) -> tuple[int, str]:
    """Offer the newest checkpoint of a database to the witness; raises ``Unproven`` if it says no.

    The proof is made from what the database holds, as its hub would make it.
    """
    head = read_checkpoint(connection)
    if head is None:
        raise Unproven("there is no checkpoint")
    seen = witness.checkpoint(name_of(head[0].origin))
    old = parse_shown(seen).head.size if seen else 0
    # A hub that was set back knows of nothing newer than what it has.
    old = min(old, head[0].size)
    proof = Tree().consistency(connection, old, head[0].size)
    said = witness.add(write_request(old, proof, head[1]))
    if said.status != HTTPStatus.OK:
        raise Unproven(f"{said.status} {said.body.strip()}")
    return head[0].size, said.body
