# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works at a house, and to which key can something be sealed for them?"""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.people.colleagues import Colleague, colleagues
from hub.portal.books.people_keys import person_keys_at
from hub.portal.roles import ROLES


@dataclass(frozen=True)
class Holder(Colleague):
    """Somebody of a house, and the key that can be sealed to."""

    kid: str | None
    pub: str | None


def holders(connection: Connection, unit: str, second: int) -> tuple[Holder, ...]:
    """Return everybody who holds a role at a house now, by name; who has no key yet is one too."""
    keys = {each.person: each for each in person_keys_at(connection, unit) if each.ends is None}
    return tuple(
        Holder(
            each.person,
            each.name,
            each.roles,
            keys[each.person].kid if each.person in keys else None,
            keys[each.person].pub if each.person in keys else None,
        )
        for each in colleagues(connection, ROLES, unit, second)
    )
