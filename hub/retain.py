# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of forgetting: content leaves the hub, envelope, receipts and proofs stay.

The clocks are ours (``specs/law/`` names none for a Vermittlungsstelle): 24 hours after a person
took note or the message came to a final state, at the latest at the claim ``end``.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.model.protocol import Deadline, Protocol
from hub.node import Node
from hub.record import one_of_many, say
from hub.store.messages import close_conversation, read_message
from hub.store.replay import remove_expired
from hub.store.retention import (
    due_for_erasure,
    erase_content,
    old_conversations,
    silent_conversations,
)

AFTER_NOTE: Final = 24 * 3600
"""Seconds between a person's acknowledgement, or a final state, and erasure."""
AT_ONCE: Final = 200
_Due = tuple[tuple[str, ...], tuple[str, ...]]
"""Ids of messages whose content goes, and of conversations that time closes."""


async def retain(node: Node, now: float) -> int:
    """Erase what is due, close what fell silent; returns how many contents were erased.

    A reader looks for it: the history is long, and the writer is everybody's.
    """
    due: _Due = await node.readers.run(partial(_look, node, int(now)))
    return int(await node.writer.commit(partial(_retain, node, now, due)))


def _look(node: Node, second: int, connection: Connection) -> _Due:
    ended = dict.fromkeys(
        conversation
        for protocol in node.catalogue.all()
        for conversation in _ended(protocol, second, connection)
    )
    return due_for_erasure(connection, second - AFTER_NOTE, second, AT_ONCE), tuple(ended)


def _ended(protocol: Protocol, second: int, connection: Connection) -> Iterator[str]:
    """Yield the conversations that time closes: silent for long, or opened too long ago.

    Where a protocol demands a closing message, silence is no end: a missing child is not found
    because nobody writes any more (``Step.mandatory``).
    """
    if not any(step.mandatory for step in protocol.steps):
        since = second - _seconds(protocol.ends_after)
        yield from silent_conversations(connection, protocol.name, since)
    if protocol.void_after is not None:
        since = second - _seconds(protocol.void_after)
        yield from old_conversations(connection, protocol.name, since)


def _seconds(deadline: Deadline) -> int:
    return int(deadline.within.total_seconds())


def _retain(node: Node, now: float, due: _Due, connection: Connection) -> int:
    second = int(now)
    ids = due_for_erasure(connection, second - AFTER_NOTE, second, AT_ONCE, due[0])
    for message_id in ids:
        erase = partial(_erase, message_id, node, now, connection)
        one_of_many(node, connection, message_id, erase)
    for conversation in due[1]:
        close_conversation(connection, conversation, second)
    remove_expired(connection, second)
    return len(ids)


def _erase(message_id: str, node: Node, now: float, connection: Connection) -> None:
    message = read_message(connection, message_id)
    if message is not None:
        say(node, connection, message, "erased", now=now)
        erase_content(connection, message_id)
