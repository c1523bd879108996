# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody come in by the account that their authority gave them?

By the code flow of OpenID Connect, with ``iss`` in the answer where the provider offers it
(RFC 9207). An account is issuer and subject, never a
mail; the first time, a one-time code says whose it is. What is under way is kept here and bound to
the browser that began it.
"""

import secrets
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.errors import TokenInvalid
from hub.people.books.people import link_identity, person_of_identity
from hub.people.books.sessions import (
    StoredFlow,
    StoredSession,
    add_flow,
    end_session_before,
    read_session,
    take_flow,
)
from hub.people.change import Change
from hub.people.invitations import digest_of, join_with, spend
from hub.people.oidc_asking import client_of, request_of, where_to, who_came
from hub.people.oidc_provider import Provider, provider_of
from hub.people.place import Place
from hub.people.sessions import Opened, Opening, go_on, open_session, opening_of
from hub.trust.identity import Shown

FLOW_LASTS: Final = 600
"""Seconds in which somebody has to come back from the provider."""


@dataclass(frozen=True)
class Wish:
    """What a sign-in is for."""

    onward: str
    code: str = ""
    """A one-time code, where the account is not known here yet."""
    session: str = ""
    """Digest of the session that is to be made fresh, because something is to be confirmed."""
    before: str = ""
    """Digest of the session that the browser has now; a new one takes its place."""


@dataclass(frozen=True)
class Leaving:
    """Where the browser goes, and what it keeps meanwhile."""

    url: str
    browser: str


@dataclass(frozen=True)
class Back:
    """What a browser brings back from the provider."""

    state: str
    code: str
    iss: str | None
    browser: str
    device: str


@dataclass(frozen=True)
class Entered:
    """Somebody who is in, and where they wanted to go."""

    opened: Opened
    onward: str


async def leave_for_provider(wish: Wish, place: Place) -> Leaving:
    """Begin a sign-in at the provider; raises ``NotFound`` where there is none."""
    client = client_of(place)
    said = await provider_of(client.issuer).metadata()
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    flow = StoredFlow(
        digest=digest_of(state),
        browser=digest_of(browser),
        nonce=nonce,
        verifier=verifier,
        code=digest_of(wish.code) if wish.code else "",
        session=wish.session,
        before=wish.before,
        onward=wish.onward,
        started_at=place.second,
        expires_at=place.second + FLOW_LASTS,
    )
    await place.books.write(lambda connection: add_flow(connection, flow))
    return Leaving(await where_to(said, request_of(place, flow, state), client), browser)


async def come_back(back: Back, place: Place) -> Entered:
    """End a sign-in that this browser began; raises ``TokenInvalid`` for whatever does not hold."""
    provider = provider_of(client_of(place).issuer)
    await _check_issuer(back.iss, provider)
    flow = await place.books.write(
        lambda connection: take_flow(connection, digest_of(back.state), digest_of(back.browser))
    )
    if flow is None or flow.expires_at < place.second or not back.code:
        raise TokenInvalid
    token, shown = await who_came(provider, flow, back.code, place)
    opening = Opening("oidc", back.device, auth_time=shown.auth_time, acr=shown.acr, id_token=token)
    opened = await place.books.write(partial(_enter, flow, shown, opening, place))
    return Entered(opened, flow.onward)


async def _check_issuer(iss: str | None, provider: Provider) -> None:
    said = await provider.metadata()
    if iss is None:
        if said.get("authorization_response_iss_parameter_supported") is True:
            raise TokenInvalid
    elif iss != provider.issuer:
        raise TokenInvalid


def _enter(
    flow: StoredFlow, shown: Shown, opening: Opening, place: Place, connection: Connection
) -> Opened:
    person = person_of_identity(connection, shown.iss, shown.sub)
    if flow.session:
        return _refreshed(connection, flow, person, opening, place.second)
    if flow.code:
        change = Change(connection, place.rules, person or "", place.second)
        person, unit = _bound(change, flow.code, person, shown)
        opening = replace(opening, unit=unit)
    if person is None:
        raise TokenInvalid
    # The browser could not show it on its way back: its cookie stays with this site.
    end_session_before(connection, flow.before)
    return open_session(connection, person, opening, place.second)


def _bound(change: Change, code: str, person: str | None, shown: Shown) -> tuple[str, str]:
    """Say by a one-time code whose account this is; returns person and unit."""
    if person is not None:
        return person, join_with(change, code, person)
    spent = spend(change.connection, code, change.second)
    link_identity(change.connection, shown.iss, shown.sub, spent.person, change.second)
    return spent.person, spent.unit


def _refreshed(
    connection: Connection,
    flow: StoredFlow,
    person: str | None,
    opening: Opening,
    second: int,
) -> Opened:
    """Go on in the session that asked, if it is the same person who came back."""
    session: StoredSession | None = read_session(connection, flow.session)
    if session is None or not session.is_open_at(second) or session.person != person:
        raise TokenInvalid
    before = opening_of(session)
    fresh = replace(before, auth_time=opening.auth_time, acr=opening.acr, id_token=opening.id_token)
    return go_on(connection, session, fresh, second)
