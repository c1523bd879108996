# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened to my messages since I last asked? (RFC 8936)"""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.model.evidence import AuthenticatedClient
from hub.model.stored import StoredReceipt
from hub.node import Node
from hub.record import use_proof
from hub.store.receipts import read_events, remove_events

MOST_EVENTS: Final = 100


async def events(
    client: AuthenticatedClient, *, taken_note: tuple[str, ...], limit: int, node: Node
) -> tuple[StoredReceipt, ...]:
    """Forget the events the unit took note of, and return the next ones (RFC 8936)."""

    def work(connection: Connection) -> tuple[StoredReceipt, ...]:
        use_proof(connection, client)
        remove_events(connection, client.unit, taken_note)
        return read_events(connection, client.unit, min(limit, MOST_EVENTS))

    found: tuple[StoredReceipt, ...] = await node.writer.commit(work)
    return found


async def more_events(unit: str, limit: int, node: Node) -> tuple[StoredReceipt, ...]:
    """Return what arrived for a unit while its poll waited."""
    return await node.readers.run(partial(_events_of, unit, limit))


def _events_of(unit: str, limit: int, connection: Connection) -> tuple[StoredReceipt, ...]:
    return read_events(connection, unit, min(limit, MOST_EVENTS))
