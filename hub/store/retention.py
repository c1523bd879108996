# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Erasing: what goes, when, and what stays in its place."""

from typing import Any

from sqlalchemy import Connection, Select, and_, exists, or_, select, text, update

from hub.store.additions import addition
from hub.store.database import HAS_ERASED
from hub.store.duty import IS_OPEN, duty
from hub.store.messages import conversation, message
from hub.store.receipts import receipt

Ids = tuple[str, ...] | None
"""Look among these messages alone: whoever found them in a reader asks again before it acts."""
FINAL = ("rejected", "withdrawn", "expired")


def due_for_erasure(
    connection: Connection, before: int, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages whose content has to go.

    Either a person took note, or the message came to a final state, ``before`` the given second;
    or its ``end`` is past and nothing waits for it any more. What no person took note of stays
    until its sender knows, and what somebody stood in for until its desk has it; where a person
    there takes note as well, that is the note that counts.
    """
    noted = exists().where(
        receipt.c.message_id == message.c.id, receipt.c.word.in_(("acknowledged", *FINAL))
    )
    settled = and_(
        message.c.due_next.is_(None),
        noted.where(receipt.c.entered_at <= before),
        ~noted.where(receipt.c.entered_at > before),
        ~exists().where(duty.c.message_id == message.c.id, IS_OPEN),
    )
    told = exists().where(receipt.c.message_id == message.c.id, receipt.c.word == "overdue")
    ended = and_(
        message.c.ends_at <= now,
        message.c.state != "accepted",
        or_(message.c.state != "taken", told),
    )
    query = select(message.c.id).where(message.c.body.is_not(None), or_(settled, ended))
    return _found(connection, query, limit, among)


def due_to_expire(
    connection: Connection, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages whose ``end`` is past and that nobody took."""
    query = select(message.c.id).where(_is_state("state = 'accepted'"), message.c.ends_at <= now)
    return _found(connection, query, limit, among)


def due_for_overdue(
    connection: Connection, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages that no person took note of in time and whose sender does not know yet."""
    told = exists().where(receipt.c.message_id == message.c.id, receipt.c.word == "overdue")
    query = select(message.c.id).where(
        _is_state("state IN ('accepted', 'taken')"), message.c.due_overdue <= now, ~told
    )
    return _found(connection, query, limit, among)


def silent_conversations(connection: Connection, protocol: str, before: int) -> tuple[str, ...]:
    """Return open conversations of a protocol in which nothing was said since ``before``."""
    later = exists().where(
        message.c.conversation == conversation.c.id, message.c.accepted_at > before
    )
    query = select(conversation.c.id).where(
        conversation.c.protocol == protocol, conversation.c.closed_at.is_(None), ~later
    )
    return tuple(connection.execute(query).scalars())


def old_conversations(connection: Connection, protocol: str, before: int) -> tuple[str, ...]:
    """Return open conversations of a protocol that were opened before that second."""
    query = (
        select(conversation.c.id)
        .join(message, message.c.conversation == conversation.c.id)
        .where(
            conversation.c.protocol == protocol,
            conversation.c.closed_at.is_(None),
            message.c.position == 1,
            message.c.accepted_at <= before,
        )
    )
    return tuple(connection.execute(query).scalars())


def erase_content(connection: Connection, message_id: str) -> None:
    """Empty body and wraps; envelope, receipts and log stay.

    The database overwrites the bytes, and the writer empties the journal after its group.
    """
    connection.info[HAS_ERASED] = True
    connection.execute(
        update(addition).where(addition.c.message_id == message_id).values(wrap=None)
    )
    connection.execute(
        update(message).where(message.c.id == message_id).values(body=None, wraps=None)
    )


def _is_state(condition: str) -> Any:
    # Written out as in the partial index: with a parameter in it SQLite does not see that it fits.
    return text(f"message.{condition}")


def _found(connection: Connection, query: Select[Any], limit: int, among: Ids) -> tuple[str, ...]:
    if among is not None:
        query = query.where(message.c.id.in_(among))
    return tuple(connection.execute(query.limit(limit)).scalars())
