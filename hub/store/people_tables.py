# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of people who sign in at the hub: who they are here, their keys, their sessions.

Nothing that would let somebody in is kept: of a session and of a one-time code only the digest,
of a passkey only its public half.
"""

from typing import ClassVar

from sqlalchemy import Column, ForeignKey, Index, LargeBinary
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


class PersonRow(SQLModel, table=True):
    """Somebody who may sign in; the name is the one that the operator knows them by."""

    __tablename__ = "person"
    __table_args__: ClassVar = (STRICT,)

    id: str = Field(sa_type=TEXT, primary_key=True)
    name: str = Field(sa_type=TEXT)
    created_at: int = Field(sa_type=NUMBER)


class RoleGrantRow(SQLModel, table=True):
    """A role that somebody was given for one organisation, and when it was taken back."""

    __tablename__ = "role_grant"
    __table_args__: ClassVar = (Index("role_grant_person", "person"), STRICT)

    id: str = Field(sa_type=TEXT, primary_key=True)
    person: str = Field(sa_type=TEXT, foreign_key="person.id")
    role: str = Field(sa_type=TEXT)
    organisation: str = Field(sa_type=TEXT)
    granted_at: int = Field(sa_type=NUMBER)
    until: int | None = Field(default=None, sa_type=NUMBER)
    """The second after which it counts no more; ``aufsicht`` always has one."""
    audit_id: str = Field(
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )
    revoked_at: int | None = Field(default=None, sa_type=NUMBER)
    revoked_audit_id: str | None = Field(
        default=None,
        sa_column=Column(
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=True
        ),
    )


class SignInCodeRow(SQLModel, table=True):
    """A one-time code, by its digest; gone once it was used or replaced by another."""

    __tablename__ = "sign_in_code"
    __table_args__: ClassVar = (STRICT,)

    digest: str = Field(sa_type=TEXT, primary_key=True)
    person: str = Field(sa_type=TEXT, foreign_key="person.id")
    expires_at: int = Field(sa_type=NUMBER)


class PasskeyRow(SQLModel, table=True):
    """The public half of a passkey (WebAuthn), by the id of the credential."""

    __tablename__ = "passkey"
    __table_args__: ClassVar = (Index("passkey_person", "person"), STRICT)

    id: str = Field(sa_type=TEXT, primary_key=True)
    person: str = Field(sa_type=TEXT, foreign_key="person.id")
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    count: int = Field(sa_type=NUMBER)
    """How often it has signed, where it counts that; one that goes back is a copy."""
    created_at: int = Field(sa_type=NUMBER)


class SessionRow(SQLModel, table=True):
    """An open session, by the digest of its id; gone once it has ended."""

    __tablename__ = "session"
    __table_args__: ClassVar = (Index("session_person", "person"), STRICT)

    digest: str = Field(sa_type=TEXT, primary_key=True)
    person: str = Field(sa_type=TEXT, foreign_key="person.id")
    organisation: str = Field(sa_type=TEXT)
    role: str = Field(sa_type=TEXT)
    opened_by: str = Field(sa_type=TEXT)
    """``passkey``, or ``code`` where a demonstration lets a one-time link in."""
    created_at: int = Field(sa_type=NUMBER)
    seen_at: int = Field(sa_type=NUMBER)
    ends_at: int = Field(sa_type=NUMBER)
