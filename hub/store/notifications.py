# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is to be told that something is there, and where do browsers want to be woken?"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from hub.model.notification import (
    ChannelName,
    DueNotification,
    Notification,
    Outcome,
    Subscription,
)
from hub.model.protocol import Urgency
from hub.store.duty_tables import NotificationRow, SubscriptionRow
from hub.store.messages import message
from hub.store.prepared import Prepared, PreparedRows

notification: Any = NotificationRow.__table__  # type: ignore[attr-defined]
subscription: Any = SubscriptionRow.__table__  # type: ignore[attr-defined]
UNDER_WAY: Final = "under-way"
"""Stands for the outcome while it is being sent; who finds it at the start was interrupted."""
FARTHEST: Final = 3600
"""Seconds that ``next_at`` can lie ahead; farther, the clock was put back in the meantime."""
_URGENT_FIRST: Final = case(
    {urgency: rank for rank, urgency in enumerate(get_args(Urgency))},
    value=message.c.urgency,
    else_=len(get_args(Urgency)),
)
_ADD: Final = PreparedRows(notification, tail="ON CONFLICT DO NOTHING RETURNING id")
_ENDPOINTS: Final = Prepared(
    select(subscription.c.endpoint).where(subscription.c.unit == bindparam("unit"))
)
_FIELDS: Final = [getattr(notification.c, name) for name in Notification.__dataclass_fields__]


def add_notifications(connection: Connection, rows: Sequence[Notification], next_at: int) -> int:
    """Queue what is not queued yet; returns how much of it is new."""
    values = [{**vars(row), "next_at": next_at, "done_at": None, "outcome": None} for row in rows]
    return len(_ADD.run(connection, values))


def due_notifications(
    connection: Connection, channel: ChannelName, now: int, limit: int
) -> tuple[DueNotification, ...]:
    """Return what is due on one channel, urgent things first."""
    query = (
        select(*_FIELDS, message.c.urgency, message.c.state, message.c.recipient)
        .outerjoin(message, message.c.id == notification.c.message_id)
        .where(
            notification.c.done_at.is_(None),
            notification.c.channel == channel,
            or_(notification.c.next_at <= now, notification.c.next_at > now + FARTHEST),
        )
        .order_by(_URGENT_FIRST, notification.c.created_at, notification.c.id)
        .limit(limit)
    )
    return tuple(
        DueNotification(
            Notification(*row[: len(_FIELDS)]), row.urgency or "planbar", row.state, row.recipient
        )
        for row in connection.execute(query)
    )


def next_due(connection: Connection, channel: ChannelName) -> int | None:
    """Return when the next one of a channel is due; None where nothing waits."""
    query = select(func.min(notification.c.next_at)).where(
        notification.c.done_at.is_(None), notification.c.channel == channel
    )
    at: int | None = connection.execute(query).scalar()
    return at


def take_up(connection: Connection, ids: Sequence[str], again_at: int) -> None:
    """Mark as under way; who is interrupted tries again at ``again_at`` at the latest."""
    connection.execute(
        update(notification)
        .where(notification.c.id.in_(ids), notification.c.done_at.is_(None))
        .values(outcome=UNDER_WAY, next_at=again_at, tries=notification.c.tries + 1)
    )


def take_up_again(connection: Connection, channel: ChannelName, now: int) -> int:
    """Make due what was under way when the node before this one ended; returns how many."""
    interrupted = connection.execute(
        update(notification)
        .where(
            notification.c.done_at.is_(None),
            notification.c.channel == channel,
            notification.c.outcome == UNDER_WAY,
        )
        .values(outcome=None, next_at=now)
    )
    return interrupted.rowcount


def finish(connection: Connection, ids: Sequence[str], outcome: Outcome, at: int) -> None:
    connection.execute(
        update(notification)
        .where(notification.c.id.in_(ids), notification.c.done_at.is_(None))
        .values(outcome=outcome, done_at=at)
    )


def postpone(connection: Connection, next_at: Mapping[str, int]) -> None:
    """Try each of these again at its time."""
    for one, at in next_at.items():
        connection.execute(
            update(notification)
            .where(notification.c.id == one, notification.c.done_at.is_(None))
            .values(outcome=None, next_at=at)
        )


def forget_finished(connection: Connection, before: int) -> int:
    """Delete what was done before that second; returns how many rows."""
    return connection.execute(delete(notification).where(notification.c.done_at < before)).rowcount


def count_notifications(connection: Connection, since: int) -> dict[tuple[str, str], int]:
    """Count by channel what waits (``open``), and by outcome what ended since that second."""
    is_open = notification.c.done_at.is_(None)
    parts = (notification.c.channel, notification.c.outcome, is_open)
    query = (
        select(*parts, func.count())
        .where(or_(is_open, notification.c.done_at >= since))
        .group_by(*parts)
    )
    counted: dict[tuple[str, str], int] = {}
    for channel, outcome, waits, number in connection.execute(query):
        said = "open" if waits else outcome
        counted[channel, said] = counted.get((channel, said), 0) + number
    return counted


def endpoints_of(connection: Connection, unit: str) -> tuple[str, ...]:
    """Return where browsers of a unit want to be woken."""
    return tuple(row[0] for row in _ENDPOINTS.rows(connection, {"unit": unit}))


def read_subscription(connection: Connection, subscription_id: str) -> Subscription | None:
    row = connection.execute(
        select(subscription).where(subscription.c.id == subscription_id)
    ).first()
    return None if row is None else Subscription(**row._asdict())


def count_subscriptions(connection: Connection, unit: str) -> int:
    return connection.execute(
        select(func.count()).select_from(subscription).where(subscription.c.unit == unit)
    ).scalar_one()


def put_subscription(connection: Connection, stored: Subscription) -> None:
    """Keep a subscription; one of the same id, or of the same browser, makes room for it."""
    same = or_(subscription.c.id == stored.id, subscription.c.endpoint == stored.endpoint)
    connection.execute(delete(subscription).where(same))
    connection.execute(insert(subscription).values(**vars(stored)))


def delete_subscription(connection: Connection, subscription_id: str, unit: str) -> bool:
    """Delete a subscription of this unit; returns whether it had it."""
    own = and_(subscription.c.id == subscription_id, subscription.c.unit == unit)
    return connection.execute(delete(subscription).where(own)).rowcount > 0


def delete_endpoints(connection: Connection, endpoints: Sequence[str]) -> int:
    """Delete what a push service does not know any more; returns how many rows."""
    return connection.execute(
        delete(subscription).where(subscription.c.endpoint.in_(endpoints))
    ).rowcount
