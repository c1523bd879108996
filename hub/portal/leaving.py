# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ends at a portal with somebody's roles or devices? Their keys, and what these opened."""

from typing import Final

from sqlalchemy import Connection

from hub.people.books.people import grants_of
from hub.portal.books.people_keys import (
    end_person_key,
    person_keys_at,
    remove_locks,
    remove_shares,
)

LEFT: Final = "holder-left"
LOST: Final = "lost"


def end_keys(connection: Connection, unit: str, person: str, reason: str, second: int) -> None:
    """End somebody's keys at a house; what was shared with them is shared no more."""
    for key in person_keys_at(connection, unit):
        if key.person == person and key.ends is None:
            end_person_key(connection, key.kid, second, reason)
            remove_shares(connection, key.kid)


def forget_keys(connection: Connection, person: str, second: int) -> None:
    """End somebody's vault: what it held cannot be opened again, and new keys take its place."""
    for unit in {grant.unit for grant in grants_of(connection, person, second)}:
        end_keys(connection, unit, person, LOST, second)
    remove_locks(connection, person)
