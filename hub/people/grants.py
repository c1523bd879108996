# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which roles does somebody hold at a unit, and how are they given and taken back?"""

from dataclasses import dataclass

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.errors import NotFound, NotPermitted
from hub.people.books.people import (
    StoredGrant,
    add_grant,
    end_grant,
    grants_at,
    grants_of,
    read_person,
    remove_codes,
    remove_identities,
    remove_passkeys,
)
from hub.people.books.sessions import end_sessions
from hub.people.change import Change
from hub.people.roles import check_roles


@dataclass(frozen=True)
class Naming:
    """Somebody who is to be let in."""

    name: str
    roles: tuple[str, ...]
    unit: str
    mail: str | None = None
    until: int | None = None


def give_roles(change: Change, person: str, naming: Naming) -> None:
    """Give somebody these roles at a unit, beside those they hold."""
    connection, second = change.connection, change.second
    is_known = change.rules.knows(connection, naming.unit)
    if not is_known or read_person(connection, person) is None:
        raise NotFound
    if naming.until is not None and naming.until <= second:
        raise NotPermitted("The roles would have ended already.", pointers=("/until",))
    held = roles_at(connection, naming.unit, person, second)
    for role in check_roles(change.rules, naming.roles):
        if role not in held:
            _give(change, person, naming, role)


def set_roles(change: Change, person: str, wanted: Naming) -> None:
    """Let somebody hold exactly these roles at a unit, from the next request on."""
    roles = check_roles(change.rules, wanted.roles)
    _known_at(change, wanted.unit, person)
    give_roles(change, person, wanted)
    _take(change, wanted.unit, person, frozenset(change.rules.roles) - frozenset(roles))


def let_go(change: Change, unit: str, person: str) -> None:
    """Take every role at a unit back; who holds none anywhere has no way in any more."""
    _known_at(change, unit, person)
    _take(change, unit, person, frozenset(change.rules.roles))
    change.rules.left(change, unit, person)
    if not grants_of(change.connection, person, change.second):
        _forget(change, person)


def roles_at(connection: Connection, unit: str, person: str, second: int) -> frozenset[str]:
    """Return what somebody may do at a unit now."""
    return frozenset(
        each.role for each in grants_of(connection, person, second) if each.unit == unit
    )


def _give(change: Change, person: str, naming: Naming, role: str) -> None:
    grant = StoredGrant(
        str(uuid7()), person, naming.unit, role, change.second, naming.until, change.by
    )
    add_grant(change.connection, grant)


def _forget(change: Change, person: str) -> None:
    """Forget every way in of somebody without a unit; the name stays beside what they did."""
    end_sessions(change.connection, person)
    remove_passkeys(change.connection, person)
    remove_identities(change.connection, person)
    remove_codes(change.connection, person)
    change.rules.forgotten(change, person)


def _known_at(change: Change, unit: str, person: str) -> None:
    if not roles_at(change.connection, unit, person, change.second):
        raise NotFound


def _take(change: Change, unit: str, person: str, roles: frozenset[str]) -> None:
    held = [
        each for each in grants_at(change.connection, unit, change.second) if each.role in roles
    ]
    if change.rules.manages in roles:
        _check_managed(change, unit, person)
    for grant in held:
        if grant.person == person:
            end_grant(change.connection, grant.id, change.second)


def _check_managed(change: Change, unit: str, person: str) -> None:
    """Refuse to leave a unit with nobody who could let anybody in."""
    manages = change.rules.manages
    held = grants_at(change.connection, unit, change.second)
    if {each.person for each in held if each.role == manages} == {person}:
        raise NotPermitted("Somebody has to manage the house.", allowed=(manages,))
