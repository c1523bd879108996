# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages and conversations, in and out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update
from sqlmodel import SQLModel

from hub.errors import ConversationMovedOn
from hub.model.conversation import Conversation, Utterance
from hub.model.stored import StoredContent, StoredMessage
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import parse_payload
from hub.store.prepared import Prepared, PreparedFor, PreparedRows
from hub.store.tables import ConversationRow, ErasureRow, MessageRow, ReceiptRow


def _table(row: type[SQLModel]) -> Any:
    return row.__table__  # type: ignore[attr-defined]


message = _table(MessageRow)
conversation = _table(ConversationRow)
erasure = _table(ErasureRow)
_RECEIPT: Final = _table(ReceiptRow)
_APART: Final = {"body", "wraps", "answered_within"}
_INDEX = [column for column in message.columns if column.name not in _APART]
_FIELDS = [column.name for column in _INDEX]
_BY_ID: Final = Prepared(select(*_INDEX).where(message.c.id == bindparam("of")))
_ENV: Final = _FIELDS.index("env")
_KEY: Final = Prepared(
    select(conversation.c.key_id).where(
        conversation.c.id == bindparam("of"),
        ~exists().where(erasure.c.key_id == conversation.c.key_id),
    )
)
_USED: Final = PreparedFor(
    lambda keys: select(conversation.c.key_id).where(conversation.c.key_id.in_(keys))
)
FORGOTTEN: Final = "Die Konversation ist gelöscht; geblieben sind Quittungen und Beweise."
_WHOSE: Final = Prepared(
    select(message.c.client, message.c.request).where(message.c.id == bindparam("of"))
)
_HEAD: Final = Prepared(
    select(
        conversation.c.protocol,
        conversation.c.opener,
        conversation.c.partner,
        conversation.c.closed_at,
    ).where(conversation.c.id == bindparam("of"))
)
_SAID: Final = Prepared(
    select(*_INDEX).where(message.c.conversation == bindparam("of")).order_by(message.c.position)
)
_CONTENT: Final = Prepared(
    select(message.c.wraps, message.c.body).where(message.c.id == bindparam("of"))
)
_HAS_CONTENT: Final = Prepared(
    select(message.c.id).where(message.c.id == bindparam("of"), message.c.body.is_not(None))
)
_STATE: Final = Prepared(
    update(message).where(message.c.id == bindparam("of")).values(state=bindparam("to"))
)
# Without an error of the database: on PostgreSQL that would end the whole transaction.
_OR_NOTHING: Final = "ON CONFLICT DO NOTHING"
_ADD_CONVERSATION: Final = Prepared(insert(conversation), tail=_OR_NOTHING)
_ADD_MESSAGE: Final = Prepared(insert(message), tail=_OR_NOTHING)
_ADD_CONVERSATIONS: Final = PreparedRows(conversation)
_ADD_MESSAGES: Final = PreparedRows(message)


def read_message(connection: Connection, message_id: str) -> StoredMessage | None:
    """Return the message, or None where the hub has no such id or has forgotten what it was about.

    A forgotten one is as good as none, for everybody: who were its parties is nobody's business.
    """
    row = _BY_ID.first(connection, {"of": message_id})
    return None if row is None or row[_ENV] is None else _made(row)


def read_key_id(connection: Connection, conversation_id: str) -> str | None:
    """Return which key a conversation has; None where it is not there, or about to be forgotten."""
    row = _KEY.first(connection, {"of": conversation_id})
    return None if row is None else row[0]


def entries_of_receipts(connection: Connection, conversation_id: str) -> tuple[str, ...]:
    """Return the ids of the log's entries that are receipts of a conversation."""
    rows = connection.execute(
        select(_RECEIPT.c.audit_id)
        .join(message, message.c.id == _RECEIPT.c.message_id)
        .where(message.c.conversation == conversation_id)
    )
    return tuple(rows.scalars())


def change_key_id(connection: Connection, conversation_id: str, key_id: str) -> None:
    """Give a conversation another key, where its own is lost."""
    connection.execute(
        update(conversation).where(conversation.c.id == conversation_id).values(key_id=key_id)
    )


