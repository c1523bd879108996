# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this ID token what the provider of this portal says of somebody, to this sign-in, just now?

Stricter than OpenID Connect Core § 3.1.3.7 where it may be: the algorithm belongs to the key and is
one of four, the key is one that the provider publishes, there is one audience, and times are short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from hub.errors import TokenInvalid
from hub.sealing.canonical import digest

ALGORITHMS: Final = {
    ("RSA", None): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
"""By kind of key; no symmetric one, and ``none`` least of all."""
SKEW: Final = 60
"""Seconds by which the provider's clock may differ from ours."""
OLDEST: Final = 600
"""Seconds since which a token may have been issued: it comes on the heels of its code."""
LONGEST: Final = 16_384
_RSA_BITS: Final = 2048
_LONGEST_SUBJECT: Final = 255
_POSSESSION: Final = frozenset({"hwk", "swk", "otp", "sc", "pop"})
_SELF: Final = frozenset({"pwd", "pin", "fpt", "face", "iris", "vbm", "retina"})


@dataclass(frozen=True)
class Expected:
    """What a token has to say to count for this sign-in."""

    issuer: str
    client: str
    nonce: str
    acr: tuple[str, ...] = ()
    """Which of these counts as two factors; where none is named, ``amr`` has to say so."""
    since: int = 0
    """Second before which the provider must not have seen this person last."""


@dataclass(frozen=True)
class Shown:
    """Somebody whom the provider has seen, with two factors."""

    iss: str
    sub: str
    auth_time: int
    acr: str | None
    digest: str
    """Of the token."""


class KeyUnknown(TokenInvalid):
    """The token names a key that is not among those known; the provider may have a new one."""


def verify_id_token(
    token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: int
) -> Shown:
    """Return whom a token is about; raises ``TokenInvalid``, whichever check failed."""
    try:
        claims = _verified(token, keys, expected)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise TokenInvalid from None
    _check_times(claims, expected, now)
    if claims.get("nonce") != expected.nonce or not expected.nonce:
        raise TokenInvalid
    if claims.get("azp", expected.client) != expected.client:
        raise TokenInvalid
    if not _is_two_factors(claims, expected):
        raise TokenInvalid
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise TokenInvalid
    acr = claims.get("acr")
    return Shown(
        iss=expected.issuer,
        sub=subject,
        auth_time=claims["auth_time"],
        acr=acr if isinstance(acr, str) else None,
        digest=digest(token),
    )


def _verified(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    if len(token) > LONGEST:
        raise TokenInvalid
    header = jwt.get_unverified_header(token)
    key = _key(header, keys)
    claims: dict[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=[header["alg"]],
        audience=expected.client,
        issuer=expected.issuer,
        # Times are judged below, by the clock that the portal lives by.
        options={
            "require": ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    # Among several audiences another one could use the token here.
    if claims["aud"] not in (expected.client, [expected.client]):
        raise TokenInvalid
    return claims


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    """Return the one published key that the token names, if its algorithm is that key's."""
    kid = header.get("kid")
    named = [each for each in keys if each.get("kid") == kid and each.get("use") != "enc"]
    if not named:
        raise KeyUnknown
    if len(named) != 1 or "crit" in header:
        raise TokenInvalid
    known = named[0]
    crv = None if known.get("kty") == "RSA" else known.get("crv")
    algorithms = ALGORITHMS.get((str(known.get("kty")), crv), ())
    if header.get("alg") not in algorithms or known.get("alg", header["alg"]) != header["alg"]:
        raise TokenInvalid
    key = jwt.PyJWK(dict(known), algorithm=header["alg"])
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _RSA_BITS:
        raise TokenInvalid
    return key


def _check_times(claims: Mapping[str, Any], expected: Expected, now: int) -> None:
    said = [claims[name] for name in ("iat", "exp", "auth_time")]
    if not all(type(each) is int and each > 0 for each in said):
        raise TokenInvalid
    issued, ends, seen = said
    if ends <= now - SKEW or not now - OLDEST <= issued <= now + SKEW:
        raise TokenInvalid
    if not expected.since - SKEW <= seen <= now + SKEW:
        raise TokenInvalid


def _is_two_factors(claims: Mapping[str, Any], expected: Expected) -> bool:
    if expected.acr:
        return claims.get("acr") in expected.acr
    amr = claims.get("amr")
    methods = {each for each in amr if isinstance(each, str)} if isinstance(amr, list) else set()
    return "mfa" in methods or bool(methods & _POSSESSION and methods & _SELF)
