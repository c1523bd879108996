# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which keys has the log had, who approves, and what was approved? Rows are added, and stay.

An entry stands behind each of them, so that the auditor finds a row that somebody put in.
"""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table
from sqlmodel import Field, SQLModel

from hub.audit.tables import NUMBER, TEXT

_STRICT = {"sqlite_strict": True}
_NO_ROWID = {"sqlite_strict": True, "sqlite_with_rowid": False}


def _entry() -> Any:
    # The row comes before its entry: entries of a group are written when the group is closed.
    key = ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED")
    return Field(sa_column=Column(TEXT, key, nullable=False))


class LogKeyRow(SQLModel, table=True):
    """A key of the log, from which size on it signs."""

    __tablename__ = "log_key"
    __table_args__: ClassVar = (_NO_ROWID,)

    vkey: str = Field(sa_column=Column(TEXT, primary_key=True, nullable=False))
    since_size: int = Field(sa_column=Column(NUMBER, nullable=False, unique=True))
    """Size of the log when it was entered; every larger checkpoint bears its signature."""
    until: int = Field(sa_column=Column(NUMBER, nullable=False))
    """Second until which the key before it signs as well; 0 where that must not sign any more."""
    audit_id: str = _entry()


class ApproverRow(SQLModel, table=True):
    """Somebody was entered as approver, or ceased to be one; the last word on a key counts."""

    __tablename__ = "approver"
    __table_args__: ClassVar = (
        CheckConstraint("act IN ('added', 'removed')", name="approver_act"),
        _STRICT,
    )

    seq: int = Field(
        sa_column=Column(NUMBER, primary_key=True, nullable=False, autoincrement=False)
    )
    vkey: str = Field(sa_column=Column(TEXT, nullable=False))
    act: str = Field(sa_column=Column(TEXT, nullable=False))
    audit_id: str = _entry()


class ApprovalRow(SQLModel, table=True):
    """An approval that was used; a second time it is none."""

    __tablename__ = "approval"
    __table_args__: ClassVar = (_NO_ROWID,)

    digest: str = Field(sa_column=Column(TEXT, primary_key=True, nullable=False))
    note: str = Field(sa_column=Column(TEXT, nullable=False))


def _table(row: type[SQLModel]) -> Table:
    table: Table = row.__table__  # type: ignore[attr-defined]
    return table


log_key = _table(LogKeyRow)
approver = _table(ApproverRow)
approval = _table(ApprovalRow)
