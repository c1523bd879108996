# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Leases: a unit's message is with one holder at a time, and comes back when that one is silent.

Two units may hold one message at a time: the one that was asked first, and the next.
"""

from collections.abc import Iterable
from typing import Any, Final, get_args

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from hub.model.protocol import Urgency
from hub.model.stored import StoredLease
from hub.store.messages import message
from hub.store.prepared import Prepared, Values
from hub.store.tables import LeaseRow

lease: Any = LeaseRow.__table__  # type: ignore[attr-defined]
TRIES: Final = 5
"""Leases that may fail before a person has to look."""
URGENT_FIRST: Final = get_args(Urgency)
_OF_LEASE = (lease.c.message_id, lease.c.id, lease.c.unit, lease.c.expires_at, lease.c.failures)
_BY_ID: Final = Prepared(select(*_OF_LEASE).where(lease.c.id == bindparam("of")))
_BY_HOLDER: Final = Prepared(
    select(*_OF_LEASE).where(lease.c.message_id == bindparam("of"), lease.c.unit == bindparam("by"))
)
_GRANT: Final = Prepared(insert(lease))
_END: Final = Prepared(
    update(lease)
    .where(lease.c.id == bindparam("of"), lease.c.expires_at > 0)
    .values(expires_at=0, failures=lease.c.failures + bindparam("more"))
)


def _waiting() -> Select[tuple[str]]:
    """Ask for what one unit may lease of one urgency; the index gives it in this order."""
    earlier = message.alias()
    blocked = exists().where(
        earlier.c.conversation == message.c.conversation,
        earlier.c.recipient == message.c.recipient,
        earlier.c.position < message.c.position,
        earlier.c.state == "accepted",
    )
    # Written as it stands in the index: with a parameter, the index would not be taken.
    is_accepted = message.c.state == literal_column("'accepted'")
    return (
        select(message.c.id)
        .outerjoin(
            lease, and_(lease.c.message_id == message.c.id, lease.c.unit == bindparam("unit"))
        )
        .where(
            message.c.on_duty == bindparam("unit"),
            message.c.urgency == bindparam("of_urgency"),
            is_accepted,
            message.c.body.is_not(None),
            message.c.ends_at > bindparam("now"),
            or_(lease.c.id.is_(None), lease.c.expires_at <= bindparam("now")),
            ~blocked,
            func.coalesce(lease.c.failures, 0) < TRIES,
        )
        .order_by(message.c.accepted_at, message.c.id)
        .limit(bindparam("most"))
    )


_WAITING: Final = Prepared(_waiting())


def waiting_ids(
    connection: Connection, unit: str, now: int, limit: int, protocols: tuple[str, ...]
) -> tuple[str, ...]:
    """Return ids of messages that ``unit`` was asked first and may lease now.

    Urgent ones come first, then the oldest. Inside a conversation order is strict: a message waits
    until the one before it, to the same unit, was taken. What failed too often waits for a person,
    who releases it. However much waits, no more of it is looked at than is asked for, and what
    stands in front of that.
    """
    found: list[str] = []
    for urgency in URGENT_FIRST:
        values = {"unit": unit, "of_urgency": urgency, "now": now, "most": limit - len(found)}
        found += _ids(connection, values, protocols)
        if len(found) >= limit:
            break
    return tuple(found)


def _ids(connection: Connection, values: Values, protocols: tuple[str, ...]) -> Iterable[str]:
    if not protocols:
        return (row[0] for row in _WAITING.rows(connection, values))
    only = _waiting().where(message.c.protocol.in_(protocols))
    return [row.id for row in connection.execute(only, values)]


def read_lease(connection: Connection, lease_id: str) -> StoredLease | None:
    row = _BY_ID.first(connection, {"of": lease_id})
    return None if row is None else StoredLease(*row)


def lease_of(connection: Connection, message_id: str, unit: str) -> StoredLease | None:
    """Return the lease of a message that a unit holds or held last."""
    row = _BY_HOLDER.first(connection, {"of": message_id, "by": unit})
    return None if row is None else StoredLease(*row)


def grant(
    connection: Connection, message_id: str, *, lease_id: str, unit: str, ends: int, now: int
) -> int:
    """Give the message to ``unit`` and return how many leases of it failed before.

    A lease that ended without a word counts as failed.
    """
    old = lease_of(connection, message_id, unit)
    if old is None:
        row = {
            "message_id": message_id,
            "id": lease_id,
            "unit": unit,
            "expires_at": ends,
            "failures": 0,
        }
        _GRANT.run(connection, row)
        return 0
    failures = old.failures + (1 if 0 < old.expires_at <= now else 0)
    connection.execute(
        update(lease)
        .where(lease.c.message_id == message_id, lease.c.unit == unit)
        .values(id=lease_id, expires_at=ends, failures=failures)
    )
    return failures


def extend(connection: Connection, lease_id: str, expires_at: int) -> None:
    connection.execute(update(lease).where(lease.c.id == lease_id).values(expires_at=expires_at))


def give_back(connection: Connection, lease_id: str, *, failed: bool) -> bool:
    """End a lease; ``failed`` where the holder could not make anything of the message.

    Returns whether it still had to be ended: who gives back twice has failed once.
    """
    return _END.run(connection, {"of": lease_id, "more": 1 if failed else 0}) > 0


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
