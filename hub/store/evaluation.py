# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When did what happen to the notices of a half-year? Times and offices, and never an id.

Only what the hub entered before a given second is looked at. Rows are added, and what is forgotten
leaves behind what is counted of it; so whoever asks again for the same span is told the same.
"""

from collections.abc import Sequence
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
_HOUR: Final = 3600
COUNTED: Final = {
    FEEDBACK: tuple(days * 24 * _HOUR for days in (7, 14, 30)),
    TAKEOVER: tuple(hours * _HOUR for hours in (12, 24, 72)),
}
"""Seconds up to which an answer is counted apart (``hub.inquire.tally``)."""
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
    """Return when a step was first said in the conversation that a message began.

    Of a conversation that is forgotten it is known no more exactly than it is counted. What came
    later than all that is counted apart came before ``until`` or counts the same.
    """
    later = message.alias()
    known = (
        select(func.min(later.c.accepted_at))
        .where(
            later.c.conversation == message.c.conversation,
            later.c.step == step,
            later.c.accepted_at < span.until,
        )
        .scalar_subquery()
    )
    return func.coalesce(known, message.c.accepted_at + message.c.answered_within)


def answered_within(connection: Connection, conversations: Sequence[str]) -> dict[str, int]:
    """Return by opening message within how long it was answered, as roughly as that is counted."""
    later = message.alias()
    rows = connection.execute(
        select(message.c.id, later.c.step, func.min(later.c.accepted_at) - message.c.accepted_at)
        .where(
            message.c.conversation.in_(conversations),
            message.c.position == 1,
            later.c.conversation == message.c.conversation,
            later.c.step.in_(COUNTED),
        )
        .group_by(message.c.id, later.c.step, message.c.accepted_at)
    )
    return {
        opening: limit
        for opening, step, seconds in rows
        if (limit := next((each for each in COUNTED[step] if seconds <= each), None)) is not None
    }
