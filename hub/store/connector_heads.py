# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far is the log of reading of each connector, as its unit signed it last?

One row for each unit, replaced by the next: what was said before is held by the entries of the
log, and in full by the connector.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, delete, insert, select
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


class ConnectorHeadRow(SQLModel, table=True):
    """The newest head of a connector's own log."""

    __tablename__ = "connector_head"
    __table_args__ = (STRICT,)

    unit: str = Field(sa_type=TEXT, primary_key=True)
    vkey: str = Field(sa_type=TEXT)
    size: int = Field(sa_type=NUMBER)
    root: str = Field(sa_type=TEXT)
    jws: str = Field(sa_type=TEXT)
    """As it was signed; the columns beside it say the same."""
    audit_id: str = Field(
        sa_column=Column(
            TEXT,
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        )
    )


head: Any = ConnectorHeadRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredHead:
    """What a unit said last of its connector's log."""

    unit: str
    vkey: str
    size: int
    root: str
    jws: str
    audit_id: str


def read_head(connection: Connection, unit: str) -> StoredHead | None:
    row = connection.execute(select(head).where(head.c.unit == unit)).first()
    return None if row is None else StoredHead(**row._asdict())


def put_head(connection: Connection, stored: StoredHead) -> None:
    """Put a head in the place of the one before."""
    connection.execute(delete(head).where(head.c.unit == stored.unit))
    connection.execute(insert(head).values(**vars(stored)))
