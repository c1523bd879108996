# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Putting a hub together: from a data directory to a node with an open log."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import Connection

from hub.audit import tables as _log_tables
from hub.audit.checkpoint import origin_of
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.note import Signer
from hub.directory.network import load_network
from hub.directory.participants import Directory
from hub.enrol.invitation import propose
from hub.enrol.snapshot import read_directory
from hub.mailbox.waiting import WaitingRoom
from hub.main.folder import DataDir
from hub.model.network import Network
from hub.node import HubKeys, Node
from hub.protocols.catalogue import load_catalogue
from hub.record import new_id
from hub.schemas import SCHEMAS, SPECS
from hub.sealing.canonical import jcs
from hub.store.engine import Database, open_database
from hub.store.participants import add_hub, add_hub_key, read_hub_id
from hub.store.readers import Readers
from hub.store.schema import check_current, upgrade
from hub.store.writer import Writer
from hub.trust.keys import PrivateSigningKey, jwk_members

__all__ = ["create_hub", "open_node"]
NODE: Final = "hub-1"
USES: Final = ("log", "receipt", "token")
HUB_ID: Final = re.compile(r"[a-z0-9][a-z0-9.:/-]{2,127}")
TABLES: Final = _log_tables.TABLES


def create_hub(data: DataDir, hub_id: str, networks: tuple[Path, ...]) -> int:
    """Make keys and database, and enter the network files' participants as proposed.

    Returns how many were proposed. Raises ``FileExistsError`` where a hub is there already, and
    ``ValueError`` for a name that no message could bear. Either all of it is made or nothing.
    """
    check_hub_id(hub_id)
    read = [load_network(path) for path in networks]
    with data.being_made() as made:
        made.keys.mkdir(mode=0o700)
        made.networks.mkdir(mode=0o700)
        for path in networks:
            shutil.copyfile(path, made.networks / path.name)
        for use in USES:
            PrivateSigningKey.generate().save(made.key(use))
        made.database.touch(mode=0o600)
        database = open_database(made.database)
        try:
            upgrade(database.writing)
            return _found(made, database, hub_id, read)
        finally:
            database.dispose()


def check_hub_id(hub_id: str) -> None:
    """Raise ``ValueError`` unless it is a name as envelopes bear it (SL1 § 6)."""
    if not HUB_ID.fullmatch(hub_id):
        raise ValueError(
            "Der Name des Hubs hat 3 bis 128 Zeichen: kleine Buchstaben a bis z, Ziffern, "
            "Punkt, Doppelpunkt, Schrägstrich, Bindestrich; das erste ist Buchstabe oder Ziffer."
        )


@contextmanager
def open_node(
    data: DataDir, public_url: str, clock: Callable[[], float] = time.time
) -> Iterator[Node]:
    """Open the hub of a data directory for this process; closes it at the end.

    Raises ``ReadOnly`` where another process has it, where the database is of another version, or
    where the log does not stand where its last checkpoint says.
    """
    with data.locked():
        database = open_database(data.database)
        readers = Readers(database.reading)
        try:
            readers.run_now(check_current)
            hub_id = readers.run_now(read_hub_id) or ""
            log = _log(data, hub_id)
            readers.run_now(log.open)
            waiting = WaitingRoom()
            writer = Writer(database.writing, log, waiting.ring)
            try:
                yield _node(data, public_url, hub_id, log, readers, writer, waiting, clock)
            finally:
                writer.stop()
        finally:
            readers.stop()
            database.dispose()


def _node(
    data: DataDir,
    public_url: str,
    hub_id: str,
    log: Log,
    readers: Readers,
    writer: Writer,
    waiting: WaitingRoom,
    clock: Callable[[], float],
) -> Node:
    keys = HubKeys(
        receipt=PrivateSigningKey.load(data.key("receipt")),
        token=PrivateSigningKey.load(data.key("token")),
    )
    directory: Directory = readers.run_now(read_directory)
    return Node(
        hub_id=hub_id,
        public_url=public_url.rstrip("/"),
        keys=keys,
        catalogue=load_catalogue(SPECS, SCHEMAS),
        networks=tuple(load_network(path) for path in data.network_files()),
        directory=directory,
        read_directory=read_directory,
        readers=readers,
        writer=writer,
        log=log,
        clock=clock,
        waiting=waiting,
    )


def _found(data: DataDir, database: Database, hub_id: str, networks: list[Network]) -> int:
    """Enter what the hub is called, its public keys, the first entry, and the proposals."""
    log = _log(data, hub_id)
    writer = Writer(database.writing, log)

    def work(connection: Connection) -> int:
        now = time.time()
        add_hub(connection, hub_id, int(now))
        for use in USES:
            key = PrivateSigningKey.load(data.key(use))
            add_hub_key(
                connection,
                kid=key.kid,
                use=use,
                alg=key.alg,
                jwk=jcs(jwk_members(key.jwk)).decode(),
            )
        log.append(
            connection,
            Draft(
                kind="log.genesis",
                entry_id=new_id(),
                at=now,
                act={"org": hub_id},
                obj={"ty": "log"},
            ),
        )
        return sum(propose(network, connection) for network in networks)

    try:
        return writer.commit_now(work)
    finally:
        writer.stop()


def _log(data: DataDir, hub_id: str) -> Log:
    private = load_pem_private_key(data.key("log").read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError("the key of the log is an Ed25519 key")
    return Log(origin_of(hub_id), Signer(origin_of(hub_id), private), NODE)
