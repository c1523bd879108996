# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which checkpoints has a time-stamping authority seen, and when? Rows are added, and stay."""

from typing import ClassVar, Final

from sqlalchemy import Column, ForeignKey, LargeBinary, Table
from sqlmodel import Field, SQLModel

from hub.audit.tables import NUMBER, TEXT


class StampRow(SQLModel, table=True):
    """The token of an authority over the note of a checkpoint (RFC 3161)."""

    __tablename__ = "stamp"
    __table_args__: ClassVar = ({"sqlite_strict": True},)

    size: int = Field(
        sa_column=Column(
            NUMBER,
            ForeignKey("checkpoint.size"),
            primary_key=True,
            nullable=False,
            autoincrement=False,
        )
    )
    authority: str = Field(sa_column=Column(TEXT, nullable=False))
    """Who stamped, as its certificate says."""
    at: int = Field(sa_column=Column(NUMBER, nullable=False))
    """Second that the authority says."""
    token: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The whole answer, so that tools of others read it as it is."""


stamp: Final[Table] = StampRow.__table__  # type: ignore[attr-defined]
