# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of messages on their way.

The signed bytes are stored as they came; whatever we parsed from them is an index, and the
auditor's program holds each such column against the bytes. Rows of these classes never leave
``hub.store``.
"""

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

STRICT = {"sqlite_strict": True}
# Seconds outgrow 32 bits in 2038; SQLite knows only one width of integer.
NUMBER: Any = BigInteger().with_variant(Integer(), "sqlite")
# In the order of its bytes, as in SQLite; a language's order changes with the operating system,
# and an index that was built by the old one is then wrong.
TEXT: Any = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def partial_index(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class ConversationRow(SQLModel, table=True):
    """An exchange between two units; its course stands in the messages."""

    __tablename__ = "conversation"
    __table_args__: ClassVar = (
        partial_index("conversation_reminder", "due_reminder IS NOT NULL", "due_reminder"),
        # Time closes what is silent; what is closed already must not be looked at for ever.
        partial_index("conversation_open", "closed_at IS NULL", "protocol"),
        # A year behind it is forgotten.
        partial_index("conversation_closed", "closed_at IS NOT NULL", "closed_at"),
        STRICT,
    )

    id: str = Field(sa_type=TEXT, primary_key=True)
    protocol: str = Field(sa_type=TEXT)
    opener: str = Field(sa_type=TEXT)
    partner: str = Field(sa_type=TEXT)
    closed_at: int | None = Field(default=None, sa_type=NUMBER)
    due_reminder: int | None = Field(default=None, sa_type=NUMBER)
    """When somebody has to be reminded of what is owed here."""
    key_id: str = Field(sa_type=TEXT, unique=True)
    """Which key of the opening store is its own."""


class MessageRow(SQLModel, table=True):
    """One accepted message. ``body`` and ``wraps`` are its content, and become NULL.

    Once its conversation is forgotten, so do ``env`` and ``conversation``.
    """

    __tablename__ = "message"
    __table_args__: ClassVar = (
        UniqueConstraint("conversation", "position"),
        CheckConstraint("(body IS NULL) = (wraps IS NULL)", name="content_is_whole"),
        CheckConstraint("(env IS NULL) = (conversation IS NULL)", name="erased_is_whole"),
        CheckConstraint("env IS NOT NULL OR body IS NULL", name="content_goes_first"),
        # Whoever asks for what waits for him walks it urgency by urgency, and stops at his limit.
        partial_index(
            "message_waiting",
            "state = 'accepted'",
            *("on_duty", "urgency", "accepted_at", "id"),
        ),
        # Clocks look here every few seconds; what is over must not be in their way.
        partial_index("message_overdue", "state IN ('accepted', 'taken')", "due_overdue"),
        partial_index("message_expiring", "state = 'accepted'", "ends_at"),
        partial_index("message_ended", "body IS NOT NULL", "ends_at"),
        partial_index("message_next", "due_next IS NOT NULL", "due_next"),
        STRICT,
    )

    id: str = Field(sa_type=TEXT, primary_key=True)
    conversation: str | None = Field(default=None, sa_type=TEXT, foreign_key="conversation.id")
    position: int = Field(sa_type=NUMBER)
    protocol: str = Field(sa_type=TEXT)
    step: str = Field(sa_type=TEXT)
    sender: str = Field(sa_type=TEXT)
    recipient: str = Field(sa_type=TEXT)
    urgency: str = Field(sa_type=TEXT)
    request: str = Field(sa_type=TEXT)
    """Digest of the bytes of the request."""
    client: str = Field(sa_type=TEXT)
    state: str = Field(sa_type=TEXT)
    accepted_at: int = Field(sa_type=NUMBER)
    ends_at: int = Field(sa_type=NUMBER)
    due_taken: int = Field(sa_type=NUMBER)
    due_acknowledged: int = Field(sa_type=NUMBER)
    due_overdue: int = Field(sa_type=NUMBER)
    on_duty: str = Field(sa_type=TEXT)
    """The unit that is asked first: the addressed one, or who stands in for it at that time."""
    due_next: int | None = Field(default=None, sa_type=NUMBER)
    """When the hub looks at it again: asks the next, reminds, or gives it back to the desk."""
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
            unique=True,
        )
    )
    env: str | None = Field(default=None, sa_type=TEXT)
    answered_within: int | None = Field(default=None, sa_type=NUMBER)
    """Once all else is forgotten: within how many seconds its answer came, roughly."""
    wraps: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class ErasureRow(SQLModel, table=True):
    """A conversation that is being forgotten; the row goes with the last of it."""

    __tablename__ = "erasure"
    __table_args__: ClassVar = (STRICT,)

    key_id: str = Field(sa_type=TEXT, primary_key=True)
    conversation: str = Field(sa_type=TEXT, unique=True)
    asked_at: int = Field(sa_type=NUMBER)


class ReceiptRow(SQLModel, table=True):
    """A signed statement about a message, in one of its two chains."""

    __tablename__ = "receipt"
    __table_args__: ClassVar = (UniqueConstraint("message_id", "chain", "seq"), STRICT)

    id: str = Field(sa_type=TEXT, primary_key=True)
    message_id: str = Field(sa_type=TEXT, foreign_key="message.id")
    word: str = Field(sa_type=TEXT)
    chain: str = Field(sa_type=TEXT)
    seq: int = Field(sa_type=NUMBER)
    signer: str = Field(sa_type=TEXT)
    issued_at: int = Field(sa_type=NUMBER)
    """As it is signed, by the clock of whoever signed."""
    entered_at: int = Field(sa_type=NUMBER)
    """By the clock of the hub; what follows from the receipt in time follows from this."""
    jws: str = Field(sa_type=TEXT)
    digest: str = Field(sa_type=TEXT)
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
            unique=True,
        )
    )


class LeaseRow(SQLModel, table=True):
    """Who holds a message just now, and how often that came to nothing."""

    __tablename__ = "lease"
    __table_args__: ClassVar = (STRICT,)

    message_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="message.id")
    unit: str = Field(sa_type=TEXT, primary_key=True)
    id: str = Field(sa_type=TEXT, unique=True)
    expires_at: int = Field(sa_type=NUMBER)
    """Zero once the lease was given back."""
    failures: int = Field(sa_type=NUMBER)


class AdditionRow(SQLModel, table=True):
    """A reader that the sender added later; ``wrap`` is content, and becomes NULL."""

    __tablename__ = "addition"
    __table_args__: ClassVar = (STRICT,)

    message_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="message.id")
    kid: str = Field(sa_type=TEXT, primary_key=True)
    added: int = Field(sa_type=NUMBER)
    """Number among the additions of the message."""
    statement: str = Field(sa_type=TEXT)
    wrap: str | None = Field(default=None, sa_type=TEXT)


class EventRow(SQLModel, table=True):
    """A receipt that a unit has not yet taken note of (RFC 8936)."""

    __tablename__ = "event"
    __table_args__: ClassVar = (STRICT,)

    unit: str = Field(sa_type=TEXT, primary_key=True)
    receipt_id: str = Field(sa_type=TEXT, primary_key=True, foreign_key="receipt.id")


class ParticipantRow(SQLModel, table=True):
    """An organisation, as proposed by the network file and as it stands today."""

    __tablename__ = "participant"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(sa_type=TEXT, primary_key=True)
    name: str = Field(sa_type=TEXT)
    status: str = Field(sa_type=TEXT)
    proposal: str = Field(sa_type=TEXT)
    """JSON: units with names, roles and telephone numbers."""
    code_hash: str | None = Field(default=None, sa_type=TEXT)
    code_expires_at: int | None = Field(default=None, sa_type=NUMBER)
    pending: str | None = Field(default=None, sa_type=TEXT)
    """Self-signed entry that waits for the comparison of fingerprints."""
    acts: int = Field(default=0, sa_type=NUMBER)
    """How many rows of ``participant_act`` there are about it."""


class ParticipantActRow(SQLModel, table=True):
    """What the operator did about an organisation, and who of its people did it; insert only."""

    __tablename__ = "participant_act"
    __table_args__: ClassVar = (Index("participant_act_of", "organisation"), STRICT)

    audit_id: str = Field(
        sa_column=Column(
            TEXT,
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        )
    )
    organisation: str = Field(sa_type=TEXT, foreign_key="participant.organisation")
    act: str = Field(sa_type=TEXT)
    statement: str = Field(sa_type=TEXT)
    """Canonical JSON with a salt; the entry bears its digest."""


class DirectoryEntryRow(SQLModel, table=True):
    """One version of what an organisation says of itself."""

    __tablename__ = "directory_entry"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(
        sa_type=TEXT, primary_key=True, foreign_key="participant.organisation"
    )
    version: int = Field(sa_type=NUMBER, primary_key=True)
    digest: str = Field(sa_type=TEXT, unique=True)
    jws: str = Field(sa_type=TEXT)
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )


class AdoptionRow(SQLModel, table=True):
    """A controller's signed adoption of a protocol version."""

    __tablename__ = "adoption"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(
        sa_type=TEXT, primary_key=True, foreign_key="participant.organisation"
    )
    protocol: str = Field(sa_type=TEXT, primary_key=True)
    digest: str = Field(sa_type=TEXT, primary_key=True)
    jws: str = Field(sa_type=TEXT)
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )


class ReplayRow(SQLModel, table=True):
    """A proof or assertion that was used; kept until it would have expired anyway."""

    __tablename__ = "replay"
    __table_args__: ClassVar = (Index("replay_expires", "expires_at"), STRICT)

    issuer: str = Field(sa_type=TEXT, primary_key=True)
    jti: str = Field(sa_type=TEXT, primary_key=True)
    expires_at: int = Field(sa_type=NUMBER)


class HubKeyRow(SQLModel, table=True):
    """A public key of this hub, for auditors; the private halves are files elsewhere."""

    __tablename__ = "hub_key"
    __table_args__: ClassVar = (STRICT,)

    kid: str = Field(sa_type=TEXT, primary_key=True)
    use: str = Field(sa_type=TEXT)
    """``log``, ``receipt`` or ``token``."""
    alg: str = Field(sa_type=TEXT)
    jwk: str = Field(sa_type=TEXT)


class HubRow(SQLModel, table=True):
    """What this hub is called, for ever."""

    __tablename__ = "hub"
    __table_args__: ClassVar = (STRICT,)

    id: str = Field(sa_type=TEXT, primary_key=True)
    created_at: int = Field(sa_type=NUMBER)
