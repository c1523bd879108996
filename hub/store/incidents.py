# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which incidents does the hub know of, whose are they, and how far are they?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, insert, select, update
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


class IncidentRow(SQLModel, table=True):
    """One incident; what happened stands with whom it happened to."""

    __tablename__ = "incident"
    __table_args__ = (STRICT,)

    id: str = Field(sa_type=TEXT, primary_key=True)
    owner: str = Field(sa_type=TEXT)
    """The organisation that opened it, or the hub."""
    opened_at: int = Field(sa_type=NUMBER)
    audit_id: str = Field(
        sa_column=Column(
            TEXT,
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        )
    )
    notified_at: int | None = Field(default=None, sa_type=NUMBER)
    closed_at: int | None = Field(default=None, sa_type=NUMBER)


incident: Any = IncidentRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredIncident:
    """One incident, from when somebody knew of it."""

    id: str
    owner: str
    opened_at: int
    audit_id: str
    notified_at: int | None = None
    closed_at: int | None = None


def add_incident(connection: Connection, stored: StoredIncident) -> None:
    connection.execute(insert(incident).values(**vars(stored)))


def read_incident(connection: Connection, incident_id: str) -> StoredIncident | None:
    row = connection.execute(select(incident).where(incident.c.id == incident_id)).first()
    return None if row is None else StoredIncident(**row._asdict())


def read_incidents(connection: Connection, *, is_open: bool = False) -> tuple[StoredIncident, ...]:
    """Return the incidents, the oldest first; with ``is_open`` those that are not closed."""
    query = select(incident).order_by(incident.c.opened_at, incident.c.id)
    if is_open:
        query = query.where(incident.c.closed_at.is_(None))
    return tuple(StoredIncident(**row._asdict()) for row in connection.execute(query))


def put_incident(connection: Connection, incident_id: str, **when: int) -> None:
    """Enter the second at which an authority was notified, or at which it was closed."""
    connection.execute(update(incident).where(incident.c.id == incident_id).values(**when))
