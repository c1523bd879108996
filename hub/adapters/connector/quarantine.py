# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a target does not take: who looks, and how does it get on from here?

The notice is in this house and ``taken``: its sender need not do anything, people here do. It stays
until the target has it after all, or until somebody says that it was seen to by other means.
"""

from functools import partial

from sqlalchemy import Connection

from hub.adapters.connector.rows import (
    OVER,
    QUARANTINE,
    RELEASED,
    UNOPENED,
    Row,
    change_row,
    read_row,
    rows_in,
)
from hub.adapters.connector.tables import Books
from hub.errors import NotFound


def quarantined(books: Books) -> tuple[Row, ...]:
    """Return what waits for somebody to look, the oldest first."""
    return books.read_now(partial(rows_in, state=QUARANTINE))


def troubled(books: Books) -> tuple[Row, ...]:
    """Return what never came into this house, or is over: to be known, not to be worked on."""
    over = books.read_now(partial(rows_in, state=OVER))
    return (*books.read_now(partial(rows_in, state=UNOPENED)), *over)


def retry(books: Books, message: str, now: int) -> Row:
    """Have a delivery tried again at once; raises ``NotFound`` where none lies in quarantine.

    It stays in quarantine until the target has it.
    """
    return books.write_now(partial(_changed, message=message, next_at=now))


def release(books: Books, message: str) -> Row:
    """Say that a person has seen to a delivery by other means; the target never gets it."""
    return books.write_now(partial(released, message=message))


def released(connection: Connection, message: str) -> Row:
    """Do the same as part of a transaction that says who it was."""
    return _changed(connection, message, state=RELEASED, next_at=None)


def _changed(connection: Connection, message: str, **values: object) -> Row:
    row = read_row(connection, message)
    if row is None or row.state != QUARANTINE:
        raise NotFound("In der Quarantäne liegt keine Nachricht mit dieser Kennung.")
    change_row(connection, message, **values)
    return read_row(connection, message) or row
