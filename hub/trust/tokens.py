# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which unit is this client, and which token does it get?

Client credentials with ``private_key_jwt`` and DPoP (RFC 7523, 9449; FAPI 2.0). A token lives
five minutes and is bound to one key; but a client whose key has ended is out at its next
request, because the key is asked for every time. Whether an id was used before only the writer
can know, so every result names the ids that it has to enter once.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol

from hub.errors import ParticipantSuspended, TokenInvalid
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import organisation_of
from hub.model.json import JsonObject
from hub.model.participant import SigningKey
from hub.sealing.canonical import digest
from hub.trust.jose import AHEAD, parse_token, sign_token, verify_parsed, verify_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ACCESS_TOKEN, CLIENT_ASSERTION
from hub.trust.proofs import NonceRequired, Nonces, Request, make_dpop_proof, verify_proof

__all__ = [
    "AssertionVerified",
    "AuthorizationServer",
    "ClientSuspended",
    "GrantRefused",
    "GrantRequest",
    "Keys",
    "NonceRequired",
    "Nonces",
    "Presented",
    "Request",
    "make_client_assertion",
    "make_dpop_proof",
    "parse_grant",
]

_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MOST_REMEMBERED: Final = 10_000


class GrantRefused(TokenInvalid):
    """The token endpoint gives no token."""

    def __init__(self, error: str) -> None:
        super().__init__()
        self.error = error
        """The name that OAuth has for it (RFC 6749 § 5.2, RFC 9449 § 5)."""


class ClientSuspended(ParticipantSuspended):
    """It is known who asks, and that it may not."""

    def __init__(self, client: AuthenticatedClient) -> None:
        super().__init__()
        self.client = client
        """Under whose name the refusal is entered."""


class Keys(Protocol):
    """Whose key is whose, as of now; in the house a snapshot of the directory."""

    def token_key(self, unit: str, kid: str) -> SigningKey | None: ...

    def is_active(self, unit: str) -> bool: ...


@dataclass(frozen=True)
class GrantRequest:
    """What a client sends to the token endpoint."""

    assertion: str
    scope: str = ""


@dataclass(frozen=True)
class Presented:
    """What a request to a resource shows: the two headers, each as often as it came."""

    authorization: Sequence[str]
    dpop: Sequence[str]
    request: Request


@dataclass(frozen=True)
class AssertionVerified:
    """A client has shown who it is, and the key that its token will be bound to."""

    unit: str
    key: str
    """Key id of the client's token key."""
    jkt: str
    assertion_id: str
    assertion_expires_at: int
    proof_id: str
    proof_expires_at: int


@dataclass(frozen=True)
class _Granted:
    """What an access token says, once it was verified."""

    unit: str
    key: str
    jkt: str
    expires_at: int


def parse_grant(form: Iterable[tuple[str, str]]) -> GrantRequest:
    """Read the form of a token request: every parameter once, others ignored (RFC 6749 § 3.2)."""
    pairs = list(form)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise GrantRefused("invalid_request")
    if fields.get("grant_type") != "client_credentials":
        raise GrantRefused(
            "unsupported_grant_type" if "grant_type" in fields else "invalid_request"
        )
    if fields.get("client_assertion_type") != _ASSERTION_TYPE:
        raise GrantRefused("invalid_client")
    return GrantRequest(fields.get("client_assertion", ""), fields.get("scope", ""))


