# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the browser? A session that the hub keeps, opened by a passkey.

A one-time code alone opens one only where nothing is at stake: every network of this hub is a
demonstration, and both its address and the browser are on this very machine.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection

from hub.enrol.people import digest_of
from hub.errors import Failure, NotFound, TokenInvalid
from hub.node import Node
from hub.store.people import StoredGrant, person_of_code, read_grants, read_person, use_code
from hub.store.sessions import (
    LONGEST,
    StoredSession,
    add_session,
    end_session,
    read_session,
    see_session,
    sessions_of,
)

SEEN_EVERY: Final = 30
"""Seconds in which a session is entered as used once at the most."""


@dataclass(frozen=True)
class Opened:
    """A session that has just begun; its id is shown to the browser and kept nowhere."""

    id: str
    role: str
    ends_at: int


@dataclass(frozen=True)
class SignedIn:
    """Who asks, in which role, for which organisation."""

    session: StoredSession
    name: str
    roles: tuple[tuple[str, str], ...]
    """All roles that this person holds now, each with its organisation."""

    @property
    def person(self) -> str:
        return self.session.person

    @property
    def role(self) -> str:
        return self.session.role

    @property
    def organisation(self) -> str:
        return self.session.organisation


def is_demonstration(node: Node) -> bool:
    """Tell whether nothing here is real: demonstration networks alone, on a loopback address."""
    address = urlsplit(node.public_url)
    is_shown = bool(node.networks) and all(network.demo for network in node.networks)
    return is_shown and address.scheme == "http" and is_loopback(address.hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is that of this machine to itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def whose_code(code: str, node: Node) -> tuple[str, str] | None:
    """Return who was given this one-time code, as id and name; it stays unused."""
    return await node.readers.run(partial(_whose_code, digest_of(code), int(node.clock())))


async def enter_by_code(code: str, peer: str, node: Node) -> Opened:
    """Open a session for a one-time code, where a demonstration lets it; uses it up."""
    if not (is_demonstration(node) and is_loopback(peer)):
        raise TokenInvalid

    def work(connection: Connection) -> Opened | None:
        person = use_code(connection, digest_of(code), int(node.clock()))
        return None if person is None else open_session(person, "code", node, connection)

    opened = await node.writer.commit(work)
    if opened is None:
        raise TokenInvalid
    return opened


def open_session(
    person: str,
    by: str,
    node: Node,
    connection: Connection,
    *,
    role: tuple[str, str] | None = None,
    latest: int | None = None,
) -> Opened | None:
    """Open a session in the role asked for, or in the first one held; None where there is none.

    It ends at ``latest``, where it only goes on from another.
    """
    now = int(node.clock())
    held = _held(person, now, connection)
    chosen = next((each for each in held if role in {None, (each.role, each.organisation)}), None)
    if chosen is None:
        return None
    secret = secrets.token_urlsafe(32)
    ends_at = min(each for each in (now + LONGEST, chosen.until, latest) if each is not None)
    add_session(
        connection,
        StoredSession(
            digest=digest_of(secret),
            person=person,
            organisation=chosen.organisation,
            role=chosen.role,
            opened_by=by,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
        ),
    )
    return Opened(secret, chosen.role, ends_at)


async def signed_in(secret: str, node: Node) -> SignedIn | None:
    """Return whose session this is, if it is open and its role is still held."""
    now = int(node.clock())
    known = await node.readers.run(partial(_signed_in, digest_of(secret), now))
    if known is not None and now - known.session.seen_at >= SEEN_EVERY:
        # A hub that cannot write still shows what there is; the session then ends a little early.
        with suppress(Failure):
            await node.writer.commit(
                lambda connection: see_session(connection, known.session.digest, now)
            )
    return known


async def own_sessions(known: SignedIn, node: Node) -> tuple[StoredSession, ...]:
    """Return the open sessions of the person who asks."""
    now = int(node.clock())
    found = await node.readers.run(lambda connection: sessions_of(connection, known.person))
    return tuple(each for each in found if each.is_open_at(now))


async def leave(known: SignedIn, digest: str, node: Node) -> None:
    """End a session of the person who asks: this one or another."""
    ended = await node.writer.commit(
        lambda connection: end_session(connection, digest, known.person)
    )
    if not ended:
        raise NotFound


async def change_role(known: SignedIn, role: str, organisation: str, node: Node) -> Opened:
    """Go on in another role that this person holds, in a session with a new id."""

    def work(connection: Connection) -> Opened | None:
        wanted = role, organisation
        before = known.session
        opened = open_session(
            known.person, before.opened_by, node, connection, role=wanted, latest=before.ends_at
        )
        if opened is not None:
            end_session(connection, known.session.digest, known.person)
        return opened

    opened = await node.writer.commit(work)
    if opened is None:
        raise NotFound
    return opened


def _whose_code(digest: str, now: int, connection: Connection) -> tuple[str, str] | None:
    person = person_of_code(connection, digest, now)
    found = None if person is None else read_person(connection, person)
    return None if found is None else (found.id, found.name)


def _signed_in(digest: str, now: int, connection: Connection) -> SignedIn | None:
    session = read_session(connection, digest)
    if session is None or not session.is_open_at(now):
        return None
    person = read_person(connection, session.person)
    roles = tuple(
        dict.fromkeys(
            (each.role, each.organisation) for each in _held(session.person, now, connection)
        )
    )
    if person is None or (session.role, session.organisation) not in roles:
        return None
    return SignedIn(session, person.name, roles)


def _held(person: str, now: int, connection: Connection) -> tuple[StoredGrant, ...]:
    return tuple(each for each in read_grants(connection, person) if each.counts_at(now))
