# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of time: nobody accepted is forgotten.

What no person took note of in time becomes ``overdue`` and its sender is told; what nobody took
by its ``end`` expires, never without having been reported before.
"""

from functools import partial

from sqlalchemy import Connection

from hub.node import Node
from hub.record import one_of_many, say
from hub.store.messages import change_state, read_message
from hub.store.receipts import read_receipts
from hub.store.retention import due_for_overdue, due_to_expire, erase_content

AT_ONCE = 200
"""Messages that one turn may handle; the next turn goes on."""
_Due = tuple[tuple[str, ...], tuple[str, ...]]
"""Ids of what is overdue, and of what expires."""


async def remind(node: Node, now: float, *, may_expire: bool = True) -> int:
    """Write the receipts that are due; returns how many messages were touched.

    Driven by the due times in the database, so each is written exactly once, across restarts too.
    A reader looks for what is due, so that where nothing is, the writer is not held up.
    """
    due: _Due = await node.readers.run(partial(_look, now, may_expire))
    if due == ((), ()):
        return 0
    return int(await node.writer.commit(partial(_remind, node, now, due)))


def _look(now: float, may_expire: bool, connection: Connection) -> _Due:
    overdue = due_for_overdue(connection, int(now), AT_ONCE)
    return overdue, due_to_expire(connection, int(now), AT_ONCE) if may_expire else ()


def _remind(node: Node, now: float, due: _Due, connection: Connection) -> int:
    """Do what is due if it still is: somebody may have acted since the reader looked."""
    overdue = due_for_overdue(connection, int(now), AT_ONCE, due[0])
    for message_id in overdue:
        report = partial(_report, message_id, node, now, connection)
        one_of_many(node, connection, message_id, report)
    expiring = due_to_expire(connection, int(now), AT_ONCE, due[1])
    for message_id in expiring:
        expire = partial(_expire, message_id, node, now, connection)
        one_of_many(node, connection, message_id, expire)
    return len(overdue) + len(expiring)


def _report(message_id: str, node: Node, now: float, connection: Connection) -> None:
    message = read_message(connection, message_id)
    if message is not None:
        say(node, connection, message, "overdue", now=now)


def _expire(message_id: str, node: Node, now: float, connection: Connection) -> None:
    message = read_message(connection, message_id)
    if message is None:
        return
    told = {receipt.word for receipt in read_receipts(connection, message.id, chain="visible")}
    if "overdue" not in told:
        say(node, connection, message, "overdue", now=now)
    say(node, connection, message, "expired", now=now)
    change_state(connection, message.id, "expired")
    say(node, connection, message, "erased", now=now)
    erase_content(connection, message.id)
