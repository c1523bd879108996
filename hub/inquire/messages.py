# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of questions: what became of my message, and can I prove it? Changes nothing.

A sender sees the visible chain of receipts and never that anything else exists; the addressee
sees both. Whoever is party to neither gets the answer that it would get for an id nobody ever
used.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.errors import NotFound
from hub.inquire.asking import ask
from hub.model.conversation import Conversation
from hub.model.evidence import AuthenticatedClient
from hub.model.json import Json, JsonObject
from hub.model.stored import StoredMessage, StoredReceipt
from hub.node import Node
from hub.protocols.objection import is_closed
from hub.protocols.order import allowed_next, owed_by
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest
from hub.store.messages import read_content, read_conversation, read_message
from hub.store.receipts import read_receipts


@dataclass(frozen=True)
class MessageView:
    """A message as one of its two parties may see it."""

    message: StoredMessage
    receipts: tuple[StoredReceipt, ...]
    has_content: bool

    def as_json(self) -> JsonObject:
        message = self.message
        return {
            "id": message.id,
            "conversation": message.conversation,
            "position": message.position,
            "protocol": message.protocol,
            "step": message.step,
            "sender": message.sender,
            "recipient": message.recipient,
            "urgency": message.urgency,
            "state": message.state,
            "marks": [r.word for r in self.receipts if r.word in _MARKS],
            "env": env_digest(message.env),
            "envelope": message.env,
            "content": self.has_content,
            "receipts": [receipt.jws for receipt in self.receipts],
        }

    @property
    def etag(self) -> str:
        return f'"{digest("".join(receipt.digest for receipt in self.receipts))}"'


_MARKS = frozenset({"overdue", "held", "escalated", "passed-on", "reader-added", "erased"})


async def message_view(client: AuthenticatedClient, message_id: str, node: Node) -> MessageView:
    """Return state and receipts of a message to one of its parties."""
    return await ask(client, partial(view_of, client.unit, message_id), node)


def view_of(unit: str, message_id: str, connection: Connection) -> MessageView:
    """Read a message with the receipts that ``unit`` may see; refuses strangers."""
    message = read_message(connection, message_id)
    if message is None or unit not in {message.sender, message.recipient}:
        raise NotFound
    chain = "visible" if unit == message.sender else None
    receipts = read_receipts(connection, message_id, chain=chain)
    return MessageView(message, receipts, read_content(connection, message_id) is not None)


async def conversation_view(
    client: AuthenticatedClient, conversation_id: str, node: Node
) -> JsonObject:
    """Return what was said in a conversation, and what the unit may say next."""

    def look(connection: Connection) -> JsonObject:
        conversation = read_conversation(connection, conversation_id)
        if conversation is None or client.unit not in {conversation.opener, conversation.partner}:
            raise NotFound
        return _conversation(conversation, client.unit, node)

    return await ask(client, look, node)


def _conversation(conversation: Conversation, unit: str, node: Node) -> JsonObject:
    protocol = node.catalogue.get(conversation.proto)
    said: list[Json] = [
        {
            "id": each.message,
            "position": each.position,
            "step": each.step,
            "sender": each.author,
            "recipient": each.recipient,
            "env": each.env,
            "state": each.state,
        }
        for each in conversation.utterances
    ]
    closed = conversation.closed if protocol is None else is_closed(conversation, protocol)
    allowed = () if protocol is None else allowed_next(protocol, conversation, unit)
    owed = () if protocol is None else owed_by(protocol, conversation, unit)
    return {
        "id": conversation.id,
        "protocol": conversation.proto,
        "closed": closed,
        "messages": said,
        "allowed": list(allowed),
        "owed": list(owed),
    }
