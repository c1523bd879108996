# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Telling somebody that something is there: on what occasion, by which way, and no word more."""

from dataclasses import dataclass
from typing import Literal

Occasion = Literal[
    "waiting", "escalated", "reminder", "returned", "overdue", "held", "passed-on", "owed"
]
"""Why somebody is told. ``overdue``: its sender, that no person took note of a message."""
ChannelName = Literal["email", "sms", "push"]
Outcome = Literal["sent", "refused", "too-late", "settled"]
"""How it ended; ``settled``: when it could have been sent, there was nothing to act on any more."""


@dataclass(frozen=True)
class Notification:
    """Somebody is to be told something at one address."""

    id: str
    message_id: str | None
    unit: str
    """Whom it is for."""
    occasion: Occasion
    channel: ChannelName
    address: str
    created_at: int
    tries: int = 0


@dataclass(frozen=True)
class DueNotification:
    """A notification that is due, with what its message says on its outside."""

    row: Notification
    urgency: str
    state: str | None
    """State of the message; None where it is about none."""
    recipient: str | None


@dataclass(frozen=True)
class Subscription:
    """Where a browser of a unit wants to be woken (RFC 8030)."""

    id: str
    unit: str
    endpoint: str
    created_at: int
