# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened to my messages since I last asked? (RFC 8936)"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.model.evidence import AuthenticatedClient
from hub.model.stored import StoredReceipt
from hub.node import Node
from hub.record import events_of, use_proof
from hub.store.receipts import read_events, remove_events

MOST_EVENTS: Final = 100


@dataclass(frozen=True)
class Poll:
    """Who asks, of what it has taken note, and how much it can take."""

    client: AuthenticatedClient
    taken_note: tuple[str, ...]
    limit: int


async def poll(asked: Poll, node: Node, wait: float) -> tuple[StoredReceipt, ...]:
    """Forget what the unit took note of, and return the next receipts on its messages.

    Where there are none, waits for the first at most ``wait`` seconds.
    """
    with node.waiting.expecting(events_of(asked.client.unit)) as bell:
        found = await node.writer.commit(partial(_take_note, asked))
        if found or not await bell.heard(wait):
            return found
        return await node.readers.run(partial(_read, asked))


def _take_note(asked: Poll, connection: Connection) -> tuple[StoredReceipt, ...]:
    use_proof(connection, asked.client)
    remove_events(connection, asked.client.unit, asked.taken_note)
    return _read(asked, connection)


def _read(asked: Poll, connection: Connection) -> tuple[StoredReceipt, ...]:
    return read_events(connection, asked.client.unit, min(asked.limit, MOST_EVENTS))
