# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody come in for the first time, and how again who has lost everything?

A one-time code is shown once, kept as a digest, counts once and for three days. It says who
somebody is and opens nothing: it leads to a passkey, or binds an account at a provider.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.people.acts import BEGAN_ANEW, INVITED, enter_act
from hub.people.books.people import (
    StoredCode,
    StoredPerson,
    grants_of,
    put_code,
    read_code,
    read_person,
    remove_identities,
    remove_passkeys,
    use_code,
)
from hub.people.books.sessions import end_sessions
from hub.people.change import OPERATOR, Change
from hub.people.grants import Naming, give_roles, let_go, roles_at
from hub.people.naming import name_person
from hub.people.place import Place, address_of

CODE_LASTS: Final = 72 * 3600
"""Seconds in which a one-time code can be used: over a weekend, and not over a holiday."""


@dataclass(frozen=True)
class Code:
    """A one-time code; it is shown once."""

    person: str
    code: str
    expires_at: int


def invite(change: Change, naming: Naming) -> Code:
    """Name somebody and give them a one-time code."""
    person = name_person(change, naming)
    enter_act(change, INVITED, person, naming.unit)
    return make_code(change, person, naming.unit)


def make_code(change: Change, person: str, unit: str) -> Code:
    """Make a one-time code; an older one ends with it."""
    second = change.second
    made = Code(person, secrets.token_urlsafe(32), second + CODE_LASTS)
    digest = digest_of(made.code)
    stored = StoredCode(digest, person, unit, change.by, second, made.expires_at)
    put_code(change.connection, stored)
    return made


def link_of(code: Code, place: Place) -> str:
    """Return the one-time link of a code; it is shown once.

    What stands behind ``#`` never leaves the browser by itself: no proxy and no log gets the code.
    """
    return f"{address_of(place, 'einmal')}#code={quote(code.code, safe='')}"


def recover(change: Change, unit: str, person: str) -> Code:
    """Let somebody begin anew whose devices are lost; only another person can do that for them.

    Their passkeys and sessions end now, with whatever these opened. Whoever works at another unit
    too keeps all of that there, and begins here as a new person: managing one unit opens and shuts
    no other.
    """
    connection = change.connection
    if person == change.by:
        raise NotPermitted("Another person who manages the house has to do this.")
    if not roles_at(connection, unit, person, change.second):
        raise NotFound
    enter_act(change, BEGAN_ANEW, person, unit)
    if _works_elsewhere(change, unit, person):
        return _named_anew(change, unit, person)
    change.rules.lost(change, person)
    remove_passkeys(connection, person)
    remove_identities(connection, person)
    end_sessions(connection, person)
    return make_code(change, person, unit)


def _works_elsewhere(change: Change, unit: str, person: str) -> bool:
    """Tell whether somebody has roles at a unit in which ``by`` has nothing to say."""
    connection, by, second = change.connection, change.by, change.second
    others = {grant.unit for grant in grants_of(connection, person, second)} - {unit}
    return by != OPERATOR and not all(
        change.rules.manages in roles_at(connection, other, by, second) for other in others
    )


def _named_anew(change: Change, unit: str, person: str) -> Code:
    """Let somebody go at one unit, and name them there as somebody new."""
    known = read_person(change.connection, person)
    given = grants_of(change.connection, person, change.second)
    held = [each for each in given if each.unit == unit]
    if known is None:
        raise NotFound
    let_go(change, unit, person)
    first, *others = held
    naming = Naming(known.name, (first.role,), unit, known.mail, first.until)
    new = name_person(change, naming)
    for each in others:
        give_roles(change, new, Naming(known.name, (each.role,), unit, until=each.until))
    return make_code(change, new, unit)


def whose_code(connection: Connection, code: str, second: int) -> StoredPerson | None:
    """Return who was given this code; it stays unused."""
    known = read_code(connection, digest_of(code), second)
    return None if known is None else read_person(connection, known.person)


def spend(connection: Connection, digest: str, second: int) -> StoredCode:
    """Use a code up by its digest; raises ``TokenInvalid`` for one that is used, old or no code."""
    found = use_code(connection, digest, second)
    if found is None:
        raise TokenInvalid
    return found


def join_with(change: Change, digest: str, person: str) -> str:
    """Give what a code was made for to somebody who is known already; returns the unit.

    So a person who works at two units has one account, and one way in.
    """
    spent = spend(change.connection, digest, change.second)
    given = grants_of(change.connection, spent.person, change.second)
    if spent.person == person or not given:
        return spent.unit
    if any(grant.granted_by == person for grant in given):
        raise NotPermitted("Nobody takes the roles that they have given to a name of their own.")
    for grant in given:
        naming = Naming("", (grant.role,), grant.unit, until=grant.until)
        give_roles(replace(change, by=grant.granted_by), person, naming)
    _retire(change, spent.person)
    return spent.unit


def digest_of(secret: str) -> str:
    """Return as what a code, or the secret of a session, is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _retire(change: Change, person: str) -> None:
    """End the entry that was made for an invitation; its roles are somebody else's now."""
    for unit in {grant.unit for grant in grants_of(change.connection, person, change.second)}:
        let_go(change, unit, person)
