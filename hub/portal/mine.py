# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who am I, where do I work, and which boxes are mine? What a page asks first."""

from functools import partial
from typing import Any

from sqlalchemy import Connection

from hub.client.agency import Agency
from hub.directory.kinds import roles_of_kind
from hub.people.books.year_keys import year_secret
from hub.people.pseudonyms import pid, year_of
from hub.people.sessions import SignedIn
from hub.portal.books.people_houses import StoredHouse, read_house
from hub.portal.books.people_keys import (
    house_keys,
    locks_of,
    person_keys_of,
    read_person_key,
    shares_for,
)
from hub.portal.desk import Desk
from hub.portal.holders import Holder, holders
from hub.portal.houses import known_house
from hub.portal.roles import NEEDS_DESK_KEY, ROLES
from hub.portal.vault import waiting
from hub.trust.keys import jwk_members


async def about(known: SignedIn, desk: Desk) -> dict[str, Any]:
    """Return everything that a page needs to know of whoever is signed in."""
    second = desk.second
    unit, person = known.session.unit, known.person.id
    year = year_of(second)
    if await desk.books.read(lambda connection: year_secret(connection, unit, year)) is None:
        await desk.books.write(lambda connection: pid(connection, unit, person, second))
    said = await desk.books.read(partial(_about, known, second))
    return said | _hub_of(desk, unit) | {"now": second, "demo": desk.is_demonstration}


def _about(known: SignedIn, second: int, connection: Connection) -> dict[str, Any]:
    unit, person = known.session.unit, known.person.id
    house = known_house(connection, unit)
    return {
        "person": {"id": person, "name": known.person.name},
        "mail": known.person.mail,
        "unit": unit,
        "unit_name": house.name,
        "kind": house.kind,
        "protocol_roles": sorted(roles_of_kind(unit)),
        "roles": _ordered(known.roles),
        "houses": [_place(connection, each, roles) for each, roles in known.houses],
        "seat_ags": house.seat_ags,
        "four_eyes": house.four_eyes,
        "house": _state(house),
        "session": {
            "opened_by": known.session.opened_by,
            "ends_at": known.session.ends_at,
            "idle_ends_at": known.session.idle_ends_at,
        },
        "pid": pid(connection, unit, person, second),
        "pid_year": year_of(second),
        **_keys(connection, known, second),
        "colleagues": [_shown(each) for each in holders(connection, unit, second)],
    }


def _keys(connection: Connection, known: SignedIn, second: int) -> dict[str, Any]:
    unit, person = known.session.unit, known.person.id
    mine = read_person_key(connection, unit, person)
    shares = shares_for(connection, mine.kid) if mine else {}
    reads = bool(known.roles & NEEDS_DESK_KEY)
    missing = waiting(connection, unit, second) if shares else ()
    return {
        "vault": _vault(connection, unit, person),
        "house_keys": [
            {
                "kid": each.kid,
                "use": each.use,
                "pub": each.pub,
                "ended": each.ends is not None,
                "vouch": each.vouch or None,
                "share": shares.get(each.kid) if reads else None,
            }
            for each in house_keys(connection, unit)
        ],
        "waiting_shares": [
            {
                "person": each.person,
                "name": each.name,
                "kid": each.kid,
                "pub": each.pub,
                "key": kid,
            }
            for each, kid in missing
            if each.person != person and kid in shares
        ],
    }


def _vault(connection: Connection, unit: str, person: str) -> dict[str, Any] | None:
    locks = locks_of(connection, person)
    if not locks:
        return None
    current = read_person_key(connection, unit, person)
    former = [
        {"kid": each.kid, "sealed_seed": each.sealed_seed}
        for each in person_keys_of(connection, person)
        if each.unit == unit and each.ends is not None
    ]
    return {
        "person_kid": current.kid if current else None,
        "person_pub": current.pub if current else None,
        "sealed_seed": current.sealed_seed if current else None,
        "locks": [
            {"kind": each.kind, "name": each.name, "wrapped": each.wrapped} for each in locks
        ],
        "former": former,
    }


def _place(connection: Connection, unit: str, roles: frozenset[str]) -> dict[str, Any]:
    house = read_house(connection, unit)
    return {"unit": unit, "name": house.name if house else unit, "roles": _ordered(roles)}


def _state(house: StoredHouse) -> dict[str, Any]:
    return {"state": house.state, "fingerprint": house.fingerprint, "problem": house.problem}


def _shown(colleague: Holder) -> dict[str, Any]:
    return {
        "person": colleague.person,
        "name": colleague.name,
        "roles": list(colleague.roles),
        "kid": colleague.kid,
        "pub": colleague.pub,
    }


def _ordered(roles: frozenset[str]) -> list[str]:
    return [role for role in ROLES if role in roles]


def _hub_of(desk: Desk, unit: str) -> dict[str, Any]:
    """Return what the house pinned of its hub, and the key that signs for it here."""
    agency: Agency = desk.line(unit).agency
    hub, signing = agency.hub, agency.signing
    return {
        "hub": {
            "id": hub.id,
            "url": hub.url,
            "log": hub.log,
            "receipt_key": hub.receipt_key.model_dump(mode="json", exclude_none=True),
        },
        "signing": {"kid": signing.kid, "jwk": jwk_members(signing.jwk)},
    }
