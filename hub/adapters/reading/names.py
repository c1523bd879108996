# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Under which name does the log know somebody, and who is it?

The pseudonym is another one in each year. Only this house can tell who it is, and only for as long
as it keeps the secret of that year: no longer than the entries of the year have their bodies.
"""

import secrets
from collections.abc import Iterable
from typing import Final, cast

from sqlalchemy import Connection, delete, insert, select

from hub.adapters.reading.tables import reader, year_secret
from hub.people.pseudonyms import pseudonym, year_of

_SECRET: Final = 32


def pid_of(connection: Connection, person: str, second: float) -> str:
    """Return the name of somebody in this year, and remember whose it is."""
    year = year_of(second)
    pid = pseudonym(_secret(connection, year), person)
    if not connection.execute(select(reader.c.pid).where(reader.c.pid == pid)).scalar():
        connection.execute(insert(reader).values(pid=pid, year=year, person=person))
    return pid


def persons_of(connection: Connection, pids: Iterable[str]) -> dict[str, str]:
    """Return whose pseudonyms these are, as far as it is still known."""
    rows = connection.execute(
        select(reader.c.pid, reader.c.person).where(reader.c.pid.in_(frozenset(pids)))
    )
    return {row.pid: row.person for row in rows}


def pids_of(connection: Connection, person: str) -> tuple[str, ...]:
    """Return every pseudonym of somebody that is still known to be theirs."""
    rows = connection.execute(select(reader.c.pid).where(reader.c.person == person))
    return tuple(rows.scalars())


def forget_years(connection: Connection, before: int) -> None:
    """Destroy the secrets of the years before one, and with them who the pseudonyms were."""
    connection.execute(delete(reader).where(reader.c.year < before))
    connection.execute(delete(year_secret).where(year_secret.c.year < before))


def _secret(connection: Connection, year: int) -> bytes:
    known = connection.execute(
        select(year_secret.c.secret).where(year_secret.c.year == year)
    ).scalar()
    if known is not None:
        return cast("bytes", known)
    made = secrets.token_bytes(_SECRET)
    connection.execute(insert(year_secret).values(year=year, secret=made))
    return made
