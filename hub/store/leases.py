# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Leases: a message is with one holder at a time, and comes back when the holder is silent."""

from typing import Any, Final

from sqlalchemy import Connection, Row, and_, case, exists, func, insert, or_, select, update

from hub.model.stored import StoredLease
from hub.store.messages import message
from hub.store.tables import LeaseRow

lease: Any = LeaseRow.__table__  # type: ignore[attr-defined]
TRIES: Final = 5
"""Leases that may fail before a person has to look."""
_URGENT_FIRST = {"sofort": 0, "unverzueglich": 1}


def waiting_ids(
    connection: Connection, unit: str, now: int, limit: int, protocols: tuple[str, ...]
) -> tuple[str, ...]:
    """Return ids of messages that ``unit`` may lease now: urgent ones first, then the oldest.

    Inside a conversation order is strict: a message waits until the one before it, to the same
    unit, was taken. What failed too often waits for a person, who releases it.
    """
    earlier = message.alias()
    blocked = exists().where(
        earlier.c.conversation == message.c.conversation,
        earlier.c.recipient == message.c.recipient,
        earlier.c.position < message.c.position,
        earlier.c.state == "accepted",
    )
    query = (
        select(message.c.id)
        .outerjoin(lease, lease.c.message_id == message.c.id)
        .where(
            message.c.recipient == unit,
            message.c.state == "accepted",
            message.c.body.is_not(None),
            message.c.ends_at > now,
            or_(lease.c.id.is_(None), lease.c.expires_at <= now),
            ~blocked,
            func.coalesce(lease.c.failures, 0) < TRIES,
        )
        .order_by(
            case(_URGENT_FIRST, value=message.c.urgency, else_=2),
            message.c.accepted_at,
            message.c.id,
        )
        .limit(limit)
    )
    if protocols:
        query = query.where(message.c.protocol.in_(protocols))
    return tuple(connection.execute(query).scalars())


def read_lease(connection: Connection, lease_id: str) -> StoredLease | None:
    return _one(connection, lease.c.id == lease_id)


def lease_of(connection: Connection, message_id: str) -> StoredLease | None:
    return _one(connection, lease.c.message_id == message_id)


def grant(
    connection: Connection, message_id: str, *, lease_id: str, unit: str, ends: int, now: int
) -> int:
    """Give the message to ``unit`` and return how many leases of it failed before.

    A lease that ended without a word counts as failed.
    """
    old = lease_of(connection, message_id)
    if old is None:
        connection.execute(
            insert(lease).values(
                message_id=message_id, id=lease_id, unit=unit, expires_at=ends, failures=0
            )
        )
        return 0
    failures = old.failures + (1 if 0 < old.expires_at <= now else 0)
    connection.execute(
        update(lease)
        .where(lease.c.message_id == message_id)
        .values(id=lease_id, unit=unit, expires_at=ends, failures=failures)
    )
    return failures


def extend(connection: Connection, lease_id: str, expires_at: int) -> None:
    connection.execute(update(lease).where(lease.c.id == lease_id).values(expires_at=expires_at))


def give_back(connection: Connection, lease_id: str, *, failed: bool) -> bool:
    """End a lease; ``failed`` where the holder could not make anything of the message.

    Returns whether it still had to be ended: who gives back twice has failed once.
    """
    ended = connection.execute(
        update(lease)
        .where(lease.c.id == lease_id, lease.c.expires_at > 0)
        .values(expires_at=0, failures=lease.c.failures + (1 if failed else 0))
    )
    return ended.rowcount > 0


def release(connection: Connection, message_id: str) -> bool:
    """Let a message be lent again that failed too often; returns whether it had."""
    released = connection.execute(
        update(lease)
        .where(lease.c.message_id == message_id, lease.c.failures >= TRIES)
        .values(failures=0)
    )
    return released.rowcount > 0


def give_back_all(connection: Connection) -> None:
    """End every running lease without blame: this node stops."""
    connection.execute(update(lease).where(lease.c.expires_at > 0).values(expires_at=0))


def _one(connection: Connection, condition: Any) -> StoredLease | None:
    row: Row[Any] | None = connection.execute(select(lease).where(and_(condition))).first()
    if row is None:
        return None
    return StoredLease(row.message_id, row.id, row.unit, row.expires_at, row.failures)
