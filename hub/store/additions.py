# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Readers that were added to a message after it was sent."""

from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from hub.model.stored import StoredAddition
from hub.store.prepared import Prepared
from hub.store.tables import AdditionRow

addition: Any = AdditionRow.__table__  # type: ignore[attr-defined]
_THERE: Final = Prepared(
    select(addition.c.message_id, addition.c.kid, addition.c.wrap, addition.c.statement)
    .where(addition.c.message_id == bindparam("of"), addition.c.wrap.is_not(None))
    .order_by(addition.c.added)
)


def add_addition(connection: Connection, stored: StoredAddition, number: int) -> None:
    """Enter the ``number``-th addition of a message."""
    connection.execute(insert(addition).values(**vars(stored), added=number))


def read_additions(connection: Connection, message_id: str) -> tuple[StoredAddition, ...]:
    """Return the added readers of a message whose wraps are still there, oldest first."""
    return tuple(StoredAddition(*row) for row in _THERE.rows(connection, {"of": message_id}))


def find_addition(connection: Connection, message_id: str, statement: str) -> int | None:
    """Return the number of the addition that a statement made, also when its wrap is erased."""
    number: int | None = connection.execute(
        select(addition.c.added).where(
            addition.c.message_id == message_id, addition.c.statement == statement
        )
    ).scalar()
    return number
