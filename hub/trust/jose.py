# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this token what it must be to count here? The one function that verifies every token.

The order is always the same: length, three segments in their only spelling, strict JSON, exactly
the header members of the kind, the key that the caller names, the algorithm that is stored with
that key, the signature, and at last the claims. A token of one kind is none of another, because
``typ`` is explicit for each (RFC 8725 § 3.11). Nothing that a token points to is ever fetched:
``jku``, ``x5u`` and whatever else is no member of the kind ends the matter.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Never, TypeAlias

from hub.errors import Refusal
from hub.model.json import Json, JsonObject
from hub.model.participant import SigningKey
from hub.sealing.canonical import b64, jcs, parse_strict, unb64
from hub.sealing.jws import write_jws
from hub.trust.keys import PrivateSigningKey, verify_raw
from hub.trust.kinds import TokenKind, is_second

AHEAD: Final = 10
"""Seconds that the clock of a client may be ahead of ours (FAPI 2.0 § 5.3.2.1)."""

_KID: Final = re.compile(r"[A-Za-z0-9._-]{4,128}")


@dataclass(frozen=True)
class Unverified:
    """What a token says of itself; nothing of it is established yet."""

    alg: str
    kid: str
    """Empty where the kind carries its key in the header."""
    jwk: Json
    claims: JsonObject
    signed: bytes
    signature: bytes


KeyFor: TypeAlias = Callable[[Unverified], SigningKey | None]
"""The key that a token of this kind, from whom it says it is from, has to be signed with."""


def verify_token(token: str, *, kind: TokenKind, key_for: KeyFor, now: int = 0) -> JsonObject:
    """Return the claims of a token of one kind, or refuse.

    A document is held against its own ``iat``: its key had to be valid then, and it stays
    evidence. A credential is held against ``now``. Every refusal is the one of the kind, without
    a word on which check failed.
    """
    unverified = parse_token(token, kind)
    return verify_parsed(unverified, kind, key_for(unverified), now)


def parse_token(token: str, kind: TokenKind) -> Unverified:
    """Read a token whose form is that of its kind; establishes nothing."""
    try:
        return _parse(token, kind)
    except (ValueError, RecursionError):
        raise kind.malformed() from None


def verify_parsed(
    unverified: Unverified, kind: TokenKind, key: SigningKey | None, now: int
) -> JsonObject:
    """Return the claims, once the key, its algorithm, the signature and the times have held."""
    claims = unverified.claims
    second = now if kind.is_credential else _second(claims, "iat", kind)
    if key is None or unverified.kid not in {"", key.kid} or unverified.alg != key.alg:
        raise kind.refusal
    if not key.valid_at(second):
        raise kind.refusal
    try:
        verify_raw(key.jwk, key.alg, unverified.signature, unverified.signed)
    except Refusal:
        raise kind.refusal from None
    if not kind.admits(claims):
        raise kind.malformed
    if kind.is_credential:
        _check_times(claims, kind, now)
    return claims


def sign_token(key: PrivateSigningKey, typ: str, claims: JsonObject) -> str:
    """Sign claims as a token; header and payload are strict JSON."""
    return write_jws(typ, claims, key)


def sign_compact(key: PrivateSigningKey, header: JsonObject, claims: JsonObject) -> str:
    """Write a compact JWS with another header than all others have (RFC 7515 § 7.1)."""
    signed = f"{b64(jcs(header))}.{b64(jcs(claims))}"
    return f"{signed}.{b64(key.sign(signed.encode('ascii')))}"


def _parse(token: str, kind: TokenKind) -> Unverified:
    if len(token) > kind.max_bytes:
        raise ValueError("too long")
    # With more or fewer than three segments this raises ValueError, too.
    header_bytes, payload, signature = map(unb64, token.split("."))
    read = parse_strict if kind.is_canonical else _parse_json
    header, claims = read(header_bytes), read(payload)
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("not two objects")  # noqa: TRY004  every malformed token is one ValueError
    if header.keys() != kind.header or header["typ"] != kind.typ:
        raise ValueError("not the header of this kind")
    return Unverified(
        alg=_text(header["alg"]),
        kid=_key_id(header["kid"]) if "kid" in header else "",
        jwk=header.get("jwk"),
        claims=claims,
        signed=token.rpartition(".")[0].encode("ascii"),
        signature=signature,
    )


def _check_times(claims: JsonObject, kind: TokenKind, now: int) -> None:
    issued = _second(claims, "iat", kind)
    expires = _second(claims, "exp", kind) if "exp" in claims else issued + kind.lifetime
    begins = _second(claims, "nbf", kind) if "nbf" in claims else issued
    too_early = max(issued, begins) > now + AHEAD
    # One comparison for both: what carries its end must not have it too far off.
    too_long = expires - issued > kind.lifetime
    if too_early or too_long or now >= min(expires, issued + kind.lifetime):
        raise kind.refusal


def _second(claims: JsonObject, name: str, kind: TokenKind) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or not is_second(value):
        raise kind.malformed
    return value


def _key_id(value: Json) -> str:
    kid = _text(value)
    if not _KID.fullmatch(kid):
        raise ValueError("not a key id")
    return kid


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("not a string")  # noqa: TRY004  as above
    return value


def _parse_json(raw: bytes) -> Json:
    """Read JSON in any spelling, but without a name twice: stock OAuth clients do not sort."""
    value: Json = json.loads(
        raw.decode("utf-8"),
        object_pairs_hook=_members_once,
        parse_float=_refuse_number,
        parse_constant=_refuse_number,
    )
    return value


def _members_once(pairs: list[tuple[str, Json]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name twice")
    return members


def _refuse_number(_: str) -> Never:
    raise ValueError("a number that is not an integer")
