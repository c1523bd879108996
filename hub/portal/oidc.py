# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody come in by the account that their school authority gave them?

Code flow with PKCE (RFC 7636), ``state``, ``nonce`` and, where the provider offers them, pushed
requests (RFC 9126) and ``iss`` in the answer (RFC 9207). An account is issuer and subject, never a
mail; the first time, a one-time code says whose it is. What is under way is kept here and bound to
the browser that began it.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from hub.errors import NotFound, TokenInvalid
from hub.portal.books.people import link_identity, person_of_identity
from hub.portal.books.people_sessions import (
    LONGEST,
    StoredFlow,
    StoredSession,
    add_flow,
    end_session_before,
    read_session,
    take_flow,
)
from hub.portal.desk import Desk
from hub.portal.invitations import digest_of, join_with, spend
from hub.portal.oidc_fresh import LASTS
from hub.portal.oidc_provider import Provider, post_form, provider_of
from hub.portal.sessions import Opened, Opening, go_on, open_session, opening_of
from hub.sealing.canonical import b64
from hub.trust.identity import Expected, KeyUnknown, Shown, verify_id_token

RETURN: Final = "/portal/anmeldung/oidc/zurueck"
FLOW_LASTS: Final = 600
"""Seconds in which somebody has to come back from the provider."""
_LONGEST: Final = 4096


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


async def leave_for_provider(wish: Wish, desk: Desk) -> Leaving:
    """Begin a sign-in at the provider; raises ``NotFound`` where this portal has none."""
    provider = _provider(desk)
    said = await provider.metadata()
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
        started_at=desk.second,
        expires_at=desk.second + FLOW_LASTS,
    )
    asked = _request(desk, flow, state)
    await desk.books.write(lambda connection: add_flow(connection, flow))
    return Leaving(await _address(said, asked, desk), browser)


async def come_back(back: Back, desk: Desk) -> Entered:
    """End a sign-in that this browser began; raises ``TokenInvalid`` for whatever does not hold."""
    provider = _provider(desk)
    said = await provider.metadata()
    if back.iss is None:
        if said.get("authorization_response_iss_parameter_supported") is True:
            raise TokenInvalid
    elif back.iss != provider.issuer:
        raise TokenInvalid
    flow = await desk.books.write(
        lambda connection: take_flow(connection, digest_of(back.state), digest_of(back.browser))
    )
    if flow is None or flow.expires_at < desk.second or not back.code:
        raise TokenInvalid
    token, shown = await _shown(provider, said, flow, back, desk)
    opening = Opening("oidc", back.device, auth_time=shown.auth_time, acr=shown.acr, id_token=token)
    opened = await desk.books.write(partial(_enter, flow, shown, opening, desk.second))
    return Entered(opened, flow.onward)


def _request(desk: Desk, flow: StoredFlow, state: str) -> dict[str, str]:
    settings = desk.settings
    challenge = b64(hashlib.sha256(flow.verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": _return(desk),
        "scope": "openid",
        "state": state,
        "nonce": flow.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        # With it the provider has to say when it saw this person last.
        "max_age": str(LASTS if flow.session else LONGEST),
    }
    if flow.session:
        asked["prompt"] = "login"
    if settings.oidc_acr:
        asked["acr_values"] = " ".join(_acr(desk))
    return asked


async def _address(said: Mapping[str, Any], asked: dict[str, str], desk: Desk) -> str:
    """Return where the browser goes; what is asked is pushed there first, where that is offered."""
    pushed = said.get("pushed_authorization_request_endpoint")
    if isinstance(pushed, str):
        auth, form = _client(said, desk)
        answer = await post_form(pushed, asked | form, auth)
        reference = answer.get("request_uri")
        if not isinstance(reference, str):
            raise TokenInvalid
        asked = {"client_id": asked["client_id"], "request_uri": reference}
    address = str(said["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


async def _shown(
    provider: Provider, said: Mapping[str, Any], flow: StoredFlow, back: Back, desk: Desk
) -> tuple[str, Shown]:
    """Exchange the code for an ID token, judge that, and return both."""
    if len(back.code) > _LONGEST:
        raise TokenInvalid
    auth, form = _client(said, desk)
    asked = {
        "grant_type": "authorization_code",
        "code": back.code,
        "redirect_uri": _return(desk),
        "code_verifier": flow.verifier,
    }
    answer = await post_form(str(said["token_endpoint"]), asked | form, auth)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise TokenInvalid
    expected = Expected(
        issuer=provider.issuer,
        client=desk.settings.oidc_client_id,
        nonce=flow.nonce,
        acr=_acr(desk),
        since=flow.started_at if flow.session else desk.second - LONGEST,
    )
    try:
        return token, verify_id_token(token, await provider.keys(), expected, desk.second)
    except KeyUnknown:
        keys = await provider.keys(again=True)
        return token, verify_id_token(token, keys, expected, desk.second)


def _enter(
    flow: StoredFlow, shown: Shown, opening: Opening, second: int, connection: Connection
) -> Opened:
    person = person_of_identity(connection, shown.iss, shown.sub)
    if flow.session:
        return _refreshed(connection, flow, person, opening, second)
    if flow.code:
        person, unit = _bound(connection, flow.code, person, shown, second)
        opening = replace(opening, unit=unit)
    if person is None:
        raise TokenInvalid
    # The browser could not show it on its way back: its cookie stays with this site.
    end_session_before(connection, flow.before)
    return open_session(connection, person, opening, second)


def _bound(
    connection: Connection, code: str, person: str | None, shown: Shown, second: int
) -> tuple[str, str]:
    """Say by a one-time code whose account this is; returns person and house."""
    if person is not None:
        return person, join_with(connection, code, person, second)
    spent = spend(connection, code, second)
    link_identity(connection, shown.iss, shown.sub, spent.person, second)
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


def _provider(desk: Desk) -> Provider:
    if not desk.settings.oidc_issuer or not desk.settings.oidc_client_id:
        raise NotFound
    return provider_of(desk.settings.oidc_issuer)


def _return(desk: Desk) -> str:
    return desk.settings.public_url.rstrip("/") + RETURN


def _acr(desk: Desk) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in desk.settings.oidc_acr.split(","))))


def _client(said: Mapping[str, Any], desk: Desk) -> tuple[tuple[str, str] | None, dict[str, str]]:
    """Return how this portal says who it is: by a header, in the form, or by its name alone."""
    name, secret = desk.settings.oidc_client_id, desk.settings.oidc_client_secret.get_secret_value()
    if not secret:
        return None, {"client_id": name}
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        return (name, secret), {}
    return None, {"client_id": name, "client_secret": secret}
