# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub where there was none: keys, tables, the first entry, and who is proposed."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from hub import clock
from hub.audit import tables as _log_tables
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.openings.file import create_openings
from hub.audit.signing.keyring import add_key, read_keyring
from hub.audit.signing.own import OwnKeys, keys_in
from hub.audit.signing.signatures import Signatures
from hub.directory.network import load_network
from hub.enrol.invitation import propose
from hub.errors import Failure, LogUnavailable, ReadOnly
from hub.main.folder import DataDir
from hub.main.log_keys import NODE, first_keyring
from hub.model.network import Network
from hub.record import new_id
from hub.sealing.canonical import jcs
from hub.store.digest import schema_digest
from hub.store.engine import Database, open_database
from hub.store.participants import add_hub, add_hub_key, read_hub_keys
from hub.store.postgresql import read_server
from hub.store.schema import has_tables, remove, upgrade_within
from hub.trust.keys import PrivateSigningKey, jwk_members

USES: Final = ("log", "receipt", "token", "cose")
HUB_ID: Final = re.compile(r"[a-z0-9][a-z0-9.:/-]{2,127}")
TABLES: Final = _log_tables.TABLES
FORGETFUL: Final = (
    "Der Datenbankserver bestätigt, was ein Stromausfall nimmt: fsync, full_page_writes und "
    "synchronous_commit müssen dort eingeschaltet sein (on)."
)
UNREACHABLE: Final = "Die Datenbank ist nicht zu erreichen oder lässt sich nicht öffnen."
NO_UNICODE: Final = "Die Datenbank muss mit ENCODING 'UTF8' angelegt sein."
_Keys = dict[str, PrivateSigningKey]


class DatabaseTakenError(FileExistsError):
    """There is a hub in the database, though none in the folder."""


def create_hub(data: DataDir, hub_id: str, networks: tuple[Path, ...]) -> int:
    """Make keys and database, and enter the network files' participants as proposed.

    Returns how many were proposed. Raises ``FileExistsError`` where a hub is there already, and
    ``ValueError`` for a name that no message could bear. Either all of it is made or nothing.
    """
    check_hub_id(hub_id)
    read = [load_network(path) for path in networks]
    keys = {use: PrivateSigningKey.generate() for use in USES}
    with _taken_back(data, keys), data.being_made() as made:
        made.keys.mkdir(mode=0o700)
        made.networks.mkdir(mode=0o700)
        create_openings(made.openings, clock.now())
        for path in networks:
            shutil.copyfile(path, made.networks / path.name)
        for use, key in keys.items():
            key.save(made.key(use))
        if not made.url:
            made.database.touch(mode=0o600)
        database = open_database(made.place)
        try:
            hold(database)
            return _found(made, database, hub_id, read, keys)
        finally:
            database.dispose()


def check_hub_id(hub_id: str) -> None:
    """Raise ``ValueError`` unless it is a name as envelopes bear it (SL1 § 6)."""
    if not HUB_ID.fullmatch(hub_id):
        raise ValueError(
            "Der Name des Hubs hat 3 bis 128 Zeichen: kleine Buchstaben a bis z, Ziffern, "
            "Punkt, Doppelpunkt, Schrägstrich, Bindestrich; das erste ist Buchstabe oder Ziffer."
        )


def hold(database: Database) -> None:
    """Take the writing side of a database for this process, for as long as it is open.

    Raises ``ReadOnly`` where another node has it, or where the server would forget what it has
    confirmed, and ``LogUnavailable`` where it cannot be reached.
    """
    try:
        with database.writing.connect() as connection:
            server = read_server(connection) if database.kind == "postgresql" else None
    except OperationalError:
        raise LogUnavailable(UNREACHABLE) from None
    if server is not None and not server.is_durable:
        raise ReadOnly(FORGETFUL)
    if server is not None and server.encoding != "UTF8":
        raise ReadOnly(NO_UNICODE)


def _found(
    data: DataDir, database: Database, hub_id: str, networks: list[Network], keys: _Keys
) -> int:
    """Enter what the hub is called, its public keys, the first entry, and the proposals."""
    keyring = first_keyring(data, hub_id)
    # Its key is here, whoever is to have it later.
    log = Log(Signatures(OwnKeys(lambda: keys_in(data.keys)), keyring, read_keyring), NODE)
    now = clock.now()
    with database.writing.connect() as connection, connection.begin():
        if has_tables(connection):
            raise DatabaseTakenError
        upgrade_within(connection)
        log.open(connection)
        add_hub(connection, hub_id, int(now))
        for use, key in keys.items():
            _enter_key(connection, use, key)
        genesis = log.append(
            connection,
            Draft(
                kind="log.genesis",
                entry_id=new_id(),
                at=now,
                act={"org": hub_id},
                obj={"ty": "log", "id": database.kind, "d": schema_digest(connection)},
            ),
        )
        add_key(connection, replace(keyring.keys[0], audit_id=genesis))
        for use in USES[1:]:
            log.append(connection, _enrolled(hub_id, use, keys[use].kid, now))
        proposed = sum(propose(network, connection) for network in networks)
        log.close_group(connection)
    return proposed


def _enrolled(hub_id: str, use: str, kid: str, now: float) -> Draft:
    """Say which key signs what from the beginning; that of the log is in its own checkpoints."""
    return Draft(
        kind="key.enrolled",
        entry_id=new_id(),
        at=now,
        act={"org": hub_id},
        obj={"ty": "key", "id": kid},
        rule=use,
    )


def _enter_key(connection: Connection, use: str, key: PrivateSigningKey) -> None:
    jwk = jcs(jwk_members(key.jwk)).decode()
    add_hub_key(connection, kid=key.kid, use=use, alg=key.alg, jwk=jwk)


@contextmanager
def _taken_back(data: DataDir, keys: _Keys) -> Iterator[None]:
    """Take the tables out of a server again where the folder beside them could not be finished.

    A file of SQLite goes with its unfinished folder.
    """
    try:
        yield
    except BaseException:
        if data.url:
            with suppress(SQLAlchemyError, Failure):
                _take_back(data, keys)
        raise


def _take_back(data: DataDir, keys: _Keys) -> None:
    database = open_database(data.place)
    try:
        with database.writing.connect() as connection, connection.begin():
            ours = {key.kid for key in keys.values()}
            if has_tables(connection) and ours == {
                each["kid"] for each in read_hub_keys(connection)
            }:
                remove(connection)
    finally:
        database.dispose()
