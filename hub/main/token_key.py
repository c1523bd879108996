# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit rotate-token-key``: another key for what lets participants in.

Tokens live for five minutes and nobody keeps them, so nobody has to be told: with the next start
every participant signs in anew. Receipts are another matter, because their key is pinned.
"""

from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from hub.errors import Failure
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, failure_text, show
from hub.node import Node
from hub.oversee.noting import Note, note
from hub.sealing.canonical import digest, jcs
from hub.settings import Settings
from hub.store.participants import read_hub_keys, replace_hub_key
from hub.trust.keys import PrivateSigningKey, jwk_members

USE = "token"


def rotate_token_key(
    data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False
) -> None:
    """Gibt der Anmeldung einen neuen Schlüssel; nur ohne laufenden Hub."""
    data = hub_in(data_dir, database)
    try:
        kid = rotate(data)
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    show({"kid": kid}, as_json, f"Neuer Schlüssel der Anmeldung: {kid}. Der alte ist gelöscht.")


def rotate(data: DataDir) -> str:
    """Enter a new key, then put it in the place of the old one; broken off, it is finished."""
    new = data.key(f"{USE}-neu")
    with open_node(data, Settings().public_url) as node:
        key = _prepared(new)
        published = {each["kid"] for each in node.readers.run_now(read_hub_keys)}
        if key.kid not in published:
            node.writer.commit_now(partial(_enter, key, node))
        new.replace(data.key(USE))
    return key.kid


def _prepared(path: Path) -> PrivateSigningKey:
    if not path.exists():
        PrivateSigningKey.generate().save(path)
    return PrivateSigningKey.load(path)


def _enter(key: PrivateSigningKey, node: Node, connection: Connection) -> None:
    jwk = jcs(jwk_members(key.jwk)).decode()
    about = {"ty": "key", "id": key.kid, "d": digest(jwk)}
    note(Note("key.rotated", about, rule=USE), node, connection)
    replace_hub_key(connection, kid=key.kid, use=USE, alg=key.alg, jwk=jwk)