class AuthorizationServer:
    """The hub as the one that gives tokens and takes them."""

    def __init__(
        self, issuer: str, key: PrivateSigningKey, *, nonces: Nonces | None = None
    ) -> None:
        self.issuer: Final = issuer
        """The public URL; the one ``aud`` that an assertion can have."""
        self._key = key
        self._own: Final = key.public(not_before=0)
        self._nonces = nonces
        self._remembered: dict[str, _Granted] = {}
        self._lock = Lock()

    def verify_assertion(
        self, grant: GrantRequest, dpop: Sequence[str], request: Request, keys: Keys, now: int
    ) -> AssertionVerified:
        """Establish which unit asks for a token.

        Raises ``GrantRefused`` with the OAuth name; ``NonceRequired`` where the proof lacks the
        nonce. An unknown unit and a wrong signature look alike.
        """
        claims, key = self._verify_client(grant.assertion, keys, now)
        try:
            proof = verify_proof(_only(dpop), request, now, nonces=self._nonces)
        except NonceRequired:
            raise
        except TokenInvalid:
            raise GrantRefused("invalid_dpop_proof") from None
        unit = str(claims["sub"])
        if not keys.is_active(unit):
            raise GrantRefused("unauthorized_client")
        return AssertionVerified(
            unit=unit,
            key=key,
            jkt=proof.jkt,
            assertion_id=str(claims["jti"]),
            assertion_expires_at=_second(claims, "exp") + AHEAD,
            proof_id=proof.id,
            proof_expires_at=proof.expires_at,
        )

    def issue_access_token(self, client: AssertionVerified, now: int, scope: str = "") -> str:
        """Return a token of five minutes for the key that the client has shown."""
        claims: JsonObject = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client.unit,
            "client_id": client.unit,
            "iat": now,
            "exp": now + ACCESS_TOKEN.lifetime,
            "jti": secrets.token_urlsafe(16),
            "cnf": {"jkt": client.jkt},
            "scope": scope,
            "key": client.key,
        }
        return sign_token(self._key, ACCESS_TOKEN.typ, claims)

    def authenticate(self, presented: Presented, keys: Keys, now: int) -> AuthenticatedClient:
        """Establish which unit sends this request.

        Raises ``TokenInvalid`` with one text for whatever is wrong, ``NonceRequired`` where only
        the nonce is missing, and ``ClientSuspended`` once it is known who asks.
        """
        token = _access_token(presented.authorization)
        granted = self._granted(token, now)
        key = keys.token_key(granted.unit, granted.key)
        if key is None or not key.valid_at(now):
            raise TokenInvalid
        proof = verify_proof(
            _only(presented.dpop),
            presented.request,
            now,
            access_token=token,
            jkt=granted.jkt,
            nonces=self._nonces,
        )
        client = AuthenticatedClient(
            unit=granted.unit,
            organisation=organisation_of(granted.unit),
            proof_id=proof.id,
            proof_expires_at=proof.expires_at,
        )
        if not keys.is_active(client.unit):
            raise ClientSuspended(client)
        return client

    def nonce(self, now: int) -> str | None:
        """Return the nonce that answers carry, if this hub asks for one."""
        return None if self._nonces is None else self._nonces.current(now)

    def _verify_client(self, assertion: str, keys: Keys, now: int) -> tuple[JsonObject, str]:
        try:
            unverified = parse_token(assertion, CLIENT_ASSERTION)
            unit = str(unverified.claims.get("iss"))
            key = keys.token_key(unit, unverified.kid)
            claims = verify_parsed(unverified, CLIENT_ASSERTION, key, now)
        except TokenInvalid:
            raise GrantRefused("invalid_client") from None
        if claims["sub"] != unit or claims["aud"] != self.issuer:
            raise GrantRefused("invalid_client")
        return claims, unverified.kid

    def _granted(self, token: str, now: int) -> _Granted:
        name = digest(token)
        granted = self._remembered.get(name)
        if granted is None:
            granted = self._verify_access_token(token, now)
            self._remember(name, granted, now)
        if now >= granted.expires_at:
            raise TokenInvalid
        return granted

    def _verify_access_token(self, token: str, now: int) -> _Granted:
        claims = verify_token(token, kind=ACCESS_TOKEN, key_for=lambda _: self._own, now=now)
        if not claims["iss"] == claims["aud"] == self.issuer:
            raise TokenInvalid
        bound = claims["cnf"]
        assert isinstance(bound, dict)  # noqa: S101  the kind has established it
        return _Granted(
            unit=str(claims["sub"]),
            key=str(claims["key"]),
            jkt=str(bound["jkt"]),
            expires_at=_second(claims, "exp"),
        )

    def _remember(self, name: str, granted: _Granted, now: int) -> None:
        with self._lock:
            if len(self._remembered) >= _MOST_REMEMBERED:
                alive = (item for item in self._remembered.items() if item[1].expires_at > now)
                # If all are alive, half of them are verified once more; that is no harm.
                self._remembered = dict(list(alive)[-_MOST_REMEMBERED // 2 :])
            self._remembered[name] = granted


def make_client_assertion(key: PrivateSigningKey, unit: str, issuer: str, now: int) -> str:
    """Say, as a client, who asks for a token (RFC 7523 § 3)."""
    claims: JsonObject = {
        "iss": unit,
        "sub": unit,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + CLIENT_ASSERTION.lifetime,
    }
    return sign_token(key, CLIENT_ASSERTION.typ, claims)


def _access_token(authorization: Sequence[str]) -> str:
    scheme, _, token = _only(authorization).partition(" ")
    if scheme.lower() != "dpop" or not token.isascii():
        raise TokenInvalid
    return token


def _only(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise TokenInvalid
    return values[0]


def _second(claims: JsonObject, name: str) -> int:
    value = claims[name]
    assert isinstance(value, int)  # noqa: S101  the kind has established it
    return value
