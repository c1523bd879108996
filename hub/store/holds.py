# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must not be erased now? Held are conversations, messages, and ranges of the log.

A range holds the messages too that its entries are about: an entry without what it is about would
be kept for nothing.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Exists,
    column,
    delete,
    exists,
    insert,
    or_,
    select,
    table,
)

from hub.model.hold import Hold
from hub.store.hold_tables import HoldReleaseRow, HoldRow
from hub.store.messages import message
from hub.store.receipts import receipt

hold: Any = HoldRow.__table__  # type: ignore[attr-defined]
hold_release: Any = HoldReleaseRow.__table__  # type: ignore[attr-defined]
# The tables of the log are another part's; of this one the place of an entry is asked.
_LEAF: Final = table("audit_leaf", column("idx"), column("event_id"))
_COLUMNS: Final = (
    hold.c.id,
    hold.c.ty,
    hold.c.subject,
    hold.c.first_idx,
    hold.c.last_idx,
    hold.c.law,
    hold.c.audit_id,
)


def held_message() -> Exists:
    """Return the condition that a row of ``message`` is held, for a larger question."""
    about_it = or_(
        _LEAF.c.event_id == message.c.audit_id,
        _LEAF.c.event_id.in_(
            select(receipt.c.audit_id).where(receipt.c.message_id == message.c.id)
        ),
    )
    in_range = exists().where(_LEAF.c.idx.between(hold.c.first_idx, hold.c.last_idx), about_it)
    of_it = or_(hold.c.subject == message.c.id, hold.c.subject == message.c.conversation, in_range)
    return select(hold.c.id).where(of_it).correlate(message).exists()


def is_held(connection: Connection, conversation: str, messages: Collection[str]) -> bool:
    """Tell whether a conversation, or one of its messages, must stay."""
    held = message.c.id.in_(messages) & held_message()
    asked = select(
        or_(
            exists().where(hold.c.subject == conversation),
            exists(select(message.c.id).where(held)),
        )
    )
    return bool(connection.execute(asked).scalar())


def add_hold(connection: Connection, placed: Hold) -> None:
    """Enter a hold; its entry is in the transaction already."""
    connection.execute(
        insert(hold).values(
            id=placed.id,
            ty=placed.ty,
            subject=placed.subject,
            first_idx=placed.first,
            last_idx=placed.last,
            law=placed.law,
            audit_id=placed.audit_id,
        )
    )


def release_hold(connection: Connection, hold_id: str, audit_id: str) -> None:
    """Let what was held go; its entry is in the transaction already."""
    connection.execute(insert(hold_release).values(hold_id=hold_id, audit_id=audit_id))
    connection.execute(delete(hold).where(hold.c.id == hold_id))


def read_holds(connection: Connection) -> tuple[Hold, ...]:
    """Return what is held now, the oldest first."""
    rows = connection.execute(select(*_COLUMNS).order_by(hold.c.id))
    return tuple(Hold(*row) for row in rows)


def read_hold(connection: Connection, hold_id: str) -> Hold | None:
    row = connection.execute(select(*_COLUMNS).where(hold.c.id == hold_id)).first()
    return None if row is None else Hold(*row)


def messages_held_with(connection: Connection, conversations: Collection[str]) -> tuple[str, ...]:
    """Return the messages of conversations that are held as a whole."""
    asked = select(message.c.id).where(message.c.conversation.in_(conversations))
    return tuple(connection.execute(asked).scalars())
