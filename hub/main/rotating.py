# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the log's key: ``audit rotate-key``; after a compromise ``audit succeed-log``."""

from functools import partial
from typing import Annotated

import typer
from sqlalchemy import Connection

from hub.audit.note import Signer
from hub.audit.policy import Policy
from hub.audit.signing.keyring import Keyring, read_keyring
from hub.audit.signing.own import keys_in
from hub.audit.tree import read_checkpoint
from hub.audit.witnessed import read_witnessed
from hub.enrol.log_keys import Head, next_name, succeed
from hub.errors import Failure, Refusal
from hub.main.approving import Approval, read_approval
from hub.main.assembly import open_node
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.guarding import guard_file
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, failure_text, out, refusal_text
from hub.main.restoring import put_aside
from hub.main.signer_keys import make_key
from hub.main.witnessing import policy_of
from hub.sealing.canonical import digest
from hub.settings import Settings
from hub.store.engine import open_database

Vkey = Annotated[
    str, typer.Option("--vkey", help="Neuer Schlüssel des Unterschreibers, eine Zeile.")
]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``audit``."""
    top.command("rotate-key")(rotate_key)
    top.command("succeed-log")(succeed_log)


def rotate_key(
    vkey: Vkey = "",
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Gibt dem Protokoll einen neuen Schlüssel; 30 Tage lang unterschreibt der alte mit."""
    data = hub_in(data_dir, database)
    ring = _keyring(data)
    new = vkey or _prepared(data, ring, ring.origin)
    request = {"act": "rotate-key", "vkey": new, "approval": read_approval(approval)}
    try:
        operate(data, Settings().public_url, request)
    except (Refusal, Failure) as trouble:
        raise fail(_told(trouble, new)) from None
    out.print(new, markup=False)


def succeed_log(
    vkey: Vkey = "",
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Führt das Protokoll unter neuem Namen weiter, wenn sein Schlüssel in fremder Hand war.

    Nur ohne laufenden Hub. Der alte Schlüssel ist danach widerrufen.
    """
    data = hub_in(data_dir, database)
    ring, path = _keyring(data), guard_file(data)
    new = vkey or _prepared(data, ring, next_name(ring.origin))
    try:
        with put_aside(path), open_node(data, Settings().public_url, on_doubt="ignore") as node:
            last = node.readers.run_now(partial(_last, policy_of(Settings())))
            node.writer.commit_now(partial(succeed, new, read_approval(approval), last, node))
    except (Refusal, Failure) as trouble:
        raise fail(_told(trouble, new)) from None
    out.print(new, markup=False)


def _last(policy: Policy, connection: Connection) -> Head | None:
    """Return the newest checkpoint that witnesses have seen, as it is stored; else the newest."""
    seen = read_witnessed(connection, policy) if policy.least else None
    head = read_checkpoint(connection, None if seen is None else seen[0].size)
    return None if head is None else Head(head[1], head[0].size)


def _keyring(data: DataDir) -> Keyring:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            ring = read_keyring(connection)
    finally:
        opened.dispose()
    if ring is None:
        raise fail("Das Protokoll dieser Datenbank hat keinen Schlüssel.")
    return ring


def _prepared(data: DataDir, ring: Keyring, name: str) -> str:
    """Return a key that lies here and was never used; made where there is none."""
    if Settings().signer:
        raise fail("Den Schlüssel macht der Unterschreiber („signer new-key“); dann „--vkey“.")
    used = {key.verifier.public for key in ring.keys}
    for private in keys_in(data.keys):
        if private.public_key().public_bytes_raw() not in used:
            return Signer(name, private).verifier.vkey
    return make_key(data.keys, name, prefix="log-").vkey


def _told(trouble: Refusal | Failure, vkey: str) -> str:
    said = refusal_text(trouble) if isinstance(trouble, Refusal) else failure_text(trouble)
    return f"{said}\nNeuer Schlüssel: {vkey}\nDigest für die Freigabe: {digest(vkey)}"
