# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is something signed? As a compact JWS with one header and no choice (SL1 § 5, RFC 7515).

Nothing here verifies: whose key it is and whether it was valid is known to ``hub.trust``.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from hub.errors import EnvelopeInvalid
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64, jcs, parse_strict, unb64

MESSAGE_TYP: Final = "meldeweg-message+sd-jwt"
READER_TYP: Final = "meldeweg-reader+jwt"
_HEADER: Final = frozenset({"alg", "kid", "typ"})
_SEGMENTS: Final = 3


class Signer(Protocol):
    """Who can sign, wherever the key lies."""

    @property
    def kid(self) -> str: ...

    @property
    def alg(self) -> Literal["EdDSA", "ES256"]: ...

    def sign(self, data: bytes) -> bytes:
        """Return 64 bytes: a signature of Ed25519, or r and s of P-256."""
        ...


@dataclass(frozen=True)
class ParsedJws:
    """A compact JWS of the one form; its signature is not verified."""

    header: JsonObject
    payload: bytes
    claims: JsonObject
    iss: str
    iat: int


def write_jws(typ: str, claims: JsonObject, signer: Signer) -> str:
    """Sign claims in their canonical form."""
    header = jcs({"alg": signer.alg, "kid": signer.kid, "typ": typ})
    signing_input = f"{b64(header)}.{b64(jcs(claims))}"
    return f"{signing_input}.{b64(signer.sign(signing_input.encode('ascii')))}"


def parse_jws(text: Json, typ: str) -> ParsedJws:
    """Read a compact JWS of one type, or refuse it as ``envelope-invalid`` (SL1 § 7, step 3).

    The algorithm is not judged here: it is the one stored with the key.
    """
    try:
        header, payload = _segments(text)
        claims = _object(payload)
        return ParsedJws(
            _header(header, typ), payload, claims, _string(claims, "iss"), _integer(claims, "iat")
        )
    except ValueError:
        raise EnvelopeInvalid from None


def _segments(text: Json) -> tuple[bytes, bytes]:
    if not isinstance(text, str):
        raise ValueError("not a string")  # noqa: TRY004  one kind of error
    segments = text.split(".")
    if len(segments) != _SEGMENTS or not all(segments):
        raise ValueError("not three segments")
    header, payload, _ = (unb64(segment) for segment in segments)
    return header, payload


def _header(raw: bytes, typ: str) -> JsonObject:
    header = _object(raw)
    if header.keys() != _HEADER or header["typ"] != typ:
        raise ValueError("not exactly the header of its type")
    _string(header, "alg")
    _string(header, "kid")
    return header


def _object(raw: bytes) -> JsonObject:
    value = parse_strict(raw)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  as above
    return value


def _string(members: JsonObject, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise ValueError("not a string")  # noqa: TRY004  as above
    return value


def _integer(members: JsonObject, name: str) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not an integer")  # noqa: TRY004  as above
    return value
