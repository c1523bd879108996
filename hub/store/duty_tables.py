# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of duty: who was asked after the first, what was passed on, whom to ring.

Who was asked first stands with the message itself.
"""

from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT, partial_index


def _entry() -> Any:
    return Column(
        TEXT,
        ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    )


class DutyRow(SQLModel, table=True):
    """One who was asked about a message after the first, and what became of it."""

    __tablename__ = "duty"
    __table_args__: ClassVar = (
        UniqueConstraint("message_id", "unit"),
        UniqueConstraint("message_id", "telephone"),
        partial_index("duty_waiting", "handed_over_at IS NULL AND ended_at IS NULL", "unit"),
        STRICT,
    )

    message_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="message.id")
    turn: int = Field(sa_type=NUMBER, primary_key=True)
    """2 for whoever was asked next after the first."""
    reason: str = Field(sa_type=TEXT)
    """``escalated``, ``shift`` (the one before went off duty), ``returned``, or ``first``: asked
    at once, and another was quicker."""
    unit: str | None = Field(default=None, sa_type=TEXT)
    """Who may fetch it; None for somebody who is only called."""
    telephone: str | None = Field(default=None, sa_type=TEXT)
    """Of somebody who is only called."""
    since: int = Field(sa_type=NUMBER)
    handed_over_at: int | None = Field(default=None, sa_type=NUMBER)
    """When it was durable there."""
    ended_at: int | None = Field(default=None, sa_type=NUMBER)
    """When the turn was over; then nothing more of the message goes there."""


class PassingRow(SQLModel, table=True):
    """An addressee's signed word that a matter goes on with another message; insert only."""

    __tablename__ = "passing"
    __table_args__: ClassVar = (Index("passing_by", "by_message"), STRICT)

    message_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="message.id")
    by_message: str = Field(sa_type=TEXT, primary_key=True, foreign_key="message.id")
    jws: str = Field(sa_type=TEXT)
    audit_id: str = Field(sa_column=_entry())


class NotificationRow(SQLModel, table=True):
    """Somebody is to be told that something is there; queued with the cause, sent afterwards."""

    __tablename__ = "notification"
    __table_args__: ClassVar = (
        partial_index("notification_due", "done_at IS NULL", "next_at"),
        STRICT,
    )

    id: str = Field(sa_type=TEXT, primary_key=True)
    message_id: str | None = Field(default=None, sa_type=TEXT)
    unit: str = Field(sa_type=TEXT)
    """Whom it is for."""
    occasion: str = Field(sa_type=TEXT)
    channel: str = Field(sa_type=TEXT)
    """``email``, ``sms`` or ``push``."""
    address: str = Field(sa_type=TEXT)
    created_at: int = Field(sa_type=NUMBER)
    next_at: int = Field(sa_type=NUMBER)
    tries: int = Field(sa_type=NUMBER)
    done_at: int | None = Field(default=None, sa_type=NUMBER)
    outcome: str | None = Field(default=None, sa_type=TEXT)
    """``sent``, or why it was given up: ``refused``, ``too-late``, ``settled``."""


class SubscriptionRow(SQLModel, table=True):
    """Where a browser of a unit wants to be woken (RFC 8030); no content ever goes there."""

    __tablename__ = "subscription"
    __table_args__: ClassVar = (
        UniqueConstraint("endpoint"),
        Index("subscription_of", "unit"),
        STRICT,
    )

    id: str = Field(sa_type=TEXT, primary_key=True)
    unit: str = Field(sa_type=TEXT)
    endpoint: str = Field(sa_type=TEXT)
    created_at: int = Field(sa_type=NUMBER)
