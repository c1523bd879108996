# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which key does an entry about a conversation need?

The hub's database says which key a conversation has, the opening store has the key. A conversation
whose key is lost, because an older store was brought back, gets a new one and goes on: no child
waits for a log that nobody can search. That it happened shows in the search (``audit find``), where
its older entries no longer open.
"""

from typing import Final

import structlog
from sqlalchemy import Connection

from hub.audit.openings.key import ConversationKey
from hub.audit.openings.store import NoSuchKey
from hub.errors import ContentErased, NotFound
from hub.node import Node
from hub.store.messages import (
    FORGOTTEN,
    change_key_id,
    read_key_id,
    read_message,
)

_log: Final = structlog.stdlib.get_logger()


def key_of(node: Node, connection: Connection, conversation_id: str) -> ConversationKey:
    """Return the key of a conversation.

    Raises ``ContentErased`` where the conversation is forgotten, or about to be, and
    ``LogUnavailable`` where the opening store is not to be had.
    """
    key_id = read_key_id(connection, conversation_id)
    if key_id is None:
        raise ContentErased(FORGOTTEN)
    try:
        return node.openings.key(key_id, conversation_id)
    except NoSuchKey:
        return _key_instead(node, connection, conversation_id)


def key_about(node: Node, connection: Connection, message_id: str) -> ConversationKey:
    """Return the key of the conversation of a message; raises as ``key_of``.

    Raises ``NotFound`` where the hub has no such message, or has forgotten it.
    """
    message = read_message(connection, message_id)
    if message is None:
        raise NotFound
    return key_of(node, connection, message.conversation)


def _key_instead(node: Node, connection: Connection, conversation_id: str) -> ConversationKey:
    key = node.openings.take(conversation_id)
    change_key_id(connection, conversation_id, key.id)
    _log.error("openings.key-lost", key=key.id)
    return key
