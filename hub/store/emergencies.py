# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who was let in past the usual way, and has somebody looked at it since?

The row holds no reason: that is an opening of the entry, and goes with it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, insert, select, update
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


class EmergencyRow(SQLModel, table=True):
    """One use of the way in for emergencies."""

    __tablename__ = "emergency"
    __table_args__ = (STRICT,)

    audit_id: str = Field(
        sa_column=Column(
            TEXT,
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        )
    )
    person: str = Field(sa_type=TEXT, foreign_key="person.id")
    used_at: int = Field(sa_type=NUMBER)
    due_at: int = Field(sa_type=NUMBER)
    """The second until which somebody else has to have looked at it."""
    reviewed_at: int | None = Field(default=None, sa_type=NUMBER)
    reviewed_audit_id: str | None = Field(
        default=None,
        sa_column=Column(
            TEXT, ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"), nullable=True
        ),
    )


emergency: Any = EmergencyRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredEmergency:
    """One use, by the id of its entry."""

    audit_id: str
    person: str
    used_at: int
    due_at: int
    reviewed_at: int | None = None
    reviewed_audit_id: str | None = None


def add_emergency(connection: Connection, stored: StoredEmergency) -> None:
    connection.execute(insert(emergency).values(**vars(stored)))


def read_emergency(connection: Connection, audit_id: str) -> StoredEmergency | None:
    row = connection.execute(select(emergency).where(emergency.c.audit_id == audit_id)).first()
    return None if row is None else StoredEmergency(**row._asdict())


def read_emergencies(connection: Connection) -> tuple[StoredEmergency, ...]:
    """Return every use, the oldest first."""
    rows = connection.execute(select(emergency).order_by(emergency.c.used_at))
    return tuple(StoredEmergency(**row._asdict()) for row in rows)


def end_emergency(connection: Connection, audit_id: str, second: int, reviewed: str) -> None:
    """Enter that somebody has looked at a use, and under which entry."""
    connection.execute(
        update(emergency)
        .where(emergency.c.audit_id == audit_id)
        .values(reviewed_at=second, reviewed_audit_id=reviewed)
    )
