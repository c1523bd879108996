# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts by message, in two chains, and the events they are for others."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from hub.model.receipt import HIDDEN
from hub.model.stored import StoredReceipt
from hub.store.messages import message
from hub.store.prepared import Prepared, PreparedRows
from hub.store.tables import EventRow, ReceiptRow

receipt: Any = ReceiptRow.__table__  # type: ignore[attr-defined]
event: Any = EventRow.__table__  # type: ignore[attr-defined]
_FIELDS = [column.name for column in receipt.columns if column.name != "entered_at"]
_COLUMNS = [receipt.c[name] for name in _FIELDS]
_OF_CHAIN = select(*_COLUMNS).where(
    receipt.c.message_id == bindparam("of"), receipt.c.chain == bindparam("in_chain")
)
_FIRST: Final = Prepared(_OF_CHAIN.order_by(receipt.c.seq).limit(1))
_LAST: Final = Prepared(_OF_CHAIN.order_by(receipt.c.seq.desc()).limit(1))
_BY_ID: Final = Prepared(select(*_COLUMNS).where(receipt.c.id == bindparam("of")))
_ALL: Final = Prepared(
    select(*_COLUMNS)
    .where(receipt.c.message_id == bindparam("of"))
    .order_by(receipt.c.chain.desc(), receipt.c.seq)
)
_CHAIN: Final = Prepared(_OF_CHAIN.order_by(receipt.c.seq))
_ADD: Final = Prepared(insert(receipt))
_ADD_ALL: Final = PreparedRows(receipt)
_ADD_EVENT: Final = Prepared(insert(event))


def chain_of(word: str) -> str:
    return "hidden" if word in HIDDEN else "visible"


def read_receipts(
    connection: Connection, message_id: str, *, chain: str | None = None
) -> tuple[StoredReceipt, ...]:
    """Return the receipts of a message, oldest first; all of them, or one chain."""
    if chain is None:
        rows = _ALL.rows(connection, {"of": message_id})
    else:
        rows = _CHAIN.rows(connection, {"of": message_id, "in_chain": chain})
    return tuple(map(_made, rows))


def read_receipt(connection: Connection, receipt_id: str) -> StoredReceipt | None:
    row = _BY_ID.first(connection, {"of": receipt_id})
    return None if row is None else _made(row)


def first_of_chain(connection: Connection, message_id: str, chain: str) -> StoredReceipt | None:
    row = _FIRST.first(connection, {"of": message_id, "in_chain": chain})
    return None if row is None else _made(row)


def last_of_chain(connection: Connection, message_id: str, chain: str) -> StoredReceipt | None:
    row = _LAST.first(connection, {"of": message_id, "in_chain": chain})
    return None if row is None else _made(row)


def add_receipt(connection: Connection, stored: StoredReceipt, entered_at: int) -> None:
    """Enter a receipt; what follows from it in time follows from when it was entered.

    When it was issued says the clock of whoever signed it.
    """
    _ADD.run(connection, {**vars(stored), "entered_at": entered_at})


def add_receipts(connection: Connection, entered: Sequence[tuple[StoredReceipt, int]]) -> None:
    """Enter many receipts, each with the second it was entered."""
    _ADD_ALL.run(connection, [{**vars(stored), "entered_at": at} for stored, at in entered])


def add_event(connection: Connection, unit: str, receipt_id: str) -> None:
    """Let a unit know of a receipt at its next poll."""
    _ADD_EVENT.run(connection, {"unit": unit, "receipt_id": receipt_id})


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


def _made(row: Any) -> StoredReceipt:
    return StoredReceipt(**dict(zip(_FIELDS, row, strict=True)))


def _stored(row: Row[Any]) -> StoredReceipt:
    return StoredReceipt(**{name: getattr(row, name) for name in _FIELDS})
