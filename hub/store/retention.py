# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Erasing: what goes, when, and what stays in its place."""

from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, exists, or_, select, text, update

from hub.store.additions import addition
from hub.store.due import Due, Ids
from hub.store.duty import IS_OPEN, duty
from hub.store.holds import held_message
from hub.store.messages import conversation, message
from hub.store.prepared import Prepared
from hub.store.receipts import receipt
from hub.store.rewriting import note_erased

FINAL = ("rejected", "withdrawn", "expired")


_TOLD: Final = exists().where(receipt.c.message_id == message.c.id, receipt.c.word == "overdue")


def _is_state(condition: str) -> Any:
    # Written out as in the partial index: with a parameter in it SQLite does not see that it fits.
    return text(f"message.{condition}")


def _erasing() -> Select[tuple[str]]:
    """Ask for what a person took note of, or what is over, a while ago; or whose end is past.

    What is held stays, however long that takes.
    """
    noted = exists().where(
        receipt.c.message_id == message.c.id,
        text("receipt.word IN ('acknowledged', 'rejected', 'withdrawn', 'expired')"),
    )
    settled = and_(
        message.c.due_next.is_(None),
        noted.where(receipt.c.entered_at <= bindparam("before")),
        ~noted.where(receipt.c.entered_at > bindparam("before")),
        ~exists().where(duty.c.message_id == message.c.id, IS_OPEN),
    )
    ended = and_(
        message.c.ends_at <= bindparam("now"),
        message.c.state != "accepted",
        or_(message.c.state != "taken", _TOLD),
    )
    due = or_(settled, ended)
    return select(message.c.id).where(message.c.body.is_not(None), due, ~held_message())


_ERASING: Final = Due(message.c.id, _erasing())
_EXPIRING: Final = Due(
    message.c.id,
    select(message.c.id).where(
        _is_state("state = 'accepted'"), message.c.ends_at <= bindparam("now")
    ),
)
_OVERDUE: Final = Due(
    message.c.id,
    select(message.c.id).where(
        _is_state("state IN ('accepted', 'taken')"),
        message.c.due_overdue <= bindparam("now"),
        ~_TOLD,
    ),
)


# Written as it stands in the index.
_IS_UNCLOSED: Final = text("conversation.closed_at IS NULL")
_SAID_LATER: Final = exists().where(
    message.c.conversation == conversation.c.id, message.c.accepted_at > bindparam("before")
)
_SILENT: Final = Prepared(
    select(conversation.c.id).where(
        conversation.c.protocol == bindparam("of"), _IS_UNCLOSED, ~_SAID_LATER
    )
)
_OLD: Final = Prepared(
    select(conversation.c.id)
    .join(message, message.c.conversation == conversation.c.id)
    .where(
        conversation.c.protocol == bindparam("of"),
        _IS_UNCLOSED,
        message.c.position == 1,
        message.c.accepted_at <= bindparam("before"),
    )
)


def due_for_erasure(
    connection: Connection, before: int, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages whose content has to go.

    Either a person took note, or the message came to a final state, ``before`` the given second;
    or its ``end`` is past and nothing waits for it any more. What no person took note of stays
    until its sender knows, and what somebody stood in for until its desk has it; where a person
    there takes note as well, that is the note that counts.
    """
    return _ERASING.found(connection, {"before": before, "now": now, "most": limit}, among)


def due_to_expire(
    connection: Connection, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages whose ``end`` is past and that nobody took."""
    return _EXPIRING.found(connection, {"now": now, "most": limit}, among)


def due_for_overdue(
    connection: Connection, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return messages that no person took note of in time and whose sender does not know yet."""
    return _OVERDUE.found(connection, {"now": now, "most": limit}, among)


def silent_conversations(connection: Connection, protocol: str, before: int) -> tuple[str, ...]:
    """Return open conversations of a protocol in which nothing was said since ``before``."""
    rows = _SILENT.rows(connection, {"of": protocol, "before": before})
    return tuple(row[0] for row in rows)


def old_conversations(connection: Connection, protocol: str, before: int) -> tuple[str, ...]:
    """Return open conversations of a protocol that were opened before that second."""
    rows = _OLD.rows(connection, {"of": protocol, "before": before})
    return tuple(row[0] for row in rows)


def erase_content(connection: Connection, message_id: str) -> None:
    """Empty body and wraps; envelope, receipts and log stay.

    The database overwrites the bytes, and the writer empties the journal after its group.
    """
    note_erased(connection)
    connection.execute(
        update(addition).where(addition.c.message_id == message_id).values(wrap=None)
    )
    connection.execute(
        update(message).where(message.c.id == message_id).values(body=None, wraps=None)
    )
