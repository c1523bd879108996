# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line to the hub: requests with a token, each with its own proof of possession."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from hub import clock
from hub.client.agency import Agency
from hub.client.answers import Refused, Unreachable, read_json
from hub.client.pace import Pace
from hub.trust.confirmation import HEADER, Confirmation
from hub.trust.keys import PrivateSigningKey
from hub.trust.tokens import Request, make_client_assertion, make_dpop_proof

JSON: Final = "application/json"
KEPT_OPEN: Final = httpx2.Limits(
    max_connections=100, max_keepalive_connections=20, keepalive_expiry=2
)
"""A hub closes what was silent for five seconds; who asks in that moment would get no answer."""
EARLY: Final = 30
"""Seconds before its end at which a token is renewed."""
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class _Body:
    """What is sent, and what is said about it."""

    content: bytes
    headers: Mapping[str, str]


@dataclass
class _Token:
    value: str = ""
    ends: float = 0


class Line:
    """Talks to one hub for one unit. The key of the token lives as long as the line."""

    def __init__(self, agency: Agency, client: httpx2.AsyncClient) -> None:
        self._agency = agency
        self._client = client
        self._binding = PrivateSigningKey.generate()
        self._token = _Token()
        self.pace: Pace | None = None
        """How fast this line asks; without one as fast as it is used."""

    async def get(self, path: str) -> Any:
        return read_json(await self.send("GET", path))

    async def post(self, path: str, body: object, *, patience: float = 30) -> Any:
        content = json.dumps(body, ensure_ascii=False).encode()
        return read_json(await self.send("POST", path, content, JSON, patience=patience))

    async def public(self, path: str) -> Any:
        """Get what is public; says nothing about who asks."""
        return read_json(await self.public_bytes(path))

    async def public_bytes(self, path: str) -> bytes:
        """Get what is public and no JSON."""
        return await self._ask("GET", path, None, {}, 30)

    async def public_unless(self, path: str, tag: str) -> tuple[bytes | None, str]:
        """Get what is public with its tag; None where it is still what had that tag.

        RFC 9110 § 13.1.2: nothing is sent anew that this side has.
        """
        known = {"if-none-match": tag} if tag else {}
        answer = await self._answer("GET", path, None, known, 30)
        is_same = bool(tag) and answer.status_code == httpx2.codes.NOT_MODIFIED
        return None if is_same else answer.content, answer.headers.get("etag", "")

    async def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        media_type: str = JSON,
        *,
        patience: float = 30,
    ) -> bytes:
        """Send one request of this unit and return the body of the answer.

        Raises ``Refused`` where the hub says no, ``Unreachable`` where it says nothing or that it
        cannot now.
        """
        body = None if content is None else _Body(content, {"content-type": media_type})
        return await self._send_known(method, path, body, patience)

    async def put_confirmed(
        self, path: str, content: bytes, confirmed: Confirmation, *, patience: float = 30
    ) -> bytes:
        """Put a message together with how a person of this unit confirmed it."""
        body = _Body(content, {"content-type": JSON, HEADER: str(confirmed)})
        return await self._send_known("PUT", path, body, patience)

    async def _send_known(
        self, method: str, path: str, body: _Body | None, patience: float
    ) -> bytes:
        try:
            return await self._send(method, path, body, patience)
        except Refused as refused:
            if refused.code != "token-invalid":
                raise
        # The hub may have begun anew, or its clock was put right: one more time as a stranger.
        self._token = _Token()
        return await self._send(method, path, body, patience)

    async def _send(self, method: str, path: str, body: _Body | None, patience: float) -> bytes:
        if self.pace is not None:
            await self.pace.turn()
        token = await self._valid_token()
        headers = {
            "authorization": f"DPoP {token}",
            "dpop": self._proof(method, path, token),
            **(body.headers if body else {}),
        }
        return await self._ask(method, path, body.content if body else None, headers, patience)

    async def _valid_token(self) -> str:
        if clock.now() > self._token.ends - EARLY:
            self._token = await self._new_token()
        return self._token.value

    async def _new_token(self) -> _Token:
        hub, now = self._agency.hub, clock.now()
        assertion = make_client_assertion(self._agency.token, self._agency.id, hub.issuer, int(now))
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
        }
        content = str(httpx2.QueryParams(form)).encode()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "dpop": self._proof("POST", "/oauth/token", None),
        }
        said = read_json(await self._ask("POST", "/oauth/token", content, headers, 30))
        return _Token(said["access_token"], now + said["expires_in"])

    def _proof(self, method: str, path: str, token: str | None) -> str:
        # The proof names the address that the hub is known by, whatever stands in between.
        asked = Request(method, self._agency.hub.issuer + path.partition("?")[0])
        return make_dpop_proof(self._binding, asked, int(clock.now()), access_token=token)

    async def _ask(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        patience: float,
    ) -> bytes:
        body: bytes = (await self._answer(method, path, content, headers, patience)).content
        return body

    async def _answer(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        patience: float,
    ) -> httpx2.Response:
        try:
            answer = await self._client.request(
                method,
                self._agency.hub.url + path,
                content=content,
                headers=dict(headers),
                timeout=patience,
            )
        except httpx2.TransportError as trouble:
            raise Unreachable(type(trouble).__name__) from None
        if answer.is_server_error or answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            after = answer.headers.get("retry-after", "")
            raise Unreachable(
                f"status {answer.status_code}", int(after) if after.isdigit() else None
            )
        if answer.status_code >= httpx2.codes.BAD_REQUEST:
            raise Refused(answer.status_code, problem_of(answer))
        return answer


def problem_of(answer: httpx2.Response) -> Mapping[str, Any]:
    """Return the problem details of an answer; nothing where it has none."""
    try:
        problem = json.loads(answer.content)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
