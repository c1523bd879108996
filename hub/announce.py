# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom to tell that something is there: queued with its cause, and sent by ``hub.alert``.

The rows are written in the transaction of whatever happened. So nobody is told of what was not
kept, and nothing that was kept stays untold because the node ended in between.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from hub.model.contact import Reached
from hub.model.notification import ChannelName, Notification, Occasion
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.sealing.canonical import digest, jcs
from hub.store.notifications import add_notifications, endpoints_of

PLACE: Final = "notifications"
"""In the waiting room: where the line that sends them waits."""
TOGETHER: Final = 4
"""Seconds that what is not urgent at once may wait for more to the same address."""


def announce(
    node: Node,
    connection: Connection,
    *,
    unit: str,
    message_id: str | None,
    urgency: str,
    occasion: Occasion,
    reached: Reached,
    now: float,
    number: int = 0,
) -> int:
    """Queue one notification for each address of ``unit``; returns how many are new.

    ``reached`` is where people are told, beside the browsers of the unit. Of the same occasion
    with the same ``number`` (that of the turn, or of the reminder) an address hears once, however
    often this is asked for. Where the hub has no way to tell anybody, this costs nothing.
    """
    if not node.channels:
        return 0
    cause = (message_id or "", unit, occasion, str(number))
    rows = [
        Notification(
            id=digest(jcs([*cause, channel, address])),
            message_id=message_id,
            unit=unit,
            occasion=occasion,
            channel=channel,
            address=address,
            created_at=int(now),
        )
        for channel, address in _addresses(node, connection, unit, reached)
    ]
    if not rows:
        return 0
    added = add_notifications(connection, rows, int(now) + _patience(urgency, occasion))
    if added:
        node.waiting.promise(PLACE)
    return added


def tell_sender(
    node: Node, connection: Connection, message: StoredMessage, occasion: Occasion, now: float
) -> None:
    """Queue for the sender of a message what it has to hear where people are, and not later.

    Where that is stands in its own directory entry (``callback``).
    """
    sender = node.directory.unit(message.sender)
    reached = sender.callback if sender is not None and sender.callback is not None else Reached()
    announce(
        node,
        connection,
        unit=message.sender,
        message_id=message.id,
        urgency=message.urgency,
        occasion=occasion,
        reached=reached,
        now=now,
    )


def _addresses(
    node: Node, connection: Connection, unit: str, reached: Reached
) -> Iterator[tuple[ChannelName, str]]:
    if "email" in node.channels:
        yield from (("email", address) for address in reached.email)
    if "sms" in node.channels:
        yield from (("sms", address) for address in reached.sms)
    if "push" in node.channels:
        yield from (("push", endpoint) for endpoint in endpoints_of(connection, unit))


def _patience(urgency: str, occasion: Occasion) -> int:
    """Say how long to wait for company; what was missed already waits for nobody."""
    return 0 if urgency == "sofort" or occasion in {"overdue", "escalated"} else TOGETHER
