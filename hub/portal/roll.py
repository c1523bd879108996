# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does somebody who manages a house see of its people? Names, roles, and who is in."""

from typing import Any

from sqlalchemy import Connection

from hub.people.acts import last_acts
from hub.people.books.people import (
    codes_at,
    has_identity,
    passkeys_of,
    read_person,
)
from hub.portal.books.people_keys import house_keys, shares_for
from hub.portal.holders import Holder, holders
from hub.portal.houses import known_house
from hub.portal.roles import NEEDS_DESK_KEY
from hub.portal.room import room


def roll(connection: Connection, unit: str, second: int) -> dict[str, Any]:
    """Return a house with its people; nothing of what any of them has filed."""
    house = known_house(connection, unit)
    codes = {each.person: each.expires_at for each in codes_at(connection, unit, second)}
    return {
        "unit": house.unit,
        "name": house.name,
        "state": house.state,
        "problem": house.problem,
        "fingerprint": house.fingerprint,
        "four_eyes": house.four_eyes,
        "seat_ags": house.seat_ags,
        "acts": last_acts(connection, unit),
        "room": room(connection, unit, second),
        "people": [
            _line(connection, unit, each, codes.get(each.person))
            for each in holders(connection, unit, second)
        ],
    }


def _line(
    connection: Connection, unit: str, colleague: Holder, invited_until: int | None
) -> dict[str, Any]:
    person = read_person(connection, colleague.person)
    shares = shares_for(connection, colleague.kid) if colleague.kid else {}
    desk = {
        each.kid
        for each in house_keys(connection, unit)
        if each.use == "dienst" and each.ends is None
    }
    has_way_in = has_identity(connection, colleague.person)
    return {
        "person": colleague.person,
        "name": colleague.name,
        "mail": person.mail if person else None,
        "roles": list(colleague.roles),
        "is_in": has_way_in or bool(passkeys_of(connection, colleague.person)),
        "invited_until": invited_until,
        "has_key": colleague.kid is not None,
        "needs_desk_key": bool(NEEDS_DESK_KEY & set(colleague.roles)),
        "has_desk_key": bool(desk & shares.keys()),
    }
