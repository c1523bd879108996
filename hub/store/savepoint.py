# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A piece of a job that may come to nothing without undoing the rest of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what happens inside where it raises; the exception goes on."""
    connection.exec_driver_sql("SAVEPOINT piece")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK TO piece")
        connection.exec_driver_sql("RELEASE piece")
        raise
    connection.exec_driver_sql("RELEASE piece")
