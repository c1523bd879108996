# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody come in for the first time, and how again who has lost everything?

A one-time code is shown once, kept as a digest, counts once and for three days. It says who
somebody is and opens nothing: it leads to a passkey, or binds an account at a provider.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.portal.acts import enter_act
from hub.portal.books.people import (
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
from hub.portal.books.people_keys import remove_locks
from hub.portal.books.people_sessions import end_sessions
from hub.portal.people import (
    LOST,
    OPERATOR,
    Naming,
    end_keys,
    give_roles,
    let_go,
    name_person,
    roles_at,
)
from hub.portal.roles import MANAGES

CODE_LASTS: Final = 72 * 3600
"""Seconds in which a one-time code can be used: over a weekend, and not over a holiday."""


@dataclass(frozen=True)
class Code:
    """A one-time code; it is shown once."""

    person: str
    code: str
    expires_at: int


def invite(connection: Connection, naming: Naming, by: str, second: int) -> Code:
    """Name somebody and give them a one-time code."""
    person = name_person(connection, naming, by, second)
    enter_act(connection, "eingeladen", person, unit=naming.unit, by=by, second=second)
    return make_code(connection, person, naming.unit, by, second)


def make_code(connection: Connection, person: str, unit: str, by: str, second: int) -> Code:
    """Make a one-time code; an older one ends with it."""
    made = Code(person, secrets.token_urlsafe(32), second + CODE_LASTS)
    digest = digest_of(made.code)
    put_code(connection, StoredCode(digest, person, unit, by, second, made.expires_at))
    return made


def recover(connection: Connection, unit: str, person: str, by: str, second: int) -> Code:
    """Let somebody begin anew whose devices are lost; only another person can do that for them.

    Their passkeys, sessions, locks and keys end now. Whoever works at another house too keeps all
    of that there, and begins here as a new person: managing one house opens and shuts no other.
    """
    if person == by:
        raise NotPermitted("Another person who manages the house has to do this.")
    if not roles_at(connection, unit, person, second):
        raise NotFound
    enter_act(connection, "neu-begonnen", person, unit=unit, by=by, second=second)
    if _works_elsewhere(connection, unit, person, by, second):
        return _named_anew(connection, unit, person, by, second)
    forget_keys(connection, person, second)
    remove_passkeys(connection, person)
    remove_identities(connection, person)
    end_sessions(connection, person)
    return make_code(connection, person, unit, by, second)


def _works_elsewhere(connection: Connection, unit: str, person: str, by: str, second: int) -> bool:
    """Tell whether somebody has roles at a house in which ``by`` has nothing to say."""
    others = {grant.unit for grant in grants_of(connection, person, second)} - {unit}
    return by != OPERATOR and not all(
        MANAGES in roles_at(connection, other, by, second) for other in others
    )


def _named_anew(connection: Connection, unit: str, person: str, by: str, second: int) -> Code:
    """Let somebody go at one house, and name them there as somebody new."""
    known = read_person(connection, person)
    held = [each for each in grants_of(connection, person, second) if each.unit == unit]
    if known is None:
        raise NotFound
    let_go(connection, unit, person, second)
    first, *others = held
    naming = Naming(known.name, (first.role,), unit, known.mail, first.until)
    new = name_person(connection, naming, by, second)
    for each in others:
        naming = Naming(known.name, (each.role,), unit, until=each.until)
        give_roles(connection, new, naming, by, second)
    return make_code(connection, new, unit, by, second)


def forget_keys(connection: Connection, person: str, second: int) -> None:
    """End somebody's vault: what it held cannot be opened again, and new keys take its place."""
    for unit in {grant.unit for grant in grants_of(connection, person, second)}:
        end_keys(connection, unit, person, LOST, second)
    remove_locks(connection, person)


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


def join_with(connection: Connection, digest: str, person: str, second: int) -> str:
    """Give what a code was made for to somebody who is known already; returns the house.

    So a person who works at two schools has one account, and one way in.
    """
    spent = spend(connection, digest, second)
    given = grants_of(connection, spent.person, second)
    if spent.person == person or not given:
        return spent.unit
    for grant in given:
        naming = Naming("", (grant.role,), grant.unit, until=grant.until)
        give_roles(connection, person, naming, grant.granted_by, second)
    _retire(connection, spent.person, second)
    return spent.unit


def digest_of(secret: str) -> str:
    """Return as what a code, or the secret of a session, is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _retire(connection: Connection, person: str, second: int) -> None:
    """End the entry that was made for an invitation; its roles are somebody else's now."""
    for unit in {grant.unit for grant in grants_of(connection, person, second)}:
        let_go(connection, unit, person, second)
