# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does whoever sends this request hold the key that the token is bound to? (RFC 9449)"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from hub.errors import Refusal, TokenInvalid
from hub.model.json import JsonObject
from hub.model.participant import PublicJwk, SigningKey
from hub.sealing.canonical import b64, digest, jcs, parse_strict
from hub.trust.jose import AHEAD, Unverified, parse_token, sign_compact, verify_parsed
from hub.trust.keys import (
    PrivateSigningKey,
    algorithm_of,
    jwk_members,
    parse_jwk,
    thumbprint,
)
from hub.trust.kinds import DPOP_PROOF

_UNRESERVED: Final = "-._~"
# What may stand in a path as it is (RFC 3986 § 3.3); a slash that was escaped stays escaped.
_PATH_ALSO: Final = "!$&'()*+,;=:@"
_DEFAULT_PORT: Final = {"http": 80, "https": 443}


class NonceRequired(TokenInvalid):
    """The proof has to carry the nonce of this answer."""

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.nonce = nonce
        """For the header ``DPoP-Nonce``."""


@dataclass(frozen=True)
class Request:
    """What a proof is held against: the request as it arrived, under our own address."""

    method: str
    url: str
    """The configured public URL and the path of the request; never taken from a header."""


@dataclass(frozen=True)
class Proof:
    """A proof whose signature and claims have held; whether it is used once, the writer knows."""

    jkt: str
    id: str
    expires_at: int


class Nonces:
    """Nonces that the hub need not remember: a keyed digest of the five minutes they are from.

    Nodes that answer for each other have to share the secret (RFC 9449 § 8).
    """

    def __init__(self, secret: bytes | None = None, period: int = 300) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._period = period

    def current(self, now: int) -> str:
        return self._of(now // self._period)

    def holds(self, nonce: str, now: int) -> bool:
        """Return whether the nonce is from these five minutes or those before."""
        period = now // self._period
        given = nonce.encode("ascii")
        return any(
            hmac.compare_digest(given, self._of(number).encode("ascii"))
            for number in (period, period - 1)
        )

    def _of(self, period: int) -> str:
        return b64(hmac.digest(self._secret, str(period).encode("ascii"), hashlib.sha256)[:16])


def verify_proof(
    proof: str,
    request: Request,
    now: int,
    *,
    access_token: str | None = None,
    jkt: str | None = None,
    nonces: Nonces | None = None,
) -> Proof:
    """Establish that the proof is for this request, this token and this minute.

    With ``jkt`` the key has to be the one a token is bound to; without, any sound key will do,
    because the token will be bound to it.
    """
    unverified = parse_token(proof, DPOP_PROOF)
    key = _key_in(unverified)
    if jkt is not None and key.kid != jkt:
        raise TokenInvalid
    claims = verify_parsed(unverified, DPOP_PROOF, key, now)
    _check_request(claims, request)
    if claims.get("ath") != (None if access_token is None else digest(access_token)):
        raise TokenInvalid
    if nonces is not None and not nonces.holds(str(claims.get("nonce", "")), now):
        raise NonceRequired(nonces.current(now))
    return _proof(key, claims)


def make_dpop_proof(
    key: PrivateSigningKey,
    request: Request,
    now: int,
    *,
    access_token: str | None = None,
    nonce: str | None = None,
) -> str:
    """Prove, as a client, that this request is from whoever holds the key."""
    claims: JsonObject = {
        "jti": secrets.token_urlsafe(16),
        "htm": request.method,
        "htu": request.url.partition("?")[0],
        "iat": now,
    }
    if access_token is not None:
        claims["ath"] = digest(access_token)
    if nonce is not None:
        claims["nonce"] = nonce
    header: JsonObject = {"alg": key.alg, "jwk": jwk_members(key.jwk), "typ": DPOP_PROOF.typ}
    return sign_compact(key, header, claims)


def normal_url(url: str) -> str:
    """Return the one spelling of an address, without query and fragment (RFC 3986 § 6.2)."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if not scheme or not host or parts.username is not None:
        raise ValueError("not an absolute address")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != _DEFAULT_PORT.get(scheme):
        host = f"{host}:{port}"
    segments = (
        quote(unquote_to_bytes(segment), safe=_UNRESERVED + _PATH_ALSO)
        for segment in (parts.path or "/").split("/")
    )
    return f"{scheme}://{host}{'/'.join(segments)}"


def _key_in(unverified: Unverified) -> SigningKey:
    try:
        return _load_key(jcs(unverified.jwk))
    except (Refusal, ValueError):
        raise TokenInvalid from None


@lru_cache(maxsize=4096)
def _load_key(jwk: bytes) -> SigningKey:
    """A client shows the same key with every request; it is looked at once."""
    public: PublicJwk = parse_jwk(parse_strict(jwk))
    return SigningKey(kid=thumbprint(public), alg=algorithm_of(public), jwk=public, not_before=0)


def _check_request(claims: JsonObject, request: Request) -> None:
    if claims["htm"] != request.method or not _is_same(str(claims["htu"]), request.url):
        raise TokenInvalid


def _is_same(url: str, ours: str) -> bool:
    """Return whether two addresses are one; most often they are spelled alike, too."""
    if url == ours:
        return True
    try:
        return normal_url(url) == normal_url(ours)
    except ValueError:
        return False


def _proof(key: SigningKey, claims: JsonObject) -> Proof:
    issued = claims["iat"]
    assert isinstance(issued, int)  # noqa: S101  the kind has established it
    # Remembered a little longer than it counts: the clocks of two nodes are not one.
    return Proof(key.kid, str(claims["jti"]), issued + DPOP_PROOF.lifetime + AHEAD)
