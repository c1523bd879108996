# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of time: nobody accepted is forgotten.

What no person took note of in time becomes ``overdue`` and its sender is told; what nobody took
by its ``end`` expires, never without having been reported before.
"""

from functools import partial

from sqlalchemy import Connection

from hub.model.stored import StoredMessage
from hub.node import Node
from hub.record import say
from hub.store.messages import change_state, read_message
from hub.store.receipts import read_receipts
from hub.store.retention import due_for_overdue, due_to_expire, erase_content

AT_ONCE = 200
"""Messages that one turn may handle; the next turn goes on."""


async def remind(node: Node, now: float) -> int:
    """Write the receipts that are due; returns how many messages were touched.

    Driven by the due times in the database, so each is written exactly once, across restarts too.
    """
    return int(await node.writer.commit(partial(_remind, node, now)))


def _remind(node: Node, now: float, connection: Connection) -> int:
    overdue = due_for_overdue(connection, int(now), AT_ONCE)
    for message in _read(connection, overdue):
        say(node, connection, message, "overdue", now=now)
    expiring = due_to_expire(connection, int(now), AT_ONCE)
    for message in _read(connection, expiring):
        _expire(message, node, now, connection)
    return len(overdue) + len(expiring)


def _expire(message: StoredMessage, node: Node, now: float, connection: Connection) -> None:
    told = {receipt.word for receipt in read_receipts(connection, message.id, chain="visible")}
    if "overdue" not in told:
        say(node, connection, message, "overdue", now=now)
    say(node, connection, message, "expired", now=now)
    change_state(connection, message.id, "expired")
    say(node, connection, message, "erased", now=now)
    erase_content(connection, message.id)


def _read(connection: Connection, ids: tuple[str, ...]) -> list[StoredMessage]:
    messages = (read_message(connection, message_id) for message_id in ids)
    return [message for message in messages if message is not None]
