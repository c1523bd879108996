# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of what must not be erased, because somebody said so.

A row of ``hold`` goes with its release, so that what is there is held, and so that nothing leads
to a conversation longer than it has to. That there was a hold, the log says.
"""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


def _entry() -> Column[str]:
    of_the_log = ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED")
    return Column(TEXT, of_the_log, nullable=False, unique=True)


class HoldRow(SQLModel, table=True):
    """What must stay: a conversation, a message, or a range of entries."""

    __tablename__ = "hold"
    __table_args__: ClassVar = (
        CheckConstraint("(ty = 'entries') = (subject IS NULL)", name="hold_has_subject"),
        CheckConstraint("(ty = 'entries') = (first_idx IS NOT NULL)", name="hold_has_first"),
        CheckConstraint("(ty = 'entries') = (last_idx IS NOT NULL)", name="hold_has_last"),
        CheckConstraint("0 <= first_idx AND first_idx <= last_idx", name="held_range_is_one"),
        STRICT,
    )

    id: str = Field(sa_type=TEXT, primary_key=True)
    ty: str = Field(sa_type=TEXT)
    subject: str | None = Field(default=None, sa_type=TEXT)
    first_idx: int | None = Field(default=None, sa_type=NUMBER)
    last_idx: int | None = Field(default=None, sa_type=NUMBER)
    law: str = Field(sa_type=TEXT)
    audit_id: str = Field(sa_column=_entry())
    """Its entry ``hold.placed``."""


class HoldReleaseRow(SQLModel, table=True):
    """That a hold was released; only then does its row go."""

    __tablename__ = "hold_release"
    __table_args__: ClassVar = (STRICT,)

    hold_id: str = Field(sa_type=TEXT, primary_key=True)
    audit_id: str = Field(sa_column=_entry())
    """Its entry ``hold.released``."""
