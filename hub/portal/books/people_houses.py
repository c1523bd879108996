# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which houses file through this portal, and under which secret does a year hide who did?"""

import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, insert, select, update

from hub.portal.books.people_tables import house, year_key

State = Literal["einrichtung", "wartet", "aktiv"]
BEGUN: Final = "einrichtung"
"""Its first person has not made its keys yet, or the hub has not taken them."""
WAITS: Final = "wartet"
"""The hub has its entry, and a person there is to compare the fingerprint."""
WORKS: Final = "aktiv"


@dataclass(frozen=True)
class StoredHouse:
    """A house."""

    unit: str
    name: str
    state: State
    four_eyes: bool
    seat_ags: str | None
    """Municipality of its seat; the page warns where the child's leads elsewhere."""
    fingerprint: str
    """Key id of its root key, as it is read to the operator of the hub."""
    problem: str
    """Code of what the hub said last, where it said no."""
    created_at: int

    @property
    def kind(self) -> str:
        return self.unit.partition(":")[0]

    @property
    def organisation(self) -> str:
        return self.unit.partition(".")[0]


def add_house(connection: Connection, stored: StoredHouse) -> None:
    connection.execute(insert(house).values(**vars(stored)))


def read_house(connection: Connection, unit: str) -> StoredHouse | None:
    row = connection.execute(select(house).where(house.c.unit == unit)).first()
    return None if row is None else StoredHouse(**row._asdict())


def read_houses(connection: Connection) -> tuple[StoredHouse, ...]:
    rows = connection.execute(select(house).order_by(house.c.unit))
    return tuple(StoredHouse(**row._asdict()) for row in rows)


def change_house(connection: Connection, unit: str, **changes: Any) -> None:
    connection.execute(update(house).where(house.c.unit == unit).values(**changes))


def year_secret(connection: Connection, unit: str, year: int) -> bytes | None:
    row = connection.execute(
        select(year_key.c.key).where(year_key.c.unit == unit, year_key.c.year == year)
    ).first()
    return None if row is None else cast("bytes", row[0])


def make_year_secret(connection: Connection, unit: str, year: int) -> bytes:
    """Return the secret of a house and a year; makes it at the first use."""
    known = year_secret(connection, unit, year)
    if known is not None:
        return known
    made = secrets.token_bytes(32)
    connection.execute(insert(year_key).values(unit=unit, year=year, key=made))
    return made
