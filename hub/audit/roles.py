# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which role do bodies go? In one that the hub has to take on, where the database has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection

PRUNER: Final = "pruner"
_MAY: Final = (
    "SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles"  # noqa: S608  a constant
    f" WHERE rolname = '{PRUNER}' AND NOT rolcanlogin"
)


@contextmanager
def as_pruner(connection: Connection) -> Iterator[None]:
    """Delete bodies in the role for it; without one, as whoever the hub is.

    The role ends with the transaction too, so that no way leads out of it with the role kept.
    """
    is_there = connection.dialect.name == "postgresql" and bool(
        connection.exec_driver_sql(_MAY).scalar()
    )
    if not is_there:
        yield
        return
    connection.exec_driver_sql(f"SET LOCAL ROLE {PRUNER}")
    yield
    connection.exec_driver_sql("SET LOCAL ROLE NONE")
