# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Putting a hub together: from a data directory to a node with an open log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hub.audit.log import Log
from hub.audit.openings.store import Openings
from hub.audit.signing.keyring import read_keyring
from hub.clock import now
from hub.directory.network import load_network
from hub.directory.participants import Directory
from hub.enrol.snapshot import read_directory
from hub.mailbox.waiting import WaitingRoom
from hub.main.aside import remove_old
from hub.main.folder import DataDir
from hub.main.genesis import create_hub, hold
from hub.main.guarding import OnDoubt, guarded
from hub.main.log_keys import load_log
from hub.main.witnessing import policy_of, tail_of
from hub.node import HubKeys, Node
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.participants import read_hub_id
from hub.store.readers import Readers
from hub.store.schema import check_current
from hub.store.writer import Writer
from hub.trust.keys import PrivateSigningKey

__all__ = ["create_hub", "open_node"]


@contextmanager
def open_node(
    data: DataDir,
    public_url: str,
    clock: Callable[[], float] = now,
    own_protocols: Path | None = None,
    *,
    on_doubt: OnDoubt = "end",
) -> Iterator[Node]:
    """Open the hub of a data directory for this process; closes it at the end.

    Raises ``ReadOnly`` where another process has it, where the database is of another version or
    would not keep what it confirms, or where the log does not stand where its last checkpoint
    says, and ``RollbackSuspected`` where it does not extend what guard file, signer or witnesses
    know. ``on_doubt`` such a node can also be opened to read and write nothing.
    """
    catalogue = load_known(own_protocols)
    with data.locked():
        database = open_database(data.place)
        readers = Readers(database.reading)
        try:
            hold(database)
            readers.run_now(check_current)
            hub_id = readers.run_now(read_hub_id) or ""
            openings = Openings(data.openings)
            log = load_log(data, readers.run_now(read_keyring), openings)
            readers.run_now(log.open)
            waiting = WaitingRoom()
            policy = policy_of(Settings())
            with guarded(data, log, readers, policy, on_doubt=on_doubt) as guard:
                writer = Writer(
                    database,
                    log,
                    waiting.ring,
                    elsewhere=log if log.is_signed_elsewhere else None,
                    forbidden=guard.forbidden,
                )
                try:
                    store = _Store(log, openings, readers, writer, waiting)
                    node = _node(data, public_url, hub_id, catalogue, store, clock)
                    node.is_set_back = guard.is_set_back
                    node.policy, node.tail = policy, tail_of(Settings())
                    yield node
                finally:
                    writer.stop()
        finally:
            readers.stop()
            database.dispose()


@dataclass(frozen=True)
class _Store:
    """What a node reads and writes with."""

    log: Log
    openings: Openings
    readers: Readers
    writer: Writer
    waiting: WaitingRoom


def _node(
    data: DataDir,
    public_url: str,
    hub_id: str,
    catalogue: Catalogue,
    store: _Store,
    clock: Callable[[], float],
) -> Node:
    keys = HubKeys(
        receipt=PrivateSigningKey.load(data.key("receipt")),
        token=PrivateSigningKey.load(data.key("token")),
        cose=PrivateSigningKey.load(data.key("cose")),
    )
    directory: Directory = store.readers.run_now(read_directory)
    return Node(
        hub_id=hub_id,
        public_url=public_url.rstrip("/"),
        keys=keys,
        catalogue=catalogue,
        networks=tuple(load_network(path) for path in data.network_files()),
        directory=directory,
        read_directory=read_directory,
        readers=store.readers,
        writer=store.writer,
        log=store.log,
        openings=store.openings,
        clock=clock,
        waiting=store.waiting,
        tidy=partial(remove_old, data),
    )
