# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works at a house, as what, and under which name does the hub's log know it happened?"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.clock import BERLIN
from hub.errors import NotFound, NotPermitted
from hub.portal.books.people import (
    StoredGrant,
    StoredPerson,
    add_grant,
    add_person,
    end_grant,
    grants_at,
    grants_of,
    names_of,
    read_person,
    remove_codes,
    remove_identities,
    remove_passkeys,
)
from hub.portal.books.people_houses import make_year_secret, read_house
from hub.portal.books.people_keys import (
    StoredPersonKey,
    end_person_key,
    person_keys_at,
    remove_locks,
    remove_shares,
)
from hub.portal.books.people_sessions import end_sessions
from hub.portal.roles import MANAGES, ROLES, check_roles
from hub.sealing.canonical import b64

LONGEST_NAME: Final = 120
PSEUDONYM: Final = 16
"""Bytes of the name under which the log knows a person, for one house and one year."""
OPERATOR: Final = "betrieb"
"""Who gives the first role at a house: whoever runs the portal."""
LEFT: Final = "holder-left"
LOST: Final = "lost"


@dataclass(frozen=True)
class Colleague:
    """Somebody of a house, and the key that can be sealed to."""

    person: str
    name: str
    roles: tuple[str, ...]
    kid: str | None
    pub: str | None


@dataclass(frozen=True)
class Naming:
    """Somebody who is to be let in."""

    name: str
    roles: tuple[str, ...]
    unit: str
    mail: str | None = None
    until: int | None = None


def name_person(connection: Connection, naming: Naming, by: str, second: int) -> str:
    """Enter somebody with roles at one house; returns the id. How they come in says a code."""
    name = naming.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotPermitted("A name is a line of text.", pointers=("/name",))
    person = StoredPerson(str(uuid7()), name, checked_mail(naming.mail), second)
    add_person(connection, person)
    give_roles(connection, person.id, naming, by, second)
    return person.id


def give_roles(connection: Connection, person: str, naming: Naming, by: str, second: int) -> None:
    """Give somebody these roles at a house, beside those they hold."""
    if read_house(connection, naming.unit) is None or read_person(connection, person) is None:
        raise NotFound
    if naming.until is not None and naming.until <= second:
        raise NotPermitted("The roles would have ended already.", pointers=("/until",))
    held = roles_at(connection, naming.unit, person, second)
    for role in check_roles(naming.roles):
        if role not in held:
            add_grant(
                connection,
                StoredGrant(str(uuid7()), person, naming.unit, role, second, naming.until, by),
            )


def set_roles(connection: Connection, person: str, wanted: Naming, by: str, second: int) -> None:
    """Let somebody hold exactly these roles at a house, from the next request on."""
    roles = check_roles(wanted.roles)
    _known_at(connection, wanted.unit, person, second)
    give_roles(connection, person, wanted, by, second)
    _take(connection, wanted.unit, person, frozenset(ROLES) - frozenset(roles), second)


def let_go(connection: Connection, unit: str, person: str, second: int) -> None:
    """Take every role at a house back, and end the key to which answers were sealed there."""
    _known_at(connection, unit, person, second)
    _take(connection, unit, person, frozenset(ROLES), second)
    end_keys(connection, unit, person, LEFT, second)
    if not grants_of(connection, person, second):
        _forget(connection, person)


def _forget(connection: Connection, person: str) -> None:
    """Forget every way in of somebody without a house; the name stays beside what they filed."""
    end_sessions(connection, person)
    remove_passkeys(connection, person)
    remove_identities(connection, person)
    remove_codes(connection, person)
    remove_locks(connection, person)


def end_keys(connection: Connection, unit: str, person: str, reason: str, second: int) -> None:
    """End somebody's keys at a house; what was shared with them is shared no more."""
    for key in person_keys_at(connection, unit):
        if key.person == person and key.ends is None:
            end_person_key(connection, key.kid, second, reason)
            remove_shares(connection, key.kid)


def roles_at(connection: Connection, unit: str, person: str, second: int) -> frozenset[str]:
    """Return what somebody may do at a house now."""
    return frozenset(
        each.role for each in grants_of(connection, person, second) if each.unit == unit
    )


def colleagues(connection: Connection, unit: str, second: int) -> tuple[Colleague, ...]:
    """Return everybody who holds a role at a house now, by name."""
    held: dict[str, set[str]] = {}
    for grant in grants_at(connection, unit, second):
        held.setdefault(grant.person, set()).add(grant.role)
    names = names_of(connection, tuple(held))
    keys = {each.person: each for each in person_keys_at(connection, unit) if each.ends is None}
    found = (_colleague(names[person], person, held[person], keys.get(person)) for person in names)
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.person)))


def name_of(connection: Connection, person: str) -> str:
    """Return what somebody is called; empty for nobody."""
    found = read_person(connection, person)
    return "" if found is None else found.name


def pid(connection: Connection, unit: str, person: str, second: int) -> str:
    """Return the name of a person towards the hub: another at each house and in each year.

    Only the house can tell who it is, as long as it keeps the secret of that year.
    """
    secret = make_year_secret(connection, unit, year_of(second))
    return b64(hmac.digest(secret, person.encode(), "sha256")[:PSEUDONYM])


def year_of(second: int) -> int:
    return datetime.fromtimestamp(second, BERLIN).year


def _colleague(name: str, person: str, roles: set[str], key: StoredPersonKey | None) -> Colleague:
    return Colleague(
        person=person,
        name=name,
        roles=tuple(role for role in ROLES if role in roles),
        kid=key.kid if key else None,
        pub=key.pub if key else None,
    )


def _known_at(connection: Connection, unit: str, person: str, second: int) -> None:
    if not roles_at(connection, unit, person, second):
        raise NotFound


def _take(
    connection: Connection, unit: str, person: str, roles: frozenset[str], second: int
) -> None:
    held = [each for each in grants_at(connection, unit, second) if each.role in roles]
    if MANAGES in roles:
        _check_managed(connection, unit, person, second)
    for grant in held:
        if grant.person == person:
            end_grant(connection, grant.id, second)


def _check_managed(connection: Connection, unit: str, person: str, second: int) -> None:
    """Refuse to leave a house with nobody who could let anybody in."""
    managing = {each.person for each in grants_at(connection, unit, second) if each.role == MANAGES}
    if managing == {person}:
        raise NotPermitted("Somebody has to manage the house.", allowed=(MANAGES,))


def checked_mail(mail: str | None) -> str | None:
    """Return an address in its plain form, or None for none; refuses what is no address."""
    given = (mail or "").strip()
    if not given:
        return None
    name, at, host = given.partition("@")
    is_fit = given.isascii() and given.isprintable() and not set(given) & set(" ,;<>\"'")
    if not (name and at and "." in host and "@" not in host and is_fit) or len(given) > 254:  # noqa: PLR2004  RFC 5321
        raise NotPermitted("That is no mail address.", pointers=("/mail",))
    return given
