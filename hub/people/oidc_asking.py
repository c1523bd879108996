# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is an identity provider asked, and does its answer say who somebody is?

Code flow with PKCE (RFC 7636), ``state``, ``nonce`` and, where the provider offers them, pushed
requests (RFC 9126).
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from hub.errors import NotFound, TokenInvalid
from hub.people.books.sessions import LONGEST, StoredFlow
from hub.people.oidc_fresh import LASTS
from hub.people.oidc_provider import Provider, post_form
from hub.people.place import OidcClient, Place, address_of
from hub.sealing.canonical import b64
from hub.trust.identity import Expected, KeyUnknown, Shown, verify_id_token

_LONGEST: Final = 4096


def client_of(place: Place) -> OidcClient:
    """Return as whom this program asks; raises ``NotFound`` where there is no provider."""
    if place.oidc is None:
        raise NotFound
    return place.oidc


def request_of(place: Place, flow: StoredFlow, state: str) -> dict[str, str]:
    """Return what the browser asks the provider for."""
    client = client_of(place)
    challenge = b64(hashlib.sha256(flow.verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": client.client,
        "redirect_uri": _return(place),
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
    if client.acr:
        asked["acr_values"] = " ".join(client.acr)
    return asked


async def where_to(said: Mapping[str, Any], asked: dict[str, str], client: OidcClient) -> str:
    """Return where the browser goes; what is asked is pushed there first, where that is offered."""
    pushed = said.get("pushed_authorization_request_endpoint")
    if isinstance(pushed, str):
        auth, form = _as_client(said, client)
        answer = await post_form(pushed, asked | form, auth)
        reference = answer.get("request_uri")
        if not isinstance(reference, str):
            raise TokenInvalid
        asked = {"client_id": asked["client_id"], "request_uri": reference}
    address = str(said["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


async def who_came(
    provider: Provider, flow: StoredFlow, code: str, place: Place
) -> tuple[str, Shown]:
    """Exchange the code for an ID token, judge that, and return both."""
    if len(code) > _LONGEST:
        raise TokenInvalid
    said = await provider.metadata()
    auth, form = _as_client(said, client_of(place))
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _return(place),
        "code_verifier": flow.verifier,
    }
    answer = await post_form(str(said["token_endpoint"]), asked | form, auth)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise TokenInvalid
    return token, await _judged(token, provider, flow, place)


async def _judged(token: str, provider: Provider, flow: StoredFlow, place: Place) -> Shown:
    client = client_of(place)
    expected = Expected(
        issuer=provider.issuer,
        client=client.client,
        nonce=flow.nonce,
        acr=client.acr,
        since=flow.started_at if flow.session else place.second - LONGEST,
    )
    try:
        return verify_id_token(token, await provider.keys(), expected, place.second)
    except KeyUnknown:
        keys = await provider.keys(again=True)
        return verify_id_token(token, keys, expected, place.second)


def _return(place: Place) -> str:
    return address_of(place, "oidc/zurueck")


def _as_client(
    said: Mapping[str, Any], client: OidcClient
) -> tuple[tuple[str, str] | None, dict[str, str]]:
    """Return how this program says who it is: by a header, in the form, or by its name alone."""
    if not client.secret:
        return None, {"client_id": client.client}
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        return (client.client, client.secret), {}
    return None, {"client_id": client.client, "client_secret": client.secret}
