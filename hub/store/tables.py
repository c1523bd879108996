# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of messages on their way.

The signed bytes are stored as they came; whatever we parsed from them is an index, and the
auditor's program holds each such column against the bytes. Rows of these classes never leave
``hub.store``.
"""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

STRICT = {"sqlite_strict": True}


class ConversationRow(SQLModel, table=True):
    """An exchange between two units; its course stands in the messages."""

    __tablename__ = "conversation"
    __table_args__: ClassVar = (STRICT,)

    id: str = Field(primary_key=True)
    protocol: str
    opener: str
    partner: str
    closed_at: int | None = None


class MessageRow(SQLModel, table=True):
    """One accepted message. ``body`` and ``wraps`` are its content, and become NULL."""

    __tablename__ = "message"
    __table_args__: ClassVar = (
        UniqueConstraint("conversation", "position"),
        CheckConstraint("(body IS NULL) = (wraps IS NULL)", name="content_is_whole"),
        Index("message_waiting", "recipient", "state"),
        Index("message_ends", "ends_at"),
        Index("message_overdue", "due_overdue"),
        STRICT,
    )

    id: str = Field(primary_key=True)
    conversation: str = Field(foreign_key="conversation.id")
    position: int
    protocol: str
    step: str
    sender: str
    recipient: str
    urgency: str
    request: str
    """Digest of the bytes of the request."""
    client: str
    state: str
    accepted_at: int
    ends_at: int
    due_taken: int
    due_acknowledged: int
    due_overdue: int
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED", use_alter=True),
            nullable=False,
            unique=True,
        )
    )
    env: str
    wraps: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class ReceiptRow(SQLModel, table=True):
    """A signed statement about a message, in one of its two chains."""

    __tablename__ = "receipt"
    __table_args__: ClassVar = (UniqueConstraint("message_id", "chain", "seq"), STRICT)

    id: str = Field(primary_key=True)
    message_id: str = Field(foreign_key="message.id")
    word: str
    chain: str
    seq: int
    signer: str
    issued_at: int
    jws: str
    digest: str
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

    message_id: str = Field(primary_key=True, foreign_key="message.id")
    id: str = Field(unique=True)
    unit: str
    expires_at: int
    """Zero once the lease was given back."""
    failures: int


class EventRow(SQLModel, table=True):
    """A receipt that a unit has not yet taken note of (RFC 8936)."""

    __tablename__ = "event"
    __table_args__: ClassVar = (STRICT,)

    unit: str = Field(primary_key=True)
    receipt_id: str = Field(primary_key=True, foreign_key="receipt.id")


class ParticipantRow(SQLModel, table=True):
    """An organisation, as proposed by the network file and as it stands today."""

    __tablename__ = "participant"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(primary_key=True)
    name: str
    status: str
    proposal: str
    """JSON: units with names, roles and telephone numbers."""
    code_hash: str | None = None
    code_expires_at: int | None = None
    pending: str | None = None
    """Self-signed entry that waits for the comparison of fingerprints."""


class DirectoryEntryRow(SQLModel, table=True):
    """One version of what an organisation says of itself."""

    __tablename__ = "directory_entry"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(primary_key=True, foreign_key="participant.organisation")
    version: int = Field(primary_key=True)
    digest: str = Field(unique=True)
    jws: str
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )


class AdoptionRow(SQLModel, table=True):
    """A controller's signed adoption of a protocol version."""

    __tablename__ = "adoption"
    __table_args__: ClassVar = (STRICT,)

    organisation: str = Field(primary_key=True, foreign_key="participant.organisation")
    protocol: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    jws: str
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )




class ReplayRow(SQLModel, table=True):
    """A proof or assertion that was used; kept until it would have expired anyway."""

    __tablename__ = "replay"
    __table_args__: ClassVar = (Index("replay_expires", "expires_at"), STRICT)

    issuer: str = Field(primary_key=True)
    jti: str = Field(primary_key=True)
    expires_at: int


class HubKeyRow(SQLModel, table=True):
    """A public key of this hub, for auditors; the private halves are files elsewhere."""

    __tablename__ = "hub_key"
    __table_args__: ClassVar = (STRICT,)

    kid: str = Field(primary_key=True)
    use: str
    """``log``, ``receipt`` or ``token``."""
    alg: str
    jwk: str


class HubRow(SQLModel, table=True):
    """What this hub is called, for ever."""

    __tablename__ = "hub"
    __table_args__: ClassVar = (STRICT,)

    id: str = Field(primary_key=True)
    created_at: int
