# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When did what happen to the notices of a half-year? Times and offices, and never an id.

Only what the hub entered before a given second is looked at. Rows are added and never changed, so
whoever asks again for the same span is told the same.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, select

from hub.store.duty_tables import PassingRow
from hub.store.messages import message
from hub.store.receipts import receipt

passing: Any = PassingRow.__table__  # type: ignore[attr-defined]
HANDOVER: Final = "krisendienst-uebergabe"
FEEDBACK: Final = "rueckmeldung"
TAKEOVER: Final = "uebernahme"
_UNUSABLE: Final = ("withdrawn", "rejected")


@dataclass(frozen=True)
class Span:
    """What was accepted from one second to before another, as it stood at a third."""

    begins: int
    ends: int
    until: int


@dataclass(frozen=True)
class StoredNotice:
    """What happened to one message that began something at a Jugendamt."""

    protocol: str
    sender: str
    recipient: str
    urgency: str
    accepted_at: int
    due_overdue: int
    taken_at: int | None
    taken_by: str | None
    acknowledged_at: int | None
    feedback_at: int | None
    was_passed: bool


@dataclass(frozen=True)
class StoredHandover:
    """A handover of a crisis service, and when the day desk took it over."""

    accepted_at: int
    taken_over_at: int | None
    follows_notice: bool


def read_notices(connection: Connection, recipients: str, span: Span) -> tuple[StoredNotice, ...]:
    """Return what began at the units whose id begins with ``recipients``, handovers aside.

    What its sender withdrew, or what was rejected as unusable, is not among them: nobody had to
    take note of it.
    """
    query = _openings(
        recipients,
        span,
        message.c.protocol,
        message.c.sender,
        message.c.recipient,
        message.c.urgency,
        message.c.accepted_at,
        message.c.due_overdue,
        _first("taken", span).label("taken_at"),
        _signer("taken", span).label("taken_by"),
        _first("acknowledged", span).label("acknowledged_at"),
        _said(FEEDBACK, span).label("feedback_at"),
        _has("passed-on", span=span).label("was_passed"),
    ).where(~message.c.protocol.like(f"{HANDOVER}/%"), ~_has(*_UNUSABLE, span=span))
    return tuple(StoredNotice(*row) for row in connection.execute(query))


def read_handovers(
    connection: Connection, recipients: str, span: Span
) -> tuple[StoredHandover, ...]:
    """Return the handovers to these units; one that follows no notice began with a call."""
    query = _openings(
        recipients,
        span,
        message.c.accepted_at,
        _said(TAKEOVER, span).label("taken_over_at"),
        exists().where(passing.c.by_message == message.c.id).label("follows_notice"),
    ).where(message.c.protocol.like(f"{HANDOVER}/%"), ~_has(*_UNUSABLE, span=span))
    return tuple(StoredHandover(*row) for row in connection.execute(query))


def _openings(recipients: str, span: Span, *columns: Any) -> Select[Any]:
    return select(*columns).where(
        message.c.position == 1,
        message.c.accepted_at >= span.begins,
        message.c.accepted_at < span.ends,
        message.c.recipient.like(f"{recipients}%"),
    )


def _first(word: str, span: Span) -> Any:
    return _receipts(func.min(receipt.c.entered_at), word, span=span).scalar_subquery()


def _signer(word: str, span: Span) -> Any:
    return _receipts(func.min(receipt.c.signer), word, span=span).scalar_subquery()


def _has(*words: str, span: Span) -> Any:
    return _receipts(receipt.c.id, *words, span=span).exists()


def _receipts(what: Any, *words: str, span: Span) -> Select[Any]:
    return select(what).where(
        receipt.c.message_id == message.c.id,
        receipt.c.word.in_(words),
        receipt.c.entered_at < span.until,
    )


def _said(step: str, span: Span) -> Any:
    """Return when a step was first said in the conversation that a message began."""
    later = message.alias()
    return (
        select(func.min(later.c.accepted_at))
        .where(
            later.c.conversation == message.c.conversation,
            later.c.step == step,
            later.c.accepted_at < span.until,
        )
        .scalar_subquery()
    )
