# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts by message, in two chains, and the events they are for others."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from hub.model.receipt import HIDDEN
from hub.model.stored import StoredReceipt
from hub.store.messages import message
from hub.store.tables import EventRow, ReceiptRow

receipt: Any = ReceiptRow.__table__  # type: ignore[attr-defined]
event: Any = EventRow.__table__  # type: ignore[attr-defined]
_FIELDS = [column.name for column in receipt.columns if column.name != "entered_at"]


def chain_of(word: str) -> str:
    return "hidden" if word in HIDDEN else "visible"


def read_receipts(
    connection: Connection, message_id: str, *, chain: str | None = None
) -> tuple[StoredReceipt, ...]:
    """Return the receipts of a message, oldest first; all of them, or one chain."""
    query = select(receipt).where(receipt.c.message_id == message_id)
    if chain is not None:
        query = query.where(receipt.c.chain == chain)
    rows = connection.execute(query.order_by(receipt.c.chain.desc(), receipt.c.seq))
    return tuple(_stored(row) for row in rows)


def read_receipt(connection: Connection, receipt_id: str) -> StoredReceipt | None:
    row = connection.execute(select(receipt).where(receipt.c.id == receipt_id)).first()
    return None if row is None else _stored(row)


def last_of_chain(connection: Connection, message_id: str, chain: str) -> StoredReceipt | None:
    row = connection.execute(
        select(receipt)
        .where(receipt.c.message_id == message_id, receipt.c.chain == chain)
        .order_by(receipt.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else _stored(row)


def add_receipt(connection: Connection, stored: StoredReceipt, entered_at: int) -> None:
    """Enter a receipt; what follows from it in time follows from when it was entered.

    When it was issued says the clock of whoever signed it.
    """
    values = {name: getattr(stored, name) for name in _FIELDS}
    connection.execute(insert(receipt).values(**values, entered_at=entered_at))


def add_event(connection: Connection, unit: str, receipt_id: str) -> None:
    """Let a unit know of a receipt at its next poll."""
    connection.execute(insert(event).values(unit=unit, receipt_id=receipt_id))


def read_events(connection: Connection, unit: str, limit: int) -> tuple[StoredReceipt, ...]:
    """Return what a unit has not yet taken note of, oldest first."""
    rows = connection.execute(
        select(receipt)
        .join(event, event.c.receipt_id == receipt.c.id)
        .where(event.c.unit == unit)
        .order_by(receipt.c.id)
        .limit(limit)
    )
    return tuple(_stored(row) for row in rows)


def remove_events(connection: Connection, unit: str, receipt_ids: tuple[str, ...]) -> None:
    """Forget events that the unit has taken note of."""
    connection.execute(
        delete(event).where(event.c.unit == unit, event.c.receipt_id.in_(receipt_ids))
    )


def read_by_entry(connection: Connection, audit_id: str) -> tuple[StoredReceipt, str, str] | None:
    """Return the receipt that a log entry stands for, with sender and recipient of its message."""
    row = connection.execute(
        select(receipt, message.c.sender, message.c.recipient)
        .join(message, message.c.id == receipt.c.message_id)
        .where(receipt.c.audit_id == audit_id)
    ).first()
    return None if row is None else (_stored(row), row.sender, row.recipient)


def _stored(row: Row[Any]) -> StoredReceipt:
    return StoredReceipt(**{name: getattr(row, name) for name in _FIELDS})
