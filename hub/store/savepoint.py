# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A piece of a job that may come to nothing without undoing the rest of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from hub.store.prepared import execute_raw


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what happens inside where it raises; the exception goes on."""
    execute_raw(connection, "SAVEPOINT piece")
    try:
        yield
    except BaseException:
        execute_raw(connection, "ROLLBACK TO piece")
        execute_raw(connection, "RELEASE piece")
        raise
    execute_raw(connection, "RELEASE piece")
