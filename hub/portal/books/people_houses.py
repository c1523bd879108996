# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which houses file through this portal?"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from hub.portal.books.house_tables import house

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
