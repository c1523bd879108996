# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody come in with a passkey, and how does a second one come to the first?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.model.json import JsonObject
from hub.people.books.people import (
    StoredPasskey,
    StoredPerson,
    add_passkey,
    count_passkey,
    has_identity,
    passkeys_of,
    read_passkey,
    remove_passkey,
)
from hub.people.books.sessions import end_sessions_of_passkey, use_question
from hub.people.invitations import digest_of, spend, whose_code
from hub.people.place import Place
from hub.people.sessions import Opened, Opening, SignedIn, go_on, open_session, opening_of
from hub.trust.passkeys import Answered, credential_of

MOST: Final = 10
"""Passkeys of one person."""
TOO_MANY: Final = "There are as many passkeys as there can be."


@dataclass(frozen=True)
class Shown:
    """What a browser says beside the answer of a passkey."""

    credential: Mapping[str, Any]
    label: str = ""
    has_prf: bool = False
    """Whether the passkey gave the output that opens a vault; only the browser knows."""
    device: str = ""


async def begin_first(code: str, place: Place) -> JsonObject:
    """Return what a browser needs to make a passkey; the code stays unused until it is made."""
    person = await _whose(code, place)
    known = await place.books.read(lambda connection: passkeys_of(connection, person.id))
    return _question(person, known, place)


async def keep_first(code: str, shown: Shown, place: Place) -> Opened:
    """Keep a new passkey and open the first session; the code is used up by it."""
    person = await _whose(code, place)
    answered = place.questions.made(dict(shown.credential), person.id, place.second)
    return await place.books.write(partial(_keep_first, digest_of(code), answered, shown, place))


async def begin_another(known: SignedIn, place: Place) -> JsonObject:
    """Return what a browser needs to make one more passkey for whoever is signed in."""
    person = known.person
    there = await place.books.read(lambda connection: passkeys_of(connection, person.id))
    if len(there) >= MOST:
        raise NotPermitted(TOO_MANY)
    return _question(person, there, place)


async def keep_another(known: SignedIn, shown: Shown, place: Place) -> Opened:
    """Keep one more passkey; the session goes on under a new secret."""
    person = known.person.id
    answered = place.questions.made(dict(shown.credential), person, place.second)

    def work(connection: Connection) -> Opened:
        _keep(connection, person, answered, shown, place.second)
        # Two that were asked for side by side would be one too many.
        if len(passkeys_of(connection, person)) > MOST:
            raise NotPermitted(TOO_MANY)
        return go_on(connection, known.session, opening_of(known.session), place.second)

    return await place.books.write(work)


async def enter(shown: Shown, place: Place) -> Opened:
    """Open a session for whoever shows a passkey that is known here."""
    named = credential_of(dict(shown.credential))
    known = await place.books.read(lambda connection: read_passkey(connection, named))
    if known is None:
        raise TokenInvalid
    answered = place.questions.shown(
        dict(shown.credential), known.public_key, known.count, place.second
    )

    def work(connection: Connection) -> Opened:
        _use(connection, answered, place.second)
        # It may have been removed since it was read; then it opens nothing any more.
        if read_passkey(connection, known.id) is None:
            raise TokenInvalid
        count_passkey(connection, known.id, answered.count, place.second)
        opening = _opening(answered, shown, place.second)
        return open_session(connection, known.person, opening, place.second)

    return await place.books.write(work)


async def forget_passkey(known: SignedIn, credential: str, place: Place) -> None:
    """Remove one passkey with what it opens and has opened, but never the only way in.

    Whoever removes one that was stolen means the thief's session as well.
    """

    def work(connection: Connection) -> None:
        there = passkeys_of(connection, known.person.id)
        if credential not in {each.id for each in there}:
            raise NotFound
        if len(there) == 1 and not has_identity(connection, known.person.id):
            raise NotPermitted("This is the only way in; add another passkey first.")
        remove_passkey(connection, credential, known.person.id)
        place.rules.without_passkey(connection, known.person.id, credential)
        end_sessions_of_passkey(connection, known.person.id, credential)

    await place.books.write(work)


async def _whose(code: str, place: Place) -> StoredPerson:
    person = await place.books.read(lambda connection: whose_code(connection, code, place.second))
    if person is None:
        raise TokenInvalid
    return person


def _question(person: StoredPerson, known: tuple[StoredPasskey, ...], place: Place) -> JsonObject:
    ids = tuple(each.id for each in known)
    return place.questions.to_make(person.id, person.name, ids, place.second)


def _keep_first(
    code: str, answered: Answered, shown: Shown, place: Place, connection: Connection
) -> Opened:
    spent = spend(connection, code, place.second)
    _keep(connection, spent.person, answered, shown, place.second)
    opening = _opening(answered, shown, place.second, spent.unit)
    return open_session(connection, spent.person, opening, place.second)


def _opening(answered: Answered, shown: Shown, second: int, unit: str = "") -> Opening:
    return Opening("passkey", shown.device, unit, passkey=answered.credential, proved_at=second)


def _keep(
    connection: Connection, person: str, answered: Answered, shown: Shown, second: int
) -> None:
    _use(connection, answered, second)
    if read_passkey(connection, answered.credential) is not None:
        raise TokenInvalid
    add_passkey(
        connection,
        StoredPasskey(
            id=answered.credential,
            person=person,
            public_key=answered.public_key,
            count=answered.count,
            label=shown.label or "Passkey",
            has_prf=shown.has_prf,
            created_at=second,
            used_at=second,
        ),
    )


def _use(connection: Connection, answered: Answered, second: int) -> None:
    use_question(connection, digest_of(answered.challenge), answered.expires_at, second)