def keys_used(connection: Connection, key_ids: Sequence[str]) -> tuple[str, ...]:
    """Return which of these keys belong to a conversation."""
    return tuple(row[0] for row in _USED.rows(connection, key_ids))


def read_identity(connection: Connection, message_id: str) -> tuple[str, str] | None:
    """Return which client has used this id and for which bytes, or None where nobody has."""
    row = _WHOSE.first(connection, {"of": message_id})
    return None if row is None else (row[0], row[1])


def read_content(connection: Connection, message_id: str) -> StoredContent | None:
    """Return the sealed content, or None once it is erased."""
    row = _CONTENT.first(connection, {"of": message_id})
    return None if row is None or row[1] is None else StoredContent(*row)


def has_content(connection: Connection, message_id: str) -> bool:
    """Return whether the sealed content is still here, without reading it."""
    return _HAS_CONTENT.first(connection, {"of": message_id}) is not None


def read_conversation(connection: Connection, conversation_id: str) -> Conversation | None:
    """Return everything said in a conversation, in order."""
    head = _HEAD.first(connection, {"of": conversation_id})
    if head is None:
        return None
    protocol, opener, partner, closed_at = head
    return Conversation(
        id=conversation_id,
        proto=protocol,
        opener=opener,
        partner=partner,
        utterances=tuple(
            _utterance(_made(row)) for row in _SAID.rows(connection, {"of": conversation_id})
        ),
        closed=closed_at is not None,
    )


def add_conversation(
    connection: Connection,
    *,
    conversation_id: str,
    protocol: str,
    opener: str,
    partner: str,
    key_id: str,
) -> None:
    """Open a conversation; refuses an id that is taken."""
    values = {
        "id": conversation_id,
        "protocol": protocol,
        "opener": opener,
        "partner": partner,
        "closed_at": None,
        "due_reminder": None,
        "key_id": key_id,
    }
    if _ADD_CONVERSATION.run(connection, values) != 1:
        raise ConversationMovedOn(pointers=("/cnv",))


def add_message(connection: Connection, stored: StoredMessage, content: StoredContent) -> None:
    """Enter a message. The database arbitrates: one message for each position."""
    if _ADD_MESSAGE.run(connection, _row_of(stored, content)) != 1:
        raise ConversationMovedOn(pointers=("/pos",))


def add_openers(
    connection: Connection,
    openers: Sequence[tuple[StoredMessage, StoredContent]],
    key_ids: Mapping[str, str],
    reminders: Mapping[str, int | None] | None = None,
) -> None:
    """Enter many messages, each with the conversation that it opens.

    ``key_ids`` says by message which key is that of its conversation, and ``reminders`` when
    somebody is reminded of what it asks for. That neither message nor conversation is there already
    is for the caller to know, in this transaction.
    """
    conversations = [
        {
            "id": stored.conversation,
            "protocol": stored.protocol,
            "opener": stored.sender,
            "partner": stored.recipient,
            "closed_at": None,
            "due_reminder": (reminders or {}).get(stored.id),
            "key_id": key_ids[stored.id],
        }
        for stored, _ in openers
    ]
    _ADD_CONVERSATIONS.run(connection, conversations)
    _ADD_MESSAGES.run(connection, [_row_of(stored, own) for stored, own in openers])


def close_conversation(connection: Connection, conversation_id: str, now: int) -> None:
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.closed_at.is_(None))
        .values(closed_at=now)
    )


def change_state(connection: Connection, message_id: str, state: str) -> None:
    _STATE.run(connection, {"of": message_id, "to": state})


def env_digest(env: str) -> str:
    """Digest of header and payload, without the signature (SL1 § 9)."""
    return digest(env.rpartition(".")[0])


def _row_of(stored: StoredMessage, content: StoredContent) -> dict[str, Any]:
    return {
        **vars(stored),
        "answered_within": None,
        "wraps": content.wraps,
        "body": content.body,
    }


def _made(row: Any) -> StoredMessage:
    return StoredMessage(**dict(zip(_FIELDS, row, strict=True)))


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
