# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was done at a place of work, by whom, and about whom?"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from hub.people.books.tables import house_act


@dataclass(frozen=True)
class StoredAct:
    """Something that was done; it is never changed."""

    id: str
    unit: str
    word: str
    by: str
    """Person, or whoever runs the program."""
    about: str
    """Person; empty where it is about the place."""
    at: int


def add_act(connection: Connection, stored: StoredAct) -> None:
    connection.execute(insert(house_act).values(**vars(stored)))


def acts_at(connection: Connection, unit: str, most: int) -> tuple[StoredAct, ...]:
    """Return what was done at a place, the newest first."""
    rows = connection.execute(
        select(house_act)
        .where(house_act.c.unit == unit)
        .order_by(house_act.c.at.desc(), house_act.c.id.desc())
        .limit(most)
    )
    return tuple(StoredAct(**row._asdict()) for row in rows)


def remove_acts(connection: Connection, before: int) -> None:
    connection.execute(delete(house_act).where(house_act.c.at < before))
