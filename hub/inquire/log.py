# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the log say, and is it the same log for everybody?

Checkpoints and hash tiles are public. A participant gets single entries to which it is party, and
the sender of a message never those of receipts that are hidden from it.
"""

import json

from sqlalchemy import Connection

from hub.audit.tile import parse_path
from hub.audit.tree import read_checkpoint, read_event_at
from hub.errors import NotFound
from hub.inquire.asking import ask
from hub.model.evidence import AuthenticatedClient
from hub.model.json import JsonObject
from hub.node import Node
from hub.store.receipts import read_by_entry


async def checkpoint(node: Node) -> str:
    """Return the latest signed checkpoint.

    A group is in the database a moment before the log has moved on. Who is shown its checkpoint
    then, and asks how the log came to it, would be told that there is no such log.
    """

    def look(connection: Connection) -> str:
        newest = read_checkpoint(connection, node.log.size)
        if newest is None:
            raise NotFound
        return newest[1]

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


async def log_entry(client: AuthenticatedClient, index: int, node: Node) -> JsonObject:
    """Return one entry with its proof to a party to it, and to nobody else."""

    def look(connection: Connection) -> JsonObject:
        event_id = read_event_at(connection, index) if index < node.log.size else None
        found = None if event_id is None else read_by_entry(connection, event_id)
        if event_id is None or found is None:
            raise NotFound
        receipt, sender, recipient = found
        hidden_from_sender = receipt.chain == "hidden" and client.unit == sender
        if client.unit not in {sender, recipient} or hidden_from_sender:
            raise NotFound
        proven = node.log.prove(connection, event_id)
        entry = None if proven.extra is None else json.loads(proven.extra)
        return {"entry": entry, "proof": proven.text}

    return await ask(client, look, node)
