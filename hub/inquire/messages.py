# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of questions: what became of my message, and can I prove it? Changes nothing.

A sender sees the visible chain of receipts and never that anything else exists; the addressee
sees both, and so does who stands in for it, as long as its turn lasts. Whoever is party to neither
gets the answer that it would get for an id nobody ever used.

Who has taken a conversation over sees its course, and no message that went to another. Who has
passed it on sees what went between itself and the opener, and nothing of what followed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.errors import NotFound
from hub.inquire.asking import ask
from hub.model.conversation import Conversation, Utterance
from hub.model.evidence import AuthenticatedClient
from hub.model.json import Json, JsonObject
from hub.model.stored import StoredMessage, StoredReceipt
from hub.node import Node
from hub.onduty import turn_of
from hub.passed import passed_by, taken_over_with
from hub.protocols.objection import is_closed, units_of
from hub.protocols.order import allowed_next, owed_by
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest
from hub.store.messages import has_content, read_conversation, read_message
from hub.store.receipts import read_receipts


@dataclass(frozen=True)
class MessageView:
    """A message as one of its parties may see it."""

    message: StoredMessage
    receipts: tuple[StoredReceipt, ...]
    has_content: bool
    continues: tuple[str, ...] = ()
    """Conversations that the addressee has taken over with it; shown to the addressee alone."""

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
            **({"continues": list(self.continues)} if self.continues else {}),
        }

    @property
    def etag(self) -> str:
        known = (*(receipt.digest for receipt in self.receipts), *self.continues)
        return f'"{digest("".join(known))}"'


_MARKS = frozenset({"overdue", "held", "escalated", "passed-on", "reader-added", "erased"})


async def message_view(client: AuthenticatedClient, message_id: str, node: Node) -> MessageView:
    """Return state and receipts of a message to one of its parties."""
    return await ask(client, partial(view_of, client.unit, message_id), node)


def view_of(unit: str, message_id: str, connection: Connection) -> MessageView:
    """Read a message with the receipts that ``unit`` may see; refuses strangers."""
    message = read_message(connection, message_id)
    if message is None or not _is_party(unit, message, connection):
        raise NotFound
    chain = "visible" if unit == message.sender else None
    receipts = read_receipts(connection, message_id, chain=chain)
    continues = () if unit == message.sender else tuple(taken_over_with(message, connection))
    return MessageView(message, receipts, has_content(connection, message_id), continues)


def _is_party(unit: str, message: StoredMessage, connection: Connection) -> bool:
    if unit in {message.sender, message.recipient}:
        return True
    turn = turn_of(message, unit, connection)
    return turn is not None and turn.ended_at is None


async def conversation_view(
    client: AuthenticatedClient, conversation_id: str, node: Node
) -> JsonObject:
    """Return what was said in a conversation, and what the unit may say next."""

    def look(connection: Connection) -> JsonObject:
        conversation = read_conversation(connection, conversation_id)
        if conversation is None:
            raise NotFound
        seen = _seen_by(client.unit, conversation)
        opening = read_message(connection, conversation.utterances[0].message)
        came = None
        if opening is not None and client.unit == conversation.partner:
            came = passed_by(opening, conversation.partner, connection)
        return {**_conversation(conversation, seen, client.unit, node), **_how_it_came(came)}

    return await ask(client, look, node)


def _seen_by(unit: str, conversation: Conversation) -> tuple[Utterance, ...]:
    """Return what a unit may know to have been said; refuses strangers.

    Who has passed a conversation on may still have to correct what it said itself. Who of the
    others has said what since is nothing to it.
    """
    if unit in units_of(conversation):
        return conversation.utterances
    said = conversation.utterances
    own = tuple(each for each in said if unit in {each.author, each.recipient})
    if not own:
        raise NotFound
    return own


def _conversation(
    conversation: Conversation, seen: Sequence[Utterance], unit: str, node: Node
) -> JsonObject:
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
        for each in seen
    ]
    is_over = conversation.closed if protocol is None else is_closed(conversation, protocol)
    # To whom it has been passed since, and how far they are, is nothing to who passed it on.
    takes_part = unit in units_of(conversation)
    allowed = () if protocol is None else allowed_next(protocol, conversation, unit)
    owed = () if protocol is None else owed_by(protocol, conversation, unit)
    return {
        "id": conversation.id,
        "protocol": conversation.proto,
        "opener": conversation.opener,
        "partner": conversation.partner if takes_part else unit,
        "closed": is_over or not takes_part,
        "messages": said,
        "last": {"position": conversation.last.position, "env": conversation.last.env},
        "allowed": list(allowed),
        "owed": list(owed),
    }


def _how_it_came(jws: str | None) -> JsonObject:
    """Return the signed word with which a conversation came here, and whom it says to answer.

    The signature is that of the first office, so nobody has to believe the hub whose key it is.
    """
    if jws is None:
        return {}
    reader = json.loads(unb64(jws.split(".")[1])).get("reader")
    return {"passing": jws, **({} if reader is None else {"reply_key": reader})}
