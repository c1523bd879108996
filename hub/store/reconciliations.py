# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which receipts of a day should a unit hold, and what did it say that it holds?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, and_, delete, insert, or_, select
from sqlmodel import Field, SQLModel

from hub.store.messages import message
from hub.store.receipts import event, receipt
from hub.store.tables import NUMBER, STRICT, TEXT


class ReconciliationRow(SQLModel, table=True):
    """The last comparison of one unit and day."""

    __tablename__ = "reconciliation"
    __table_args__ = (STRICT,)

    unit: str = Field(sa_type=TEXT, primary_key=True)
    day: str = Field(sa_type=TEXT, primary_key=True)
    result: str = Field(sa_type=TEXT)
    """What was found, as JSON; the entry holds its digest."""
    differences: int = Field(sa_type=NUMBER)
    done_at: int = Field(sa_type=NUMBER)
    audit_id: str = Field(
        sa_column=Column(
            TEXT,
            ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        )
    )


reconciliation: Any = ReconciliationRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredReconciliation:
    """What a comparison came to."""

    unit: str
    day: str
    result: str
    differences: int
    done_at: int
    audit_id: str


@dataclass(frozen=True)
class Due:
    """A receipt that a unit should hold."""

    digest: str
    message_id: str
    word: str
    is_fresh: bool
    """Whether it still waits to be fetched: then the unit need not have it."""


def receipts_of_day(connection: Connection, unit: str, begins: int, ends: int) -> tuple[Due, ...]:
    """Return what a unit has signed, and what its messages were answered with, in a day.

    The hidden chain of its own messages is none of its business (§ 64 Abs. 4 SGB VIII).
    """
    waits = and_(event.c.receipt_id == receipt.c.id, event.c.unit == unit)
    rows = connection.execute(
        select(receipt.c.digest, receipt.c.message_id, receipt.c.word, event.c.unit)
        .join(message, message.c.id == receipt.c.message_id)
        .outerjoin(event, waits)
        .where(
            receipt.c.issued_at >= begins,
            receipt.c.issued_at < ends,
            or_(
                receipt.c.signer == unit,
                and_(message.c.sender == unit, receipt.c.chain == "visible"),
            ),
        )
    )
    return tuple(Due(row[0], row[1], row[2], row[3] is not None) for row in rows)


def read_reconciliation(connection: Connection, unit: str, day: str) -> StoredReconciliation | None:
    of_day = (reconciliation.c.unit == unit) & (reconciliation.c.day == day)
    row = connection.execute(select(reconciliation).where(of_day)).first()
    return None if row is None else StoredReconciliation(**row._asdict())


def read_reconciliations(
    connection: Connection, *, with_differences: bool = False
) -> tuple[StoredReconciliation, ...]:
    """Return the comparisons, the newest day first."""
    query = select(reconciliation).order_by(reconciliation.c.day.desc(), reconciliation.c.unit)
    if with_differences:
        query = query.where(reconciliation.c.differences > 0)
    return tuple(StoredReconciliation(**row._asdict()) for row in connection.execute(query))


def put_reconciliation(connection: Connection, stored: StoredReconciliation) -> None:
    """Put a comparison in the place of the one before of that unit and day."""
    of_day = (reconciliation.c.unit == stored.unit) & (reconciliation.c.day == stored.day)
    connection.execute(delete(reconciliation).where(of_day))
    connection.execute(insert(reconciliation).values(**vars(stored)))
