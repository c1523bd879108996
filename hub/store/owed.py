# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which conversations does somebody have to be reminded, and since when is it owed?"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, text, update

from hub.store.due import Due, Ids
from hub.store.messages import conversation, message
from hub.store.prepared import Prepared

_SET: Final = Prepared(
    update(conversation)
    .where(conversation.c.id == bindparam("of"))
    .values(due_reminder=bindparam("at"))
)
_SAID: Final = Prepared(
    select(message.c.id, message.c.step, message.c.sender, message.c.accepted_at)
    .where(message.c.conversation == bindparam("of"))
    .order_by(message.c.position)
)
# Written as it stands in its index.
_HAS_REMINDER: Final = text("conversation.due_reminder IS NOT NULL")


@dataclass(frozen=True)
class Said:
    """That something was said, by whom and when; not what."""

    message: str
    step: str
    sender: str
    accepted_at: int


def set_reminder(connection: Connection, conversation_id: str, at: int | None) -> None:
    """Set when the hub looks at what is owed in a conversation; None where nothing is."""
    _SET.run(connection, {"of": conversation_id, "at": at})


def read_reminder(connection: Connection, conversation_id: str) -> int | None:
    """Return when the hub was to look at what is owed in a conversation."""
    query = select(conversation.c.due_reminder).where(conversation.c.id == conversation_id)
    at: int | None = connection.execute(query).scalar()
    return at


def read_said(connection: Connection, conversation_id: str) -> tuple[Said, ...]:
    """Return when each thing was said in a conversation."""
    return tuple(Said(*row) for row in _SAID.rows(connection, {"of": conversation_id}))


_DUE: Final = Due(
    conversation.c.id,
    select(conversation.c.id)
    .where(
        _HAS_REMINDER,
        conversation.c.due_reminder <= bindparam("now"),
        conversation.c.closed_at.is_(None),
    )
    .order_by(conversation.c.due_reminder),
)


def due_reminders(
    connection: Connection, now: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return conversations in which somebody has to be reminded now."""
    return _DUE.found(connection, {"now": now, "most": limit}, among)
