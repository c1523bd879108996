# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Under which secret does a year hide who it was?"""

import secrets
from typing import cast

from sqlalchemy import Connection, insert, select

from hub.people.books.tables import year_key


def year_secret(connection: Connection, unit: str, year: int) -> bytes | None:
    row = connection.execute(
        select(year_key.c.key).where(year_key.c.unit == unit, year_key.c.year == year)
    ).first()
    return None if row is None else cast("bytes", row[0])


def make_year_secret(connection: Connection, unit: str, year: int) -> bytes:
    """Return the secret of a unit and a year; makes it at the first use."""
    known = year_secret(connection, unit, year)
    if known is not None:
        return known
    made = secrets.token_bytes(32)
    connection.execute(insert(year_key).values(unit=unit, year=year, key=made))
    return made
