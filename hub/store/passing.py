# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which matter goes on with which message, as whoever was addressed has signed it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from hub.store.duty_tables import PassingRow
from hub.store.messages import conversation
from hub.store.prepared import Prepared

passing: Any = PassingRow.__table__  # type: ignore[attr-defined]
_ADD: Final = Prepared(insert(passing))
_OF: Final = Prepared(
    select(*passing.columns)
    .where(passing.c.message_id == bindparam("of"))
    .order_by(passing.c.audit_id)
)
_BY: Final = Prepared(
    select(*passing.columns)
    .where(passing.c.by_message == bindparam("by"))
    .order_by(passing.c.audit_id)
)
_PARTNER: Final = Prepared(
    select(conversation.c.partner).where(conversation.c.id == bindparam("of"))
)
_MOVE: Final = Prepared(
    update(conversation).where(conversation.c.id == bindparam("of")).values(partner=bindparam("to"))
)


@dataclass(frozen=True)
class StoredPassing:
    """The signed word that a message goes on with another."""

    message_id: str
    by_message: str
    jws: str
    audit_id: str


def add_passing(connection: Connection, stored: StoredPassing) -> None:
    _ADD.run(connection, vars(stored))


def passings_of(connection: Connection, message_id: str) -> tuple[StoredPassing, ...]:
    """Return with which messages this one goes on, in the order in which that was said."""
    return tuple(StoredPassing(*row) for row in _OF.rows(connection, {"of": message_id}))


def passings_by(connection: Connection, message_id: str) -> tuple[StoredPassing, ...]:
    """Return what goes on with this message, in the order in which that was said."""
    return tuple(StoredPassing(*row) for row in _BY.rows(connection, {"by": message_id}))


def partner_of(connection: Connection, conversation_id: str) -> str | None:
    """Return with whom the opener of a conversation talks now."""
    row = _PARTNER.first(connection, {"of": conversation_id})
    return None if row is None else str(row[0])


def move_conversation(connection: Connection, conversation_id: str, partner: str) -> None:
    """Put another unit in the place of the one that the opener has talked with."""
    _MOVE.run(connection, {"of": conversation_id, "to": partner})
