# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages and conversations, in and out."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from hub.errors import ConversationMovedOn
from hub.model.conversation import Conversation, Utterance
from hub.model.stored import StoredContent, StoredMessage
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import parse_payload
from hub.store.tables import ConversationRow, MessageRow


def _table(row: type[SQLModel]) -> Any:
    return row.__table__  # type: ignore[attr-defined]


message = _table(MessageRow)
conversation = _table(ConversationRow)
_INDEX = [column for column in message.columns if column.name not in {"body", "wraps"}]
_FIELDS = [column.name for column in _INDEX]


def read_message(connection: Connection, message_id: str) -> StoredMessage | None:
    """Return the message, or None where the hub has no such id."""
    row = connection.execute(select(*_INDEX).where(message.c.id == message_id)).first()
    return None if row is None else _stored(row)


def read_content(connection: Connection, message_id: str) -> StoredContent | None:
    """Return the sealed content, or None once it is erased."""
    row = connection.execute(
        select(message.c.wraps, message.c.body).where(message.c.id == message_id)
    ).first()
    return None if row is None or row.body is None else StoredContent(row.wraps, row.body)


def read_conversation(connection: Connection, conversation_id: str) -> Conversation | None:
    """Return everything said in a conversation, in order."""
    head = connection.execute(
        select(conversation).where(conversation.c.id == conversation_id)
    ).first()
    if head is None:
        return None
    rows = connection.execute(
        select(*_INDEX)
        .where(message.c.conversation == conversation_id)
        .order_by(message.c.position)
    )
    return Conversation(
        id=head.id,
        proto=head.protocol,
        opener=head.opener,
        partner=head.partner,
        utterances=tuple(_utterance(_stored(row)) for row in rows),
        closed=head.closed_at is not None,
    )


def add_conversation(
    connection: Connection, *, conversation_id: str, protocol: str, opener: str, partner: str
) -> None:
    """Open a conversation; refuses an id that is taken."""
    try:
        connection.execute(
            insert(conversation).values(
                id=conversation_id, protocol=protocol, opener=opener, partner=partner
            )
        )
    except IntegrityError:
        raise ConversationMovedOn(pointers=("/cnv",)) from None


def add_message(connection: Connection, stored: StoredMessage, content: StoredContent) -> None:
    """Enter a message. The database arbitrates: one message for each position."""
    values = {name: getattr(stored, name) for name in _FIELDS}
    try:
        connection.execute(insert(message).values(**values, wraps=content.wraps, body=content.body))
    except IntegrityError:
        raise ConversationMovedOn(pointers=("/pos",)) from None


def close_conversation(connection: Connection, conversation_id: str, now: int) -> None:
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.closed_at.is_(None))
        .values(closed_at=now)
    )


def change_state(connection: Connection, message_id: str, state: str) -> None:
    connection.execute(update(message).where(message.c.id == message_id).values(state=state))


def env_digest(env: str) -> str:
    """Digest of header and payload, without the signature (SL1 § 9)."""
    return digest(env.rpartition(".")[0])


def _stored(row: Row[Any]) -> StoredMessage:
    return StoredMessage(**{name: getattr(row, name) for name in _FIELDS})


def _utterance(stored: StoredMessage) -> Utterance:
    return Utterance(
        message=stored.id,
        position=stored.position,
        step=stored.step,
        author=stored.sender,
        recipient=stored.recipient,
        env=env_digest(stored.env),
        state=stored.state,
        was_taken=stored.state in {"taken", "acknowledged", "rejected"},
        cau=parse_payload(unb64(stored.env.split(".")[1])).cau,
    )
