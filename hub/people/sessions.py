# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the browser? A session that is kept here, opened by a passkey or by a provider.

A one-time code alone opens one only where nothing is at stake: all of it is a demonstration, and
both its address and the browser are on this very machine.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, cast

from sqlalchemy import Connection

from hub.errors import Failure, NotFound, TokenInvalid
from hub.people.books.people import StoredPerson, grants_of, read_person
from hub.people.books.sessions import (
    LONGEST,
    StoredSession,
    add_session,
    end_session,
    read_session,
    see_session,
    sessions_of,
)
from hub.people.invitations import digest_of, spend
from hub.people.place import Place

SEEN_EVERY: Final = 30
"""Seconds in which a session is entered as used once at the most."""
By = Literal["passkey", "oidc", "code"]


class SignInWanted(TokenInvalid):
    """Whoever asks is not signed in, or not any more."""


@dataclass(frozen=True)
class Opening:
    """How somebody came in."""

    by: By
    device: str = ""
    unit: str = ""
    """The unit to begin at; without one, the first."""
    passkey: str = ""
    """Which one opened it."""
    proved_at: int | None = None
    auth_time: int | None = None
    acr: str | None = None
    id_token: str | None = None


@dataclass(frozen=True)
class Opened:
    """A session that has just begun; its secret is shown to the browser and kept nowhere."""

    secret: str
    unit: str
    ends_at: int


@dataclass(frozen=True)
class SignedIn:
    """Who asks, for which unit, and what they may do there."""

    session: StoredSession
    person: StoredPerson
    roles: frozenset[str]
    """At the unit of this session."""
    houses: tuple[tuple[str, frozenset[str]], ...]
    """All units where this person holds a role now."""


def open_session(
    connection: Connection,
    person: str,
    opening: Opening,
    second: int,
    *,
    latest: int | None = None,
) -> Opened:
    """Open a session; raises ``TokenInvalid`` for whoever holds no role, as for a stranger.

    It ends at ``latest`` where it only goes on from another.
    """
    units = [unit for unit, _ in _houses(connection, person, second)]
    if not units or (opening.unit and opening.unit not in units):
        raise TokenInvalid
    secret = secrets.token_urlsafe(32)
    stored = StoredSession(
        digest=digest_of(secret),
        person=person,
        unit=opening.unit or units[0],
        opened_by=opening.by,
        device=opening.device,
        passkey=opening.passkey,
        proved_at=opening.proved_at,
        auth_time=opening.auth_time,
        acr=opening.acr,
        id_token=opening.id_token,
        created_at=second,
        seen_at=second,
        ends_at=second + LONGEST if latest is None else latest,
    )
    add_session(connection, stored)
    return Opened(secret, stored.unit, stored.ends_at)


def go_on(connection: Connection, before: StoredSession, opening: Opening, second: int) -> Opened:
    """Go on in a session with a new secret; the one before ends, and no time is gained."""
    opened = open_session(connection, before.person, opening, second, latest=before.ends_at)
    end_session(connection, before.digest, before.person)
    return opened


def opening_of(session: StoredSession) -> Opening:
    """Return how a session was opened, to go on in another like it."""
    return Opening(
        by=cast("By", session.opened_by),
        device=session.device,
        unit=session.unit,
        passkey=session.passkey,
        proved_at=session.proved_at,
        auth_time=session.auth_time,
        acr=session.acr,
        id_token=session.id_token,
    )


async def signed_in(secret: str, place: Place, *, is_still: bool = False) -> SignedIn | None:
    """Return whose session this is, if it is open and a role is still held where it is.

    What a page asks by itself while nobody is there (``is_still``) prolongs nothing.
    """
    now = place.second
    known = await place.books.read(partial(_signed_in, digest_of(secret), now))
    if known is None or is_still or now - known.session.seen_at < SEEN_EVERY:
        return known
    digest = known.session.digest
    # Books that cannot be written still show what there is; the session ends a little early.
    with suppress(Failure):
        await place.books.write(lambda connection: see_session(connection, digest, now))
    return replace(known, session=replace(known.session, seen_at=now))


async def enter_by_code(code: str, device: str, place: Place) -> Opened:
    """Open a session for a one-time code; the caller knows that the browser is on this machine."""
    if not place.is_demonstration:
        raise TokenInvalid

    def work(connection: Connection) -> Opened:
        spent = spend(connection, digest_of(code), place.second)
        return open_session(
            connection, spent.person, Opening("code", device, spent.unit), place.second
        )

    return await place.books.write(work)


async def own_sessions(known: SignedIn, place: Place) -> tuple[StoredSession, ...]:
    """Return the open sessions of the person who asks."""
    found = await place.books.read(lambda connection: sessions_of(connection, known.person.id))
    return tuple(each for each in found if each.is_open_at(place.second))


async def leave(person: str, digest: str, place: Place) -> None:
    """End a session of a person; raises ``NotFound`` for another's, as for none."""
    if not await place.books.write(lambda connection: end_session(connection, digest, person)):
        raise NotFound


async def change_house(known: SignedIn, unit: str, place: Place) -> Opened:
    """Go on at another unit of this person, in a session with a new secret."""
    if unit not in {each for each, _ in known.houses}:
        raise NotFound
    opening = replace(opening_of(known.session), unit=unit)
    return await place.books.write(
        lambda connection: go_on(connection, known.session, opening, place.second)
    )


def _signed_in(digest: str, second: int, connection: Connection) -> SignedIn | None:
    session = read_session(connection, digest)
    if session is None or not session.is_open_at(second):
        return None
    person = read_person(connection, session.person)
    houses = _houses(connection, session.person, second)
    roles = dict(houses).get(session.unit)
    return None if person is None or roles is None else SignedIn(session, person, roles, houses)


def _houses(
    connection: Connection, person: str, second: int
) -> tuple[tuple[str, frozenset[str]], ...]:
    held: dict[str, frozenset[str]] = {}
    for grant in grants_of(connection, person, second):
        held[grant.unit] = held.get(grant.unit, frozenset()) | {grant.role}
    return tuple(held.items())
