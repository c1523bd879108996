# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which reading keys has a house: those of its desk, and those of its people?"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from hub.portal.books.people_keys import house_keys, person_keys_at


@dataclass(frozen=True)
class PublicReadingKey:
    """A key that the house's entry lists; somebody's own, or one of the desk."""

    kid: str
    pub: str
    use: Literal["desk", "person"]
    person: str
    """Empty for a key of the desk."""
    begins: int
    ends: int | None = None
    revoked: str | None = None


def public_keys(connection: Connection, unit: str) -> tuple[PublicReadingKey, ...]:
    """Return all reading keys of a house as its entry is to list them; the desk's come first."""
    desk = (
        PublicReadingKey(each.kid, each.pub, "desk", "", each.begins, each.ends)
        for each in house_keys(connection, unit)
    )
    persons = (
        PublicReadingKey(
            each.kid, each.pub, "person", each.person, each.begins, each.ends, each.revoked
        )
        for each in person_keys_at(connection, unit)
    )
    return (*desk, *persons)
