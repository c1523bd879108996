# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the log say, and is it the same log for everybody?

Checkpoints and hash tiles are public. A participant gets single entries to which it is party, and
the sender of a message never those of receipts that are hidden from it.
"""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.audit.cose import CoseKey, cose_receipt
from hub.audit.cosignature import parse_head
from hub.audit.edition import witnessed_edition
from hub.audit.note import parse_note
from hub.audit.proof import Proof
from hub.audit.tile import parse_path
from hub.audit.tree import read_event_at, read_index
from hub.audit.witnessed import read_cosigned, read_witnessed
from hub.errors import NotFound
from hub.inquire.asking import ask
from hub.model.evidence import AuthenticatedClient
from hub.model.json import Json, JsonObject
from hub.node import Node
from hub.sealing.canonical import unb64
from hub.store.receipts import read_by_entry


async def checkpoint(node: Node) -> str:
    """Return the latest signed checkpoint, with the lines of witnesses that it has already.

    A group is in the database a moment before the log has moved on. Who is shown its checkpoint
    then, and asks how the log came to it, would be told that there is no such log.
    """

    def look(connection: Connection) -> str:
        newest = read_cosigned(connection, node.log.size)
        if newest is None:
            raise NotFound
        return newest[1]

    return await node.readers.run(look)


async def witnessed_checkpoint(node: Node) -> str:
    """Return the latest checkpoint that enough witnesses have seen, with their lines.

    Raises ``NotFound`` where there is none, or no policy that would say how many are enough.
    """

    def look(connection: Connection) -> str:
        if not node.policy.least:
            raise NotFound
        newest = read_witnessed(connection, node.policy, most=node.log.size)
        if newest is None:
            raise NotFound
        return newest[1]

    return await node.readers.run(look)


def policy(node: Node) -> bytes:
    """Return the policy as the operator wrote it; refuses where there is none."""
    if not node.policy.least:
        raise NotFound
    return node.policy.text.encode("utf-8", "surrogateescape")


async def log_keys(node: Node) -> JsonObject:
    """Return the keys that the log has had, each but the first with the proof of its entry.

    The checkpoint of that proof bears the line of the key before as well, so whoever believes that
    one can go over to the next.
    """

    def look(connection: Connection) -> JsonObject:
        keys: list[Json] = []
        for key in node.log.keyring.keys:
            index = read_index(connection, key.audit_id)
            proof = node.log.proof(connection, index) if key.since_size and index else None
            keys.append({"vkey": key.verifier.vkey, "since": key.since_size, "proof": proof})
        return {"keys": keys}

    return await node.readers.run(look)


async def tile(path: str, node: Node) -> bytes:
    """Return the bytes of a hash tile by its C2SP path; refuses one that is not there (yet)."""

    def look(connection: Connection) -> bytes:
        asked = parse_path(path)
        if asked is None or asked.start >= node.log.size:
            raise NotFound
        found = node.log.tree.tile(connection, asked)
        if found is None:
            raise NotFound
        return found

    return await node.readers.run(look)


async def consistency(old: int, new: int, node: Node) -> JsonObject:
    """Return the proof that the log of size ``new`` begins with that of size ``old``.

    Raises ``NotFound`` for a size that the log does not have yet.
    """

    def look(connection: Connection) -> JsonObject:
        if not old <= new <= node.log.size:
            raise NotFound
        proven = node.log.consistency(connection, old, new)
        return {"old": old, "new": new, "hashes": [hashed.hex() for hashed in proven]}

    return await node.readers.run(look)


async def log_entry(
    client: AuthenticatedClient, index: int, node: Node, *, is_witnessed: bool = False
) -> JsonObject:
    """Return one entry with its proof to a party to it, and to nobody else.

    The witnessed edition of a proof is not there until enough witnesses have seen it.
    """

    def look(connection: Connection) -> JsonObject:
        proven = _proven(Wanted(client, index, is_witnessed), node, connection)[1]
        entry = None if proven.extra is None else json.loads(proven.extra)
        return {"entry": entry, "proof": proven.text}

    return await ask(client, look, node)


async def cose_entry(
    client: AuthenticatedClient, index: int, node: Node, *, is_witnessed: bool = False
) -> bytes:
    """Return what proves that one entry is in the log, in COSE (RFC 9942), to a party to it."""

    def look(connection: Connection) -> bytes:
        event_id, proven = _proven(Wanted(client, index, is_witnessed), node, connection)
        return receipt_of(proven, event_id, node)

    return await ask(client, look, node)


def receipt_of(proven: Proof, event_id: str, node: Node) -> bytes:
    """Return the receipt in COSE that says the same as a proof, signed by the key for these."""
    checkpoint = parse_head(parse_note(proven.checkpoint).text)
    key = node.keys.cose
    return cose_receipt(proven, checkpoint, event_id, CoseKey(unb64(key.kid), key.sign))


@dataclass(frozen=True)
class Wanted:
    """Who wants to see which entry, and in which edition."""

    client: AuthenticatedClient
    index: int
    is_witnessed: bool


def _proven(wanted: Wanted, node: Node, connection: Connection) -> tuple[str, Proof]:
    """Return an entry's id with its proof, or refuse as if there were none."""
    index, unit = wanted.index, wanted.client.unit
    event_id = read_event_at(connection, index) if index < node.log.size else None
    found = None if event_id is None else read_by_entry(connection, event_id)
    if event_id is None or found is None:
        raise NotFound
    receipt, sender, recipient = found
    hidden_from_sender = receipt.chain == "hidden" and unit == sender
    if unit not in {sender, recipient} or hidden_from_sender:
        raise NotFound
    if wanted.is_witnessed:
        return event_id, _proof(connection, node, index)
    return event_id, node.log.prove(connection, event_id)


def _proof(connection: Connection, node: Node, index: int) -> Proof:
    log = node.log
    found = witnessed_edition(log.tree, connection, node.policy, index, log.size, edge=log.edge)
    if found is None:
        raise NotFound
    return found
