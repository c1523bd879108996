# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of agreements: what was agreed, who signed it, and that it ended. Insert only.

How an agreement stands on a day follows from these rows and the calendar, so no row says it: what
nobody wrote down, nobody can falsify.
"""

from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


def _entry() -> Any:
    return Column(
        TEXT,
        ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    )


class AgreementRow(SQLModel, table=True):
    """One version of an agreement, in the canonical bytes that its parties sign."""

    __tablename__ = "agreement"
    __table_args__: ClassVar = (UniqueConstraint("id", "version"), STRICT)

    digest: str = Field(sa_type=TEXT, primary_key=True)
    id: str = Field(sa_type=TEXT)
    version: int = Field(sa_type=NUMBER)
    body: str = Field(sa_type=TEXT)


class AgreementSignatureRow(SQLModel, table=True):
    """What a party signed about an agreement: that it agrees, or that it gives notice."""

    __tablename__ = "agreement_signature"
    __table_args__: ClassVar = (STRICT,)

    digest: str = Field(sa_type=TEXT, primary_key=True, foreign_key="agreement.digest")
    organisation: str = Field(
        sa_type=TEXT, primary_key=True, foreign_key="participant.organisation"
    )
    act: str = Field(sa_type=TEXT, primary_key=True)
    """``agree`` or ``end``."""
    jws: str = Field(sa_type=TEXT)
    audit_id: str = Field(sa_column=_entry())


class AgreementExpiryRow(SQLModel, table=True):
    """The hub has noticed that an agreement ended; once, whatever happens."""

    __tablename__ = "agreement_expiry"
    __table_args__: ClassVar = (STRICT,)

    digest: str = Field(sa_type=TEXT, primary_key=True, foreign_key="agreement.digest")
    audit_id: str = Field(sa_column=_entry())
