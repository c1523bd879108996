# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the identity provider say of itself, and which keys does it sign with now?

Both are kept for a while. A token that names an unknown key has the keys fetched anew, at most once
a minute: providers change them, and strangers must not make us ask.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from hub.errors import Failure, TokenInvalid

PATIENCE: Final = 10
"""Seconds for one answer of the provider."""
KEPT: Final = 3600
"""Seconds after which it is asked again what it says of itself."""
RARELY: Final = 60
"""Seconds between two looks at its keys."""
SILENT_FOR: Final = 15
"""Seconds in which one that did not answer is not asked again, and nobody waits for it."""
_LARGEST: Final = 262_144
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderSilent(Failure):
    """The identity provider does not answer, or not as one does."""

    code = "overloaded"


@dataclass
class Provider:
    """An identity provider, at the address that the settings name."""

    issuer: str
    _said: Mapping[str, Any] = field(default_factory=dict)
    _keys: list[Mapping[str, Any]] = field(default_factory=list)
    _said_at: float = float("-inf")
    _keys_at: float = float("-inf")
    _silent_at: float = float("-inf")

    async def metadata(self) -> Mapping[str, Any]:
        """Return what it says of itself (OpenID Connect Discovery § 4); it has to be this one."""
        if time.monotonic() - self._said_at > KEPT:
            said = await self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._said, self._said_at = _checked(said, self.issuer), time.monotonic()
        return self._said

    async def keys(self, *, again: bool = False) -> list[Mapping[str, Any]]:
        """Return the keys it publishes; ``again`` where a token named one that is unknown."""
        wait = RARELY if again else KEPT
        if time.monotonic() - self._keys_at > wait:
            said = await self._get(str((await self.metadata())["jwks_uri"]))
            keys = said.get("keys")
            if not isinstance(keys, list) or not all(isinstance(each, dict) for each in keys):
                raise ProviderSilent
            self._keys, self._keys_at = keys, time.monotonic()
        return self._keys

    async def _get(self, url: str) -> dict[str, Any]:
        """Ask the provider, unless it has just been silent."""
        if time.monotonic() - self._silent_at < SILENT_FOR:
            raise ProviderSilent
        try:
            return await get_json(url)
        except ProviderSilent:
            self._silent_at = time.monotonic()
            raise


@cache
def provider_of(issuer: str) -> Provider:
    """Return the provider of an issuer; one for the whole process, with what it knows."""
    return Provider(issuer)


async def get_json(url: str) -> dict[str, Any]:
    return await _asked("GET", url)


async def post_form(
    url: str, form: Mapping[str, str], auth: tuple[str, str] | None
) -> dict[str, Any]:
    """Send a form as OAuth has it; raises ``TokenInvalid`` where the provider says no."""
    return await _asked("POST", url, form, auth)


async def _asked(
    method: str,
    url: str,
    form: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> dict[str, Any]:
    check_address(url)
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
            answer = await client.request(
                method, url, data=None if form is None else dict(form), auth=auth or None
            )
    except httpx2.HTTPError:
        raise ProviderSilent from None
    if form is not None and answer.is_client_error:
        raise TokenInvalid
    if not answer.is_success or len(answer.content) > _LARGEST:
        raise ProviderSilent
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise ProviderSilent from None
    if not isinstance(said, dict):
        raise ProviderSilent
    return said


def check_address(url: str) -> None:
    """Refuse an address without TLS, but for one of this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise ProviderSilent


def _checked(said: Mapping[str, Any], issuer: str) -> Mapping[str, Any]:
    if said.get("issuer") != issuer:
        raise ProviderSilent
    for name in _ENDPOINTS:
        address = said.get(name)
        if not isinstance(address, str):
            raise ProviderSilent
        check_address(address)
    return said
