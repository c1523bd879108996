# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does this log hold? The auditor's program, one file, to be run on a copy and without us.

Needs the standard library of Python 3.11 and nothing of the hub. It believes no stored hash: every
leaf is computed from the body of its entry, every root from the leaves, and the signed checkpoints
decide. Each finding names table, row and column, or the file.

    verify.py db FILE [--vkey V]
    verify.py tiles DIRECTORY --vkey V
    verify.py receipt FILE --vkey V [--keys hub-keys.json]
    verify.py evidence FILE.zip [--vkey V]

``--vkey`` is the log's key as the operator published it. Ends with 0 if nothing was found, else 1.
"""

import argparse
import base64
import hashlib
import json
import lzma
import re
import sqlite3
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

    HAS_LIBRARY = True
except ImportError:  # pragma: no cover  an auditor's computer; the slow way is tested by itself
    HAS_LIBRARY = False

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, and where. Never quotes what stands there."""

    table: str
    """Table, or name of a file."""
    row: str
    column: str
    text: str

    def __str__(self) -> str:
        row = f"[{self.row}]" if self.row else ""
        column = f".{self.column}" if self.column else ""
        return f"{self.table}{row}{column}: {self.text}"


class Wrong(Exception):  # noqa: N818  what was read is wrong, the program is not
    """What was read does not have its form, or does not hold; says in German what."""


def demand(text: str, *, holds: bool) -> None:
    """Raise with the text unless it holds."""
    if not holds:
        raise Wrong(text)


# --- Encodings ---------------------------------------------------------------------------------


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """Read base64url without padding, in its one spelling."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Wrong("kein base64url") from None
    if b64(data) != text:
        raise Wrong("kein base64url in einziger Schreibweise")
    return data


def unbase64(text: str) -> bytes:
    """Read standard base64, in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("kein base64") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Wrong("kein base64 in einziger Schreibweise")
    return data


def digest(data: bytes | str) -> str:
    octets = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return b64(hashlib.sha256(octets).digest())


def canonical(value: Any) -> bytes:
    """Write JSON in the form of RFC 8785; integers are the only numbers."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _ordered(value[name]) for name in names}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 1 << 53):
        raise Wrong("keine Ganzzahl")
    return value


def read_json(data: bytes | str) -> Any:
    """Read JSON; a member that comes twice is refused, since two readers would read two things."""
    try:
        return json.loads(data, object_pairs_hook=_members, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Wrong("kein JSON") from None


def read_strict(data: bytes) -> Any:
    """Read JSON that is in its canonical form."""
    value = read_json(data)
    try:
        if canonical(value) == data:
            return value
    except UnicodeEncodeError:
        pass
    raise Wrong("nicht in kanonischer Form (RFC 8785)")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _no_constant(_: str) -> None:
    raise ValueError


def text_of(value: object) -> str:
    """Return a value from the database as text, whatever type a flipped bit gave it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def bytes_of(value: object) -> bytes:
    return value if isinstance(value, bytes) else text_of(value).encode("utf-8", "surrogateescape")


# --- Ed25519 (RFC 8032) ------------------------------------------------------------------------

KEY: Final = 32
SIGNATURE: Final = 64
_P: Final = 2**255 - 19
_L: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT: Final = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_NEUTRAL: Final[_Point] = (0, 1, 1, 0)


def _add(one: _Point, other: _Point) -> _Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _decompress(data: bytes) -> _Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


def _compress(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _windows(point: _Point) -> list[list[_Point]]:
    """Return 0 to 15 times each power of 16 of a point, so that multiplying is only adding."""
    windows = []
    for _ in range(64):
        multiples = [_NEUTRAL]
        for _ in range(15):
            multiples.append(_add(multiples[-1], point))
        windows.append(multiples)
        point = _add(multiples[-1], point)
    return windows


def _multiply(windows: list[list[_Point]], number: int) -> _Point:
    product = _NEUTRAL
    for multiples in windows:
        product, number = _add(product, multiples[number & 15]), number >> 4
    return product


@lru_cache(maxsize=1)
def _base() -> list[list[_Point]]:
    point = _decompress((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point is not None  # noqa: S101  the base point of the standard
    return _windows(point)


@lru_cache(maxsize=64)
def _negated(public: bytes) -> list[list[_Point]] | None:
    point = _decompress(public)
    if point is None:
        return None
    x, y, z, t = point
    return _windows((_P - x, y, z, _P - t))


def ed25519_in_python(public: bytes, signature: bytes, message: bytes) -> bool:
    """Verify with integers alone, about a millisecond once a key is known."""
    key = _negated(public)
    s = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != SIGNATURE or s >= _L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(hashed, "little") % _L
    return _compress(_add(_multiply(_base(), s), _multiply(key, k))) == signature[:32]


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    if not HAS_LIBRARY:
        return ed25519_in_python(public, signature, message)
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- ECDSA over P-256 (FIPS 186-5) -------------------------------------------------------------

_Q: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Affine = tuple[int, int] | None


def _sum(one: _Affine, other: _Affine) -> _Affine:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % _Q == 0:
            return None
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, _Q) % _Q
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _Q) % _Q
    x = (slope * slope - x1 - x2) % _Q
    return (x, (slope * (x1 - x) - y1) % _Q)


def _times(point: _Affine, number: int) -> _Affine:
    product: _Affine = None
    while number:
        if number & 1:
            product = _sum(product, point)
        point, number = _sum(point, point), number >> 1
    return product


def es256_in_python(public: bytes, signature: bytes, message: bytes) -> bool:
    """Verify with integers alone, some tens of milliseconds; ``public`` is x and y."""
    x, y = int.from_bytes(public[:32]), int.from_bytes(public[32:])
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    on_curve = max(x, y) < _Q and (y * y - x * x * x + 3 * x - _B) % _Q == 0
    if (len(public), len(signature)) != (2 * KEY, SIGNATURE) or not on_curve:
        return False
    if not (0 < r < _N and 0 < s < _N):
        return False
    hashed = int.from_bytes(hashlib.sha256(message).digest())
    inverse = pow(s, -1, _N)
    point = _sum(_times(_G, hashed * inverse % _N), _times((x, y), r * inverse % _N))
    return point is not None and point[0] % _N == r


def verify_es256(public: bytes, signature: bytes, message: bytes) -> bool:
    if not HAS_LIBRARY:
        return es256_in_python(public, signature, message)
    if len(signature) != SIGNATURE:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


# --- JWS ---------------------------------------------------------------------------------------

MESSAGE_TYP: Final = "meldeweg-message+sd-jwt"
RECEIPT_TYP: Final = "secevent+jwt"
READER_TYP: Final = "meldeweg-reader+jwt"
DIRECTORY_TYP: Final = "meldeweg-directory+jwt"
ADOPTION_TYP: Final = "meldeweg-adoption+jwt"
AGREEMENT_TYP: Final = "meldeweg-agreement+jwt"
PASSING_TYP: Final = "meldeweg-passing+jwt"
HEAD_TYP: Final = "meldeweg-connector-checkpoint+jwt"
_SEGMENTS: Final = 3
EVENT_URN: Final = "urn:meldeweg:receipt:"


@dataclass(frozen=True)
class Jws:
    """A compact JWS of one type; its signature is yet to be verified."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """Digest without the signature (SL1 § 9)."""
        return digest(self.signed)

    def is_signed_by(self, key: Mapping[str, Any] | None) -> bool:
        """Tell whether the key, with its own algorithm, made the signature."""
        if key is None or self.header["kid"] != key.get("kid"):
            return False
        if self.header["alg"] != key.get("alg"):
            return False
        try:
            return _verify_by_jwk(key["jwk"], key["alg"], self.signature, self.signed)
        except (Wrong, KeyError, TypeError, AttributeError):
            return False


def read_jws(text: str, typ: str) -> Jws:
    """Read a compact JWS with exactly the header of this house."""
    segments = text.split(".")
    if len(segments) != _SEGMENTS:
        raise Wrong("kein JWS")
    header, claims = read_strict(unb64(segments[0])), read_strict(unb64(segments[1]))
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Wrong("kein JWS")
    if header.keys() != {"alg", "kid", "typ"} or header["typ"] != typ:
        raise Wrong("JWS anderer Art")
    return Jws(header, claims, text.rpartition(".")[0].encode("ascii"), unb64(segments[2]))


def _verify_by_jwk(jwk: Any, alg: str, signature: bytes, signed: bytes) -> bool:
    members = read_json(jwk) if isinstance(jwk, str) else jwk
    if alg == "EdDSA" and (members["kty"], members["crv"]) == ("OKP", "Ed25519"):
        return verify_ed25519(unb64(members["x"]), signature, signed)
    if alg == "ES256" and (members["kty"], members["crv"]) == ("EC", "P-256"):
        return verify_es256(unb64(members["x"]) + unb64(members["y"]), signature, signed)
    return False


# --- Tree (RFC 6962, RFC 9162) -----------------------------------------------------------------

WIDTH: Final = 256
HASH: Final = 32


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def push(frontier: list[bytes], size: int, leaf: bytes) -> None:
    """Append a leaf hash to the complete subtrees of a tree of ``size`` leaves."""
    while size & 1:
        leaf, size = inner_hash(frontier.pop(), leaf), size >> 1
    frontier.append(leaf)


def root_of(frontier: Sequence[bytes]) -> bytes:
    if not frontier:
        return hashlib.sha256(b"").digest()
    hashed = frontier[-1]
    for left in reversed(frontier[:-1]):
        hashed = inner_hash(left, hashed)
    return hashed


def root_over(hashes: Iterable[bytes]) -> bytes:
    frontier: list[bytes] = []
    for size, hashed in enumerate(hashes):
        push(frontier, size, hashed)
    return root_of(frontier)


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root to which a leaf hash and its siblings lead (RFC 9162 § 2.1.3.2)."""
    hashed, last = leaf, size - 1
    if not 0 <= index <= last:
        raise Wrong("der Eintrag liegt hinter dem Prüfpunkt")
    for sibling in proof:
        if last == 0:
            raise Wrong("der Beweis ist zu lang")
        if index & 1 or index == last:
            hashed = inner_hash(sibling, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = inner_hash(hashed, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise Wrong("der Beweis ist zu kurz")
    return hashed


# --- Notes, checkpoints, proofs (C2SP) ---------------------------------------------------------

_VKEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_LINE: Final = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_PLAIN, _COSIGNATURE = 1, 4


@dataclass(frozen=True)
class NoteKey:
    """A verifier key of a signed note."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        material = bytes([self.kind]) + self.public
        return hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]


@dataclass(frozen=True)
class Checkpoint:
    """What the log says of itself: origin, size and root."""

    origin: str
    size: int
    root: bytes


def read_vkey(text: str) -> NoteKey:
    found = _VKEY.fullmatch(text.strip())
    if found is None:
        raise Wrong("kein Schlüssel der Form Name+Kennung+Schlüssel")
    material = unbase64(found[3])
    if len(material) != 1 + KEY or material[0] not in {_PLAIN, _COSIGNATURE}:
        raise Wrong("kein Schlüssel für Ed25519")
    key = NoteKey(found[1], material[0], material[1:])
    if key.id.hex() != found[2]:
        raise Wrong("die Kennung gehört nicht zum Schlüssel")
    return key


def read_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return text and signatures of a signed note in its one spelling."""
    text, separator, lines = note.rpartition("\n\n")
    if (
        not separator
        or not text
        or not lines.endswith("\n")
        or re.search("[\x00-\x09\x0b-\x1f]", note)
    ):
        raise Wrong("keine unterschriebene Notiz")
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len({(name, blob[:4]) for name, blob in signatures}) != len(signatures):
        raise Wrong("zwei Unterschriften mit demselben Schlüssel")
    return text + "\n", signatures


def _signature(line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Wrong("keine Unterschriftszeile")
    return found[1], unbase64(found[2])


def verify_checkpoint(note: str, key: NoteKey) -> Checkpoint:
    """Return the checkpoint that the log's key signed, for its own log."""
    text, signatures = read_note(note)
    signature = next(
        (blob for name, blob in signatures if (name, blob[:4]) == (key.name, key.id)), None
    )
    if signature is None:
        raise Wrong("nicht mit dem Schlüssel des Protokolls unterschrieben")
    if not verify_ed25519(key.public, signature[4:], text.encode("utf-8", "surrogateescape")):
        raise Wrong("die Unterschrift ist falsch")
    match text.split("\n"):
        case [key.name, size, root, ""] if _NUMBER.fullmatch(size):
            hashed = unbase64(root)
        case _:
            raise Wrong("kein Prüfpunkt dieses Protokolls")
    demand("kein Prüfpunkt", holds=len(hashed) == HASH)
    return Checkpoint(key.name, int(size), hashed)


def verify_cosignature(line: str, text: str, key: NoteKey) -> None:
    """Raise unless a witness signed this checkpoint (C2SP tlog-cosignature, Ed25519)."""
    name, blob = _signature(line.removesuffix("\n"))
    if (name, blob[:4]) != (key.name, key.id) or len(blob) != 4 + 8 + SIGNATURE:
        raise Wrong("nicht mit dem Schlüssel des Zeugen unterschrieben")
    said = f"cosignature/v1\ntime {int.from_bytes(blob[4:12])}\n{text}"
    if not verify_ed25519(key.public, blob[12:], said.encode("utf-8", "surrogateescape")):
        raise Wrong("die Unterschrift des Zeugen ist falsch")


@dataclass(frozen=True)
class Proof:
    """A way from a leaf to a signed root; nothing about it is verified."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None


def read_proof(text: str) -> Proof:
    head, separator, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or not separator:
        raise Wrong("kein Beweis der Form tlog-proof")
    extra = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    number = lines.pop(0).removeprefix("index ") if lines and lines[0].startswith("index ") else ""
    hashes_ = tuple(map(unbase64, lines))
    if not _NUMBER.fullmatch(number) or any(len(hashed) != HASH for hashed in hashes_):
        raise Wrong("kein Beweis der Form tlog-proof")
    return Proof(int(number), hashes_, checkpoint, extra)


def verify_proof(text: str, entry: bytes | None, key: NoteKey) -> int:
    """Return the index at which the entry is proven to stand."""
    proof = read_proof(text)
    if entry is None and proof.extra is None:
        raise Wrong("der Eintrag ist gelöscht; ohne ihn ist die Aufnahme nicht zu beweisen")
    leaf = proof.extra if entry is None else entry
    if leaf is None or (proof.extra is not None and proof.extra != leaf):
        raise Wrong("der Beweis gehört zu einem anderen Eintrag")
    checkpoint = verify_checkpoint(proof.checkpoint, key)
    root = root_of_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes)
    if root != checkpoint.root:
        raise Wrong("der Beweis führt zu einer anderen Wurzel")
    return proof.index


# --- Entries (specs/log-entry.schema.json) -----------------------------------------------------

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_DIGEST: Final = "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
_PARTY: Final = r"[a-z]{4,20}:[A-Za-z0-9][A-Za-z0-9-]{1,39}(\.[a-z0-9-]{1,24})?"
_PROTOCOL: Final = r"[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
MAX_LEAF: Final = 4096
MAX_NUMBER: Final = 2**53 - 1


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MESSAGE_KINDS: Final = _words(
    "message.accepted message.opened message.taken message.acknowledged message.rejected"
    " message.withdrawn message.expired message.overdue message.escalated message.held"
    " message.passed-on message.reader-added content.erased"
)
KINDS: Final = MESSAGE_KINDS | _words(
    "message.refused access.denied auth.failed log.genesis log.heartbeat log.read log.exported"
    " log.pruned evidence.issued sample.drawn identity.resolved breakglass.used"
    " breakglass.reviewed participant.joined participant.suspended participant.succeeded"
    " key.enrolled key.rotated key.revoked directory.changed roster.changed role.granted"
    " role.revoked agreement.signed agreement.expired protocol.published protocol.adopted"
    " protocol.retired hold.placed hold.released data.rectified schema.migrated software.started"
    " clock.adjusted checkpoint.unwitnessed checkpoint.witnessed backup.taken restore.performed"
    " incident.opened incident.notified incident.closed reconcile.done"
    " connector.checkpoint participant.invited participant.resumed participant.contracted"
    " key.doubted message.passing reminder.sent"
)
STATEMENT: Final = "message.passing"

REASONS: Final = _words(
    "already-taken attachment-refused basis-not-allowed body-mismatch commitments-invalid"
    " content-erased content-invalid conversation-moved-on envelope-invalid expired failure"
    " hub-mismatch id-mismatch id-reused issued-outside-window leaf-malformed leaf-mismatch"
    " leaf-unopenable lease-lost log-unavailable media-type-unsupported no-agreement no-duty-desk"
    " not-a-message not-addressed not-found not-permitted overloaded participant-suspended"
    " protocol-not-adopted protocol-retired read-only reader-key-invalid reader-key-stale"
    " readers-invalid recipient-unknown schema-not-sealable schema-unknown scope-exceeded"
    " secret-mismatch sender-mismatch signature-invalid signer-not-entitled step-not-allowed"
    " storage-full suite-unsupported token-invalid too-large too-many-requests"
    " urgency-not-allowed wrap-unopenable"
    " eigenueberwachung rechtmaessigkeit sicherheit strafverfahren owed reminder returned"
) | {""}
ROLES: Final = _words(
    "aufsicht bereitschaft betrieb datenschutz fachkraft freigeben koordination leitung lesen"
    " verfassen verwalten"
) | {""}
OBJECTS: Final = _words(
    "agreement backup checkpoint clock connector conversation entry evidence hold hub incident key"
    " log message organisation peer protocol pseudonym request role roster sample schema software"
    " unit"
)
KEPT: Final = frozenset({"log.genesis", "log.pruned"})
"""Kinds whose bodies never go."""

Check = Callable[[Any], bool]


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _among(words: Iterable[str]) -> Check:
    known = frozenset(words)
    return lambda value: isinstance(value, str) and value in known


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_NUMBER


def _list_of(check: Check, least: int, most: int) -> Check:
    return lambda value: (
        isinstance(value, list) and least <= len(value) <= most and all(map(check, value))
    )


def _object_of(required: Mapping[str, Check], optional: Mapping[str, Check], least: int) -> Check:
    known = {**required, **optional}
    return lambda value: (
        isinstance(value, dict)
        and len(value) >= least
        and required.keys() <= value.keys() <= known.keys()
        and all(known[name](member) for name, member in value.items())
    )


_EVENT_ID: Final = _like("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_is_digest: Final = _like(_DIGEST)
_MEMBERS: Final[Mapping[str, Check]] = {
    "v": lambda value: type(value) is int and value == 1,
    "id": _EVENT_ID,
    "t": _like(
        r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
    ),
    "node": _like("(hub|connector|portal)-[0-9]{1,4}"),
    "nseq": _is_count,
    "k": _among(KINDS),
    "out": _among(("ok", "refused")),
    "act": _object_of(
        {
            "org": _like(f"|{_PARTY}|[a-z0-9][a-z0-9.:/-]{{2,127}}"),
            "role": _among(ROLES),
            "pid": _like("|[A-Za-z0-9_-]{21}[AQgw]"),
            "auth": _like(f"|(code|dpop|key|mtls|oidc|passkey|root)(:{_DIGEST})?"),
        },
        {},
        4,
    ),
    "rcp": _list_of(_like(_PARTY), 0, 16),
    "obj": _object_of(
        {
            "ty": _among(OBJECTS),
            "id": _like(f"|{_UUID}|{_PARTY}|{_DIGEST}|{_PROTOCOL}|[a-z][a-z0-9-]{{2,39}}"),
            "d": _like(f"|{_DIGEST}"),
            "ct": _like(f"|{_PROTOCOL}(/[a-z][a-z0-9-]{{1,39}})?"),
        },
        {"n": _is_count},
        4,
    ),
    "law": _list_of(
        _like("[a-z]{2,20}[0-9]{0,2}-[0-9]{1,4}[a-z]{0,2}(-((s|nr|hs)?[0-9]{1,2}[a-z]?|[a-z]))*"),
        0,
        8,
    ),
    "rule": _like(
        f"|{_DIGEST}|[a-z][a-z0-9-]{{1,39}}(@[0-9]{{1,6}})?(/[a-z0-9][a-z0-9.-]{{0,39}}){{0,2}}"
    ),
    "why": _among(REASONS),
    "n": _is_digest,
}
_OPTIONAL: Final[Mapping[str, Check]] = {
    "com": _object_of(
        {}, {"conversation": _is_digest, "query": _is_digest, "reason": _is_digest}, 1
    ),
    "ref": _list_of(_like(_UUID), 1, 8),
}
_CHECKS: Final = {**_MEMBERS, **_OPTIONAL}
_is_uuid: Final = _like(_UUID)


def read_entry(body: bytes) -> dict[str, Any]:
    """Return an entry whose bytes are canonical and whose form is the closed one."""
    entry = _read_canonical(body)
    _check_form(entry)
    return entry  # type: ignore[no-any-return]


def _read_canonical(body: bytes) -> Any:
    if len(body) > MAX_LEAF:
        raise Wrong("größer als 4096 Bytes")
    try:
        # Of what passes a form of entries this is RFC 8785, and it is the fastest way to say so.
        entry = json.loads(body)
        written = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError):
        raise Wrong("kein JSON") from None
    if written != body:
        raise Wrong("nicht in kanonischer Form (RFC 8785)")
    return entry


def _check_form(entry: Any) -> None:
    if not isinstance(entry, dict) or not _MEMBERS.keys() <= entry.keys() <= _CHECKS.keys():
        raise Wrong("nicht die Felder eines Eintrags")
    for name, member in entry.items():
        if not _CHECKS[name](member):
            raise Wrong(f"das Feld /{name} hat nicht die vorgeschriebene Form")
    about = entry["obj"]
    if entry["k"] in MESSAGE_KINDS | {STATEMENT} and not (
        about["ty"] == "message" and _is_uuid(about["id"]) and about["d"]
    ):
        raise Wrong("kein Eintrag zu einer Quittung oder Weitergabe")
    if entry["k"] == STATEMENT and "ref" not in entry:
        raise Wrong("eine Weitergabe ohne die andere Nachricht")
    if entry["out"] == "refused" and not entry["why"]:
        raise Wrong("eine Zurückweisung ohne Grund")


# --- Entries of a log of reading (specs/reading-entry.schema.json) -------------------------------

READING_LOG: Final = "/lesebuch/"
"""Stands in the name of the key of a unit's own log."""
READING_KINDS: Final = _words(
    "reading.listed reading.shown reading.printed reading.exported reading.entrusted reading.log"
    " reading.denied log.pruned"
)
READING_CLASSES: Final = _words("main akte anvertraut schutzadresse")
READING_ROLES: Final = _words("bereitschaft fachkraft leitung verwalten datenschutz betrieb") | {""}
READING_GROUNDS: Final = _words(
    "uebernommen benannt vertretung uebergabe einwilligung familiengericht wechsel einschaetzung"
    " befugnis not-permitted eigenueberwachung rechtmaessigkeit sicherheit strafverfahren"
) | {""}
ABOUT_THE_LOG: Final = frozenset({"reading.log", "log.pruned"})
_READING: Final[Mapping[str, Check]] = {
    **{name: _MEMBERS[name] for name in ("v", "id", "t", "nseq", "out", "n")},
    "k": _among(READING_KINDS),
    "act": _object_of(
        {
            "org": _like(_PARTY),
            "role": _among(READING_ROLES),
            "pid": _like("|[A-Za-z0-9_-]{21}[AQgw]"),
        },
        {},
        3,
    ),
    "obj": _object_of(
        {
            "ty": _among(("message", "log")),
            "id": _like(f"|{_UUID}"),
            "ct": _like(f"|{_PROTOCOL}"),
            "d": _like(f"|{_DIGEST}"),
        },
        {"n": _is_count},
        4,
    ),
    "cnv": _like(f"|{_UUID}"),
    "cls": _list_of(_among(READING_CLASSES), 0, len(READING_CLASSES)),
    "why": _among(READING_GROUNDS),
}


def read_reading(body: bytes) -> dict[str, Any]:
    """Return an entry of a log of reading whose bytes are canonical and whose form is closed."""
    entry = _read_canonical(body)
    if not isinstance(entry, dict) or entry.keys() != _READING.keys():
        raise Wrong("nicht die Felder eines Eintrags im Lesebuch")
    for name, member in entry.items():
        if not _READING[name](member):
            raise Wrong(f"das Feld /{name} hat nicht die vorgeschriebene Form")
    if (entry["obj"]["ty"] == "log") != (entry["k"] in ABOUT_THE_LOG):
        raise Wrong("weder zu einer Mitteilung noch zum Lesebuch")
    is_denied = entry["k"] == "reading.denied"
    if (entry["out"] == "refused") != is_denied or (is_denied and not entry["why"]):
        raise Wrong("eine Ablehnung ohne Grund")
    return entry


# --- Keys --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One version of what an organisation says of its keys, and where that stands in the log."""

    claims: Mapping[str, Any]
    index: int

    def keys_of(self, unit: str) -> Iterator[Mapping[str, Any]]:
        for candidate in self.claims.get("units", ()):
            if candidate.get("id") == unit:
                yield from candidate.get("signing", ())

    def names(self, unit: str, other: str) -> bool:
        """Whether the roster of a unit names another that may read for it."""
        rosters = [one.get("roster") for one in self.claims.get("units", ()) if one["id"] == unit]
        return any(
            line.get("unit") == other
            for roster in rosters
            if isinstance(roster, dict)
            for line in roster.get("lines", ())
        )


@dataclass
class Keys:
    """Whose key is whose: the hub's, and those of the organisations, version by version."""

    hub: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Whose keys could not be read, "" for the hub: that is found once, not at each signature."""

    def add(self, organisation: str, version: Version) -> None:
        versions = self.versions.setdefault(organisation, [])
        versions.append(version)
        versions.sort(key=lambda one: one.claims["version"])

    def may_speak_for(self, unit: str, other: str, index: int) -> bool:
        """Whether a unit may say what becomes of a message: itself, or who stands in for it."""
        known = self.versions.get(unit.partition(".")[0], ())
        return other == unit or any(
            version.names(unit, other) for version in known if version.index < index
        )

    def of_hub(self, kid: str) -> Mapping[str, Any] | None:
        key = self.hub.get(kid)
        return key if key is not None and key.get("use") == "receipt" else None

    def of_unit(self, unit: str, kid: str, second: int, index: int) -> Mapping[str, Any] | None:
        """Return the signing key of a unit that stood in the log before ``index``.

        A version that was replaced counts for what was issued up to five minutes after that: so
        long may a message be on its way.
        """
        versions = [
            version
            for version in self.versions.get(unit.partition(".")[0], ())
            if version.index < index
        ]
        for place, version in enumerate(versions):
            later = versions[place + 1].claims["iat"] if place + 1 < len(versions) else None
            if later is not None and later + 300 < second:
                continue
            for key in version.keys_of(unit):
                if key.get("kid") == kid and _is_valid(key, second):
                    return key
        return None


def _is_valid(key: Mapping[str, Any], second: int) -> bool:
    end = key.get("not_after")
    return int(key["not_before"]) <= second and (end is None or second <= int(end))


# --- Receipts ----------------------------------------------------------------------------------

HIDDEN: Final = frozenset({"opened", "escalated"})
STATES: Final = frozenset({"accepted", "taken", "acknowledged", "rejected", "withdrawn", "expired"})
BY_HUB: Final = frozenset(
    {"accepted", "expired", "overdue", "escalated", "held", "passed-on", "reader-added"}
)
BY_SENDER: Final = frozenset({"withdrawn"})
BY_READER: Final = frozenset({"opened", "taken", "acknowledged", "rejected"})


@dataclass(frozen=True)
class Receipt:
    """A signed statement about a message, as it reads itself."""

    jws: Jws
    word: str
    event: Mapping[str, Any]
    digest: str

    @property
    def chain(self) -> str:
        return "hidden" if self.word in HIDDEN else "visible"

    @property
    def kind(self) -> str:
        return "content.erased" if self.word == "erased" else f"message.{self.word}"


def read_receipt(text: str) -> Receipt:
    jws = read_jws(text, RECEIPT_TYP)
    events = jws.claims.get("events")
    if not isinstance(events, dict) or len(events) != 1:
        raise Wrong("nicht genau ein Ereignis")
    ((name, event),) = events.items()
    if not name.startswith(EVENT_URN) or not isinstance(event, dict):
        raise Wrong("kein Ereignis dieses Hauses")
    return Receipt(jws, name.removeprefix(EVENT_URN), event, digest(text))


def check_signature(jws: Jws, issuer: str, hub: object, keys: Keys, index: int) -> None:
    """Raise unless a key of the issuer, logged before ``index``, made the signature."""
    kid, second = str(jws.header["kid"]), jws.claims.get("iat")
    if not isinstance(second, int):
        raise Wrong("ohne Zeitpunkt")
    of_hub = issuer == hub
    key = keys.of_hub(kid) if of_hub else keys.of_unit(issuer, kid, second, index)
    if key is None and ("" if of_hub else issuer.partition(".")[0]) in keys.broken:
        return
    if not jws.is_signed_by(key):
        raise Wrong("die Unterschrift ist falsch, oder der Schlüssel gehört nicht dem Aussteller")


def check_receipt(receipt: Receipt, env: Jws, keys: Keys, index: int) -> None:
    """Raise unless the receipt is about this message, and signed by one who may say it."""
    claims = receipt.jws.claims
    hub, sender, issuer = env.claims.get("hub"), env.claims.get("iss"), str(claims.get("iss"))
    check_signature(receipt.jws, issuer, hub, keys, index)
    if receipt.word in BY_HUB and issuer != hub:
        raise Wrong("dieses Wort steht nur dem Hub zu")
    if receipt.word in BY_SENDER and issuer != sender:
        raise Wrong("dieses Wort steht nur dem Absender zu")
    by_reader = receipt.word in BY_READER or (receipt.word == "erased" and issuer != hub)
    if by_reader and not keys.may_speak_for(str(env.claims.get("aud")), issuer, index):
        raise Wrong("weder die angeschriebene Stelle noch eine aus ihrem Bereitschaftsplan")
    if claims.get("aud") != (sender if receipt.chain == "visible" else hub):
        raise Wrong("an einen anderen gerichtet")
    if claims.get("txn") != env.claims.get("jti") or receipt.event.get("env") != env.digest:
        raise Wrong("eine Quittung zu einer anderen Nachricht")


def verify_env(env: Jws, keys: Keys, index: int) -> None:
    """Raise unless the sender's key, as logged before the acceptance, signed the envelope."""
    check_signature(env, str(env.claims.get("iss")), None, keys, index)


# --- The database ------------------------------------------------------------------------------

TRIGGERS: Final[Mapping[str, str]] = {
    "audit_event_no_update": "NeuWcfsCQi2Q9gfIWKl3a7lV8YMy3NcXsc8WN3_vc9U",
    "audit_event_no_delete": "j8bwVYhA5tOIEr47ykB4vjYh7dFffgjJnGYvj5vhdaA",
    "audit_event_no_replace": "S9Dc4jkeZSHzaRh5KjdRWf2tLh_tyhCnlWK2b2CdRWw",
    "audit_body_no_update": "HLQxwBsqsVVlOX1cyCvand_NN_F7hGcqziU9nodc2ko",
    "audit_body_no_delete": "L6r6uRQQxD_n4B3TfXwxtQXHpUf9-8lmqTR8g3apKtk",
    "audit_body_no_replace": "o0j0Jcb67ibNAEHJIaCcc_ODxpIS_OGNUQ_hDUn-SCA",
    "audit_leaf_no_update": "n4hXgz5CSgDcpBOmqaFS-qe9J1C24ETxI9kATxPBH88",
    "audit_leaf_no_delete": "kxV57AM5ccRUVreGc94CAHGTK0hxs6u72zXUfHZS6r8",
    "audit_leaf_no_replace": "dDjPOvLB5ss0SjJVjAS1Z2zjOkhd93fjr1BRma4fzBU",
    "tile_no_update": "_nubasNS387Z2uzm3hu7xwBVMA7U7kBS1TEuj2QYU6w",
    "tile_no_delete": "Ypq3TDlIVE-fSJEukjSos_6Ucee4u0sh80pvdYtQjCU",
    "tile_no_replace": "H6MMcd43ditFmuwbcCx2Va9D3M8OM24FKbYcMy21Hs4",
    "checkpoint_no_update": "-Llf9tyzVJgwJHwCnVYgOYnLAVQSbBh5UAcc04MQQFg",
    "checkpoint_no_delete": "uy3cvW8GDRwPrP-xenK2RI0_9fpfuWN7fApw7cOaa-Q",
    "checkpoint_no_replace": "q2bqXcw1EXVwEFGtyfbfBQi1YADZ96pk--zuy3DF8dc",
    "cosignature_no_update": "379HUnxfcCE3nv5Vgwb6k0JxkM7JlmkDNCCw2PmApE4",
    "cosignature_no_delete": "Y1lYZ3UWK1szzafd161EU6e8qmfnoCPBVNAtrDmq7ss",
    "cosignature_no_replace": "yfiIpthjTljGd4zBU4nvRea8Qg7Fs36At2cHtKEN3QU",
    "prune_order_no_update": "P6DY1ryKExvSN4H_A3ipdrEKgIYnjpFtLuOABHdod2Y",
    "prune_order_no_delete": "WiRjfhscmcQPxdh20dUiEj7Lxk6wMNxfil5Figh5ucU",
    "prune_order_no_replace": "DjSvAHMgbp2tEsxvwDLV27NQOIGZImjYJDUgh31wHvQ",
    "prune_order_no_order": "Eb3yr6Hf8vulSsWyxanUe6YwDZGh4FzDHGZVBcq5A1s",
    "participant_act_no_update": "hdBwe8GXaDIFGHVycmY8hPulEM2a5dEaVCQMsf8OZIs",
    "participant_act_no_delete": "o5zw7Sk8Lbqec0RouC8zGW1hLTRDLHnu8-6dYh_KGsc",
    "participant_act_no_replace": "D21XUVMe43_i0I-1-beQJ37JdUF3fjwVPgofcq38Mo8",
    "agreement_no_update": "woh33_YUi3elxxeWjpfXH9mdPp7RWBE3mziJ9NNIMik",
    "agreement_no_delete": "e5ojq3SQpqDtqNZk9G463NNuOcFttLfVzidEZxF96j0",
    "agreement_no_replace": "yrXXDEX-I4XX_a4adtLTukC7Q4wzyZ24BfGq_fIo5HQ",
    "agreement_signature_no_update": "4AR7wkn6hFTNzBuPfF44TTo9T04qmQtXgtR09LNqPVA",
    "agreement_signature_no_delete": "SJyVhrv5w8F2qINXs1msxqoFAmHP5rGFzoFg3U8b6KI",
    "agreement_signature_no_replace": "aQJqTCBFDP_rh-RQ56yatGOpNJ9M0rRu7Asl6-51HKM",
    "agreement_expiry_no_update": "OYITXMTKAshlhBgRb8vj17pxhkZjKi8DW5oEd8QywvY",
    "agreement_expiry_no_delete": "2m6HhzPtjYuJ5FNWV3NntrfWLow4xtBJL1GKxIJOW9k",
    "agreement_expiry_no_replace": "qzqP30oCg-1jYQz_QNQxM4O_9lE6KyLR_uso5kg8Nt0",
    "passing_no_update": "7PuVYWHaao_WcmGpQTbgDrYy_WnVxFo7hADrWFZXj68",
    "passing_no_delete": "THd4lFLm_yDZUKY4WXG0IHxlnX4EUqihXZ7tHNJs7a8",
    "passing_no_replace": "dEhakJUMQ9-URBK9qrMIfj983Hsq0TZPyH1Va30kRFM",
}
"""Digests of the statements that keep the log append-only."""

_LEAVES: Final = """
SELECT l.idx, l.event_id, l.leaf_hash, e.id, e.kind, e.message_id, b.body
FROM audit_leaf AS l
LEFT JOIN audit_event AS e ON e.id = l.event_id
LEFT JOIN audit_body AS b ON b.event_id = l.event_id
ORDER BY l.idx"""
_EVENT: Final = """
SELECT e.kind, e.message_id, l.idx, b.body
FROM audit_event AS e
LEFT JOIN audit_leaf AS l ON l.event_id = e.id
LEFT JOIN audit_body AS b ON b.event_id = e.id
WHERE e.id = ?"""
_ORDERS: Final = """
SELECT p.event_id, p.first_idx, p.last_idx, e.kind, l.idx, b.body
FROM prune_order AS p
LEFT JOIN audit_event AS e ON e.id = p.event_id
LEFT JOIN audit_leaf AS l ON l.event_id = p.event_id
LEFT JOIN audit_body AS b ON b.event_id = p.event_id"""
_ROSTERS: Final = """
SELECT e.id, b.body
FROM audit_event AS e
LEFT JOIN audit_body AS b ON b.event_id = e.id
WHERE e.kind = 'roster.changed'"""
_HEADS: Final = """
SELECT e.id, b.body
FROM audit_event AS e
JOIN audit_leaf AS l ON l.event_id = e.id
JOIN audit_body AS b ON b.event_id = e.id
WHERE e.kind = 'connector.checkpoint' ORDER BY l.idx"""
DUTY: Final = ("roster", "serves", "callback")
"""Members of a unit that say who is on duty for it, and for whom it is."""
LOG_TABLES: Final = (
    "audit_event",
    "audit_body",
    "audit_leaf",
    "tile",
    "checkpoint",
    "cosignature",
    "prune_order",
)


@dataclass
class Audit:
    """One look at a copy of a hub's database."""

    connection: sqlite3.Connection
    key: NoteKey | None = None
    witnesses: Sequence[NoteKey] = ()
    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    checkpoints: int = 0
    messages: int = 0
    keys: Keys = field(default_factory=Keys)
    rosters: dict[str, "Rosters"] = field(default_factory=dict)
    """By the entry that names a version: whose duty differs from the version before."""
    tables: frozenset[str] = frozenset()

    def run(self) -> None:
        # What is looked at may have been made by somebody who wants to be looked at.
        self.connection.execute("PRAGMA trusted_schema=OFF")
        self.connection.row_factory = sqlite3.Row
        self.connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        self.tables = frozenset(
            text_of(row["name"])
            for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        )
        missing = [table for table in LOG_TABLES if table not in self.tables]
        for table in missing:
            self.say(table, "", "", "die Tabelle fehlt")
        if missing:
            return
        self._check_file()
        self._check_triggers()
        self._find_key()
        _TreeAudit(self).run()
        _check_orders(self)
        _check_cosignatures(self)
        if {"message", "receipt", "directory_entry", "hub_key"} <= self.tables:
            _read_directory(self)
            _check_adoptions(self)
            _check_acts(self)
            _check_agreements(self)
            _check_messages(self)
            _check_passings(self)
            _check_heads(self)

    def rows(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        return iter(self.connection.execute(query, values))

    def say(self, table: str, row: object, column: str, text: str) -> None:
        self.findings.append(Finding(table, text_of(row), column, text))

    def check(self, table: str, row: object, column: str, *, holds: bool, text: str) -> bool:
        if not holds:
            self.say(table, row, column, text)
        return holds

    def event(self, event_id: object) -> Row:
        """Return what the log has under an id; all None where it has nothing."""
        row = next(self.rows(_EVENT, event_id), None)
        none = {"kind": None, "message_id": None, "idx": None, "body": None}
        return none if row is None else dict(row)

    def check_entry(self, place: tuple[str, object], audit_id: object, kind: str, d: str) -> Row:
        """Hold an entry against the row that points at it; a pruned one by its kind alone."""
        event = self.event(audit_id)
        if event["idx"] is None or event["kind"] != kind:
            self.say(*place, "audit_id", f"verweist auf keinen Eintrag {kind}")
            return {**event, "idx": None}
        try:
            entry = None if event["body"] is None else read_entry(bytes_of(event["body"]))
        except Wrong:
            return event
        if entry is not None and entry["obj"]["d"] != d:
            self.say(*place, "audit_id", "der Eintrag nennt eine andere Prüfsumme")
        return event

    def _check_file(self) -> None:
        for row in self.rows("PRAGMA integrity_check"):
            if row[0] != "ok":
                self.say("sqlite", "", "", "die Datei ist in sich beschädigt (integrity_check)")
                break
        for row in self.rows("PRAGMA foreign_key_check"):
            keys = self.rows("SELECT * FROM pragma_foreign_key_list(?)", row["table"])
            column = next((key["from"] for key in keys if key["id"] == row["fkid"]), "")
            text = f"verweist auf keine Zeile von {row['parent']}"
            self.say(row["table"], row["rowid"], column, text)

    def _check_triggers(self) -> None:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found = {text_of(row["name"]): digest(text_of(row["sql"])) for row in self.rows(query)}
        for name, expected in TRIGGERS.items():
            table = name.partition("_no_")[0]
            if table not in self.tables and table not in LOG_TABLES:
                continue
            holds = found.get(name) == expected
            self.check(
                "sqlite_master", name, "sql", holds=holds, text="Trigger fehlt oder ist ein anderer"
            )

    def _find_key(self) -> None:
        """Without a key from outside take the one in the database, which proves less."""
        if "hub_key" in self.tables:
            for row in self.rows("SELECT * FROM hub_key"):
                self._take_key(dict(row))
        if "hub" in self.tables:
            hubs = [text_of(row["id"]) for row in self.rows("SELECT id FROM hub")]
            self._find_name(f"{''.join(hubs[:1])}/log")
        if self.key is None:
            self.say("checkpoint", "", "", "ohne Schlüssel (--vkey) ist keine Unterschrift prüfbar")

    def _find_name(self, origin: str) -> None:
        if self.key is not None:
            holds = self.key.name == origin
            self.check("hub", "", "id", holds=holds, text="ist nicht der Hub dieses Schlüssels")
            return
        for key in self.keys.hub.values():
            if key["use"] == "log":
                self.key = NoteKey(origin, _PLAIN, unb64(read_json(key["jwk"])["x"]))

    def _take_key(self, row: dict[str, Any]) -> None:
        """Take up a key of the hub whose name is the digest of the key (SL1 § 2)."""
        kid, column = text_of(row["kid"]), ""
        try:
            jwk = read_json(text_of(row["jwk"]))
            if digest(canonical(jwk)) != kid:
                column = "kid,jwk"
            elif _FAMILIES.get(row["alg"]) != jwk["kty"]:
                column = "alg"
            elif row["use"] not in _USES:
                column = "use"
        except (Wrong, KeyError, TypeError):
            column = "jwk"
        if column:
            self.say("hub_key", kid, column, "ergibt keinen Schlüssel dieses Namens")
            self.keys.broken.add("")
        else:
            self.keys.hub[kid] = row


_USES: Final = frozenset({"log", "receipt", "token"})
_FAMILIES: Final = {"EdDSA": "OKP", "ES256": "EC"}
_Place = tuple[str, object, str]


class _TreeAudit:
    """Walks the leaves once: forms, order, hashes, tiles and every checkpoint.

    Where two places tell different hashes of one leaf, two trees grow side by side, and the next
    signed root says which place was changed.
    """

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.size = self.expected = 0
        self.frontier: list[bytes] = []
        self.other: list[bytes] | None = None
        self.doubts: list[tuple[_Place, _Place]] = []
        self.is_lost = False
        self.orders = _covering(audit)
        self.time = ""
        self.numbers: dict[str, int] = {}
        self.unread = 0
        self.tiles = _TileAudit(audit)
        self.checkpoints = audit.rows("SELECT size, note FROM checkpoint ORDER BY size")
        self.checkpoint = next(self.checkpoints, None)
        self.last = 0

    def run(self) -> None:
        self._meet_checkpoints()
        for row in self.audit.rows(_LEAVES):
            self._take(row)
        self.audit.entries = self.size
        self._finish()
        self.tiles.finish()

    def _take(self, row: sqlite3.Row) -> None:
        audit, index = self.audit, row["idx"]
        if index != self.expected:
            text = f"die Zählung springt, erwartet war {self.expected}"
            audit.say("audit_leaf", index, "idx", text)
            self.is_lost = True
        event_id = text_of(row["event_id"])
        if row["id"] is None and row["body"] is None:
            audit.say("audit_leaf", index, "event_id", "nennt keinen Eintrag")
        elif row["id"] is None:
            audit.say("audit_event", event_id, "id", f"fehlt zu Blatt {index}")
        hashed, other = self._hashes_of(row, event_id)
        if hashed != other and self.other is None:
            self.other = self.frontier[:]
        if self.other is not None:
            push(self.other, self.size, other)
        push(self.frontier, self.size, hashed)
        self.tiles.push(hashed, other)
        self.size, self.expected = self.size + 1, index + 1
        self._meet_checkpoints()

    def _hashes_of(self, row: sqlite3.Row, event_id: str) -> tuple[bytes, bytes]:
        """Return the hash of a leaf, and another where a second place says otherwise."""
        index, stored = row["idx"], bytes_of(row["leaf_hash"])
        leaf = ("audit_leaf", index, "leaf_hash")
        if row["body"] is None:
            self.unread += 1
            if not self._may_be_gone(row):
                text = "fehlt, ohne dass eine Löschanordnung es deckt"
                self.audit.say("audit_body", event_id, "event_id", text)
            in_tile = self.tiles.stored(index) or stored
            if in_tile != stored:
                self.doubts.append((("tile", f"0/{index // WIDTH}", "hashes"), leaf))
            return stored, in_tile
        body = bytes_of(row["body"])
        hashed = leaf_hash(body)
        if hashed == stored:
            self._read(row, body, event_id)
        else:
            self.unread += 1
            self.doubts.append((leaf, ("audit_body", event_id, "body")))
        return hashed, stored

    def _may_be_gone(self, row: sqlite3.Row) -> bool:
        return row["kind"] not in KEPT and any(
            first <= row["idx"] <= last for first, last in self.orders
        )

    def _read(self, row: sqlite3.Row, body: bytes, event_id: str) -> None:
        say = self.audit.say
        try:
            entry = read_entry(body)
        except Wrong as wrong:
            say("audit_body", event_id, "body", str(wrong))
            self.unread += 1
            return
        if entry["id"] != event_id:
            say("audit_body", event_id, "event_id", "der Eintrag trägt eine andere Kennung")
        if row["id"] is not None:
            self._check_event(row, entry, event_id)
        if entry["t"] < self.time:
            say("audit_body", event_id, "body", "liegt zeitlich vor dem Eintrag davor")
        self.time = max(entry["t"], self.time)
        self._count(entry, event_id)

    def _check_event(self, row: sqlite3.Row, entry: Row, event_id: str) -> None:
        if text_of(row["kind"]) != entry["k"]:
            self.audit.say("audit_event", event_id, "kind", "ist nicht die Art des Eintrags")
        accepted = entry["obj"]["id"] if entry["k"] == "message.accepted" else None
        if row["message_id"] != accepted:
            self.audit.say("audit_event", event_id, "message_id", "ist nicht die des Eintrags")

    def _count(self, entry: Row, event_id: str) -> None:
        """Let the numbers of each node follow each other; only what cannot be read fills a gap."""
        node, number = entry["node"], entry["nseq"]
        gap = number - self.numbers.get(node, 0)
        if 0 <= gap <= self.unread:
            self.unread -= gap
        elif not self.is_lost:
            text = f"die Zählung von {node} springt"
            self.audit.say("audit_body", event_id, "body", text)
        self.numbers[node] = number + 1

    def _meet_checkpoints(self) -> None:
        while self.checkpoint is not None and self.checkpoint["size"] <= self.size:
            self._judge(self.checkpoint["size"], text_of(self.checkpoint["note"]))
            self.checkpoint = next(self.checkpoints, None)

    def _judge(self, size: int, note: str) -> None:
        audit = self.audit
        audit.checkpoints += 1
        if audit.key is None:
            return
        try:
            checkpoint = verify_checkpoint(note, audit.key)
        except Wrong as wrong:
            audit.say("checkpoint", size, "note", str(wrong))
            return
        if checkpoint.size != size:
            text = f"der unterschriebene Prüfpunkt ist der zur Größe {checkpoint.size}"
            audit.say("checkpoint", size, "size", text)
            return
        self.last = size
        if self.is_lost:
            return
        if checkpoint.root == root_of(self.frontier):
            self._settle(wrong=0)
        elif self.other is not None and checkpoint.root == root_of(self.other):
            self.frontier = self.other
            self._settle(wrong=1)
        else:
            text = "die Einträge ergeben nicht die unterschriebene Wurzel"
            audit.say("checkpoint", size, "note", text)
            self.is_lost = True

    def _settle(self, *, wrong: int) -> None:
        for places in self.doubts:
            self.audit.say(*places[wrong], "passt nicht zum unterschriebenen Baum")
        self.doubts, self.other = [], None

    def _finish(self) -> None:
        audit = self.audit
        for places in self.doubts:
            for place in places:
                audit.say(*place, "passt nicht zu dem, was anderswo über dieses Blatt steht")
        if audit.key is not None and self.last < self.size and not self.is_lost:
            text = f"die Blätter ab {self.last} deckt kein gültiger Prüfpunkt"
            audit.say("audit_leaf", self.last, "idx", text)
        while self.checkpoint is not None:
            text = "der Prüfpunkt reicht weiter als die Blätter"
            audit.say("checkpoint", self.checkpoint["size"], "size", text)
            self.checkpoint = next(self.checkpoints, None)
        orphan = "NOT IN (SELECT event_id FROM audit_leaf)"
        # Constants only, as in every query here.
        for row in audit.rows(f"SELECT id FROM audit_event WHERE id {orphan}"):  # noqa: S608
            audit.say("audit_event", row["id"], "id", "hat kein Blatt im Baum")
        for row in audit.rows(f"SELECT event_id FROM audit_body WHERE event_id {orphan}"):  # noqa: S608
            audit.say("audit_body", row["event_id"], "event_id", "hat kein Blatt im Baum")


class _TileAudit:
    """Grows the full tiles that the leaves give, and holds each stored one against them."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.levels: list[tuple[list[bytes], list[bytes]]] = []
        self.seen: set[tuple[int, int]] = set()
        self.counts: list[int] = []
        self.current: tuple[int, bytes] = (-1, b"")

    def push(self, hashed: bytes, stored: bytes, level: int = 0) -> None:
        if level == len(self.levels):
            self.levels.append(([], []))
            self.counts.append(0)
        computed, written = self.levels[level]
        computed.append(hashed)
        written.append(stored)
        if len(computed) == WIDTH:
            root = self._check(level, self.counts[level], computed, written)
            self.levels[level] = ([], [])
            self.counts[level] += 1
            self.push(root, root, level + 1)

    def stored(self, index: int) -> bytes:
        """Return the hash of a leaf as its tile has it; nothing where there is no full tile."""
        n, at = divmod(index, WIDTH)
        if n != self.current[0]:
            query = "SELECT hashes FROM tile WHERE level = 0 AND n = ?"
            row = next(self.audit.rows(query, n), None)
            self.current = (n, b"" if row is None else bytes_of(row["hashes"]))
        return self.current[1][at * HASH : (at + 1) * HASH]

    def _check(self, level: int, n: int, computed: list[bytes], written: list[bytes]) -> bytes:
        query = "SELECT hashes FROM tile WHERE level = ? AND n = ?"
        row = next(self.audit.rows(query, level, n), None)
        self.seen.add((level, n))
        if row is None:
            self.audit.say("tile", f"{level}/{n}", "level,n", "fehlt")
            return root_over(computed)
        # Where two places differ about a leaf, the tile is right if it agrees with either.
        for candidate in (computed, written):
            if bytes_of(row["hashes"]) == b"".join(candidate):
                return root_over(candidate)
        self.audit.say("tile", f"{level}/{n}", "hashes", "ergibt sich nicht aus den Blättern")
        return root_over(computed)

    def finish(self) -> None:
        for row in self.audit.rows("SELECT level, n FROM tile"):
            if (row["level"], row["n"]) not in self.seen:
                place = f"{row['level']}/{row['n']}"
                self.audit.say("tile", place, "level,n", "eine solche Kachel hat der Baum nicht")


def _covering(audit: Audit) -> list[tuple[int, int]]:
    """Return the ranges of orders that stand in the tree behind what they cover."""
    return [
        (row["first_idx"], row["last_idx"])
        for row in audit.rows(_ORDERS)
        if row["kind"] == "log.pruned" and row["idx"] is not None and row["idx"] > row["last_idx"]
    ]


def _check_orders(audit: Audit) -> None:
    """Hold each order against its own entry, which says what it covers."""
    for row in list(audit.rows(_ORDERS)):
        place = ("prune_order", row["event_id"])
        if row["kind"] != "log.pruned" or row["idx"] is None or row["body"] is None:
            audit.say(*place, "event_id", "verweist auf keinen Eintrag log.pruned")
            continue
        try:
            entry = read_entry(bytes_of(row["body"]))
        except Wrong:
            continue
        first, last = row["first_idx"], row["last_idx"]
        about = entry["obj"]
        count = last - first + 1
        if about["d"] != _range_digest(audit, first, last) or about.get("n") != count:
            audit.say(*place, "first_idx,last_idx", "ist nicht der Bereich, den der Eintrag nennt")
        elif last >= row["idx"]:
            audit.say(*place, "last_idx", "reicht über die Anordnung hinaus")
        elif _youngest_gone(audit, first, last) + 1 >= int(entry["t"][:4]):
            text = "löscht vor Ablauf des Folgejahres (§ 76 Abs. 4 BDSG)"
            audit.say(*place, "event_id", text)


def _range_digest(audit: Audit, first: int, last: int) -> str:
    hashed = hashlib.sha256(f"{first} {last}\n".encode())
    query = "SELECT event_id, leaf_hash FROM audit_leaf WHERE idx BETWEEN ? AND ? ORDER BY idx"
    for row in audit.rows(query, first, last):
        hashed.update(bytes_of(row["event_id"]) + bytes_of(row["leaf_hash"]))
    return b64(hashed.digest())


def _youngest_gone(audit: Audit, first: int, last: int) -> int:
    """Return the year of the youngest entry without body; its id holds its time (RFC 9562)."""
    query = """SELECT l.event_id FROM audit_leaf AS l
        LEFT JOIN audit_body AS b ON b.event_id = l.event_id
        WHERE l.idx BETWEEN ? AND ? AND b.event_id IS NULL"""
    years = [0]
    for row in audit.rows(query, first, last):
        if _EVENT_ID(event_id := text_of(row["event_id"])):
            seconds = int(event_id[:13].replace("-", ""), 16) / 1000
            years.append(datetime.fromtimestamp(min(seconds, 4e9), UTC).year)
    return max(years)


def _check_cosignatures(audit: Audit) -> None:
    query = """SELECT c.size, c.witness, c.line, p.note FROM cosignature AS c
        LEFT JOIN checkpoint AS p ON p.size = c.size"""
    known = {key.name: key for key in audit.witnesses}
    for row in audit.rows(query):
        place = ("cosignature", f"{row['size']}/{text_of(row['witness'])}")
        line, witness = text_of(row["line"]), text_of(row["witness"])
        try:
            name, _ = _signature(line.removesuffix("\n"))
            audit.check(
                *place, "witness", holds=name == witness, text="ist nicht der Name der Zeile"
            )
            demand("ein solcher Prüfpunkt fehlt", holds=row["note"] is not None)
            if witness in known:
                text, _ = read_note(text_of(row["note"]))
                verify_cosignature(line, text, known[witness])
        except Wrong as wrong:
            audit.say(*place, "line", str(wrong))


# --- Directory and messages in the database ----------------------------------------------------


def _read_directory(audit: Audit) -> None:
    """Take up every version of every entry that its root key signed and that is in the log.

    In the order that the signed bytes give, not the columns.
    """
    said: list[tuple[str, int, sqlite3.Row]] = []
    for row in audit.rows("SELECT * FROM directory_entry"):
        organisation = text_of(row["organisation"])
        try:
            claims = read_jws(text_of(row["jws"]), DIRECTORY_TYP).claims
            said.append((str(claims["organisation"]), int(claims["version"]), row))
        except (Wrong, KeyError, TypeError, ValueError):
            place = f"{organisation}/{row['version']}"
            audit.say("directory_entry", place, "jws", "nicht lesbar")
            audit.keys.broken.add(organisation)
    before: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for organisation, _, row in sorted(said, key=lambda one: one[:2]):
        _take_version(audit, row, organisation, before)
    _check_rosters(audit)


def _take_version(
    audit: Audit,
    row: sqlite3.Row,
    organisation: str,
    before: dict[str, tuple[str, Mapping[str, Any]]],
) -> None:
    place = ("directory_entry", f"{text_of(row['organisation'])}/{row['version']}")
    text = text_of(row["jws"])
    try:
        claims = read_directory_entry(text, before.get(organisation)).claims
        changed = _changed_duties(before.get(organisation, ("", {}))[1], claims)
    except Wrong as wrong:
        audit.say(*place, "jws", str(wrong))
        audit.keys.broken.add(organisation)
        return
    said = {"organisation": organisation, "version": claims["version"], "digest": digest(text)}
    _compare(audit, place, row, said)
    event = audit.check_entry(place, row["audit_id"], "directory.changed", digest(text))
    # Found missing once, not again at each signature.
    index = event["idx"] if event["idx"] is not None else -1
    audit.keys.add(organisation, Version(claims, index))
    audit.rosters[text_of(row["audit_id"])] = Rosters(place, changed)
    before[organisation] = (digest(text), claims)


@dataclass
class Rosters:
    """What one version of an entry says otherwise than the one before about who is on duty."""

    place: tuple[str, str]
    changed: dict[str, str]
    """By unit, the digest of what it says now; empty where it says nothing any more."""


def _changed_duties(before: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, str]:
    old, new = _duties(before), _duties(claims)
    units = old.keys() | new.keys()
    return {unit: new.get(unit, "") for unit in units if old.get(unit, "") != new.get(unit, "")}


def _duties(claims: Mapping[str, Any]) -> dict[str, str]:
    listed = claims.get("units")
    units = [unit for unit in listed if isinstance(unit, dict)] if isinstance(listed, list) else []
    said = {
        str(unit.get("id")): {name: unit[name] for name in DUTY if unit.get(name)} for unit in units
    }
    return {unit: digest(canonical(duty)) for unit, duty in said.items() if duty}


def _check_rosters(audit: Audit) -> None:
    """Hold what the log says of rosters against what the signed entries say of them."""
    is_pruned = False
    for row in audit.rows(_ROSTERS):
        if row["body"] is None:
            is_pruned = True
            continue
        try:
            entry = read_entry(bytes_of(row["body"]))
        except Wrong:
            is_pruned = True
            continue
        _check_roster(audit, text_of(row["id"]), entry)
    for owed in () if is_pruned else audit.rosters.values():
        if owed.changed:
            text = "der geänderte Bereitschaftsplan steht nicht im Protokoll"
            audit.say(*owed.place, "audit_id", text)


def _check_roster(audit: Audit, event_id: str, entry: Row) -> None:
    about = entry["obj"]
    if entry["act"]["org"] in audit.keys.broken:
        return
    owed = audit.rosters.get("".join(entry.get("ref", ())))
    said = owed.changed.pop(about["id"], None) if owed is not None else None
    if said is None:
        text = "zu diesem Bereitschaftsplan fehlt die Fassung im Verzeichnis"
        audit.say("audit_event", event_id, "id", text)
    elif (about["ty"], about["d"]) != ("roster", said):
        text = "der Eintrag nennt einen anderen Bereitschaftsplan als das Verzeichnis"
        audit.say("audit_body", event_id, "body", text)


def read_directory_entry(text: str, before: tuple[str, Mapping[str, Any]] | None) -> Jws:
    """Return a version that the root key signed and that follows the one before it."""
    jws = read_jws(text, DIRECTORY_TYP)
    claims = jws.claims
    root = claims.get("root") if before is None else before[1]["root"]
    if not isinstance(root, dict) or not jws.is_signed_by(root):
        raise Wrong("nicht mit dem Wurzelschlüssel der Stelle unterschrieben")
    if claims.get("prv") != (None if before is None else before[0]):
        raise Wrong("folgt nicht auf die Fassung davor")
    if not isinstance(claims.get("version"), int) or not isinstance(claims.get("iat"), int):
        raise Wrong("ohne Fassung oder Zeitpunkt")
    return jws


def _check_adoptions(audit: Audit) -> None:
    if "adoption" not in audit.tables:
        return
    for row in audit.rows("SELECT * FROM adoption"):
        organisation = text_of(row["organisation"])
        place = ("adoption", f"{organisation}/{text_of(row['protocol'])}")
        try:
            jws = read_jws(text_of(row["jws"]), ADOPTION_TYP)
            versions = audit.keys.versions.get(str(jws.claims.get("iss")), [])
            by_root = any(jws.is_signed_by(version.claims["root"]) for version in versions)
            demand("nicht mit dem Wurzelschlüssel der Stelle unterschrieben", holds=by_root)
        except Wrong as wrong:
            audit.say(*place, "jws", str(wrong))
            continue
        claims = jws.claims
        said = {"organisation": "iss", "protocol": "proto", "digest": "digest"}
        _compare(audit, place, row, {column: claims.get(name) for column, name in said.items()})
        audit.check_entry(place, row["audit_id"], "protocol.adopted", digest(text_of(row["jws"])))


def _check_agreements(audit: Audit) -> None:
    """Hold agreements against their digest, and what was signed about them against root keys."""
    if "agreement" not in audit.tables:
        return
    for row in audit.rows("SELECT * FROM agreement"):
        place = ("agreement", f"{text_of(row['id'])}/{row['version']}")
        text = text_of(row["body"])
        try:
            said = read_json(text)
            named = {"id": said["id"], "version": said["version"]}
        except (Wrong, KeyError, TypeError):
            audit.say(*place, "body", "nicht lesbar")
            continue
        data = text.encode("utf-8", "surrogateescape")
        _compare(audit, place, row, {**named, "digest": digest(data)})
    if "agreement_signature" in audit.tables:
        for row in audit.rows("SELECT * FROM agreement_signature"):
            _check_agreement_signature(audit, row)
        _check_counterparts(audit, "agreement_signature", {"agreement.signed"})
    if "agreement_expiry" in audit.tables:
        for row in audit.rows("SELECT * FROM agreement_expiry"):
            named_by = text_of(row["digest"])
            expired = ("agreement_expiry", named_by)
            audit.check_entry(expired, row["audit_id"], "agreement.expired", named_by)
        _check_counterparts(audit, "agreement_expiry", {"agreement.expired"})


def _check_agreement_signature(audit: Audit, row: sqlite3.Row) -> None:
    place = ("agreement_signature", f"{text_of(row['organisation'])}/{text_of(row['digest'])}")
    text = text_of(row["jws"])
    try:
        jws = read_jws(text, AGREEMENT_TYP)
        versions = audit.keys.versions.get(str(jws.claims.get("iss")), [])
        by_root = any(jws.is_signed_by(version.claims["root"]) for version in versions)
        demand("nicht mit dem Wurzelschlüssel der Stelle unterschrieben", holds=by_root)
    except Wrong as wrong:
        audit.say(*place, "jws", str(wrong))
        return
    claims = jws.claims
    act = "end" if "ends" in claims else "agree"
    said = {"organisation": claims.get("iss"), "digest": claims.get("digest"), "act": act}
    _compare(audit, place, row, said)
    audit.check_entry(place, row["audit_id"], "agreement.signed", digest(text))


ACTS: Final = {
    "invited": "participant.invited",
    "confirmed": "participant.joined",
    "suspended": "participant.suspended",
    "resumed": "participant.resumed",
    "succeeded": "participant.succeeded",
    "contracted": "participant.contracted",
    "doubted": "key.doubted",
    "revoked": "key.revoked",
}


def _check_acts(audit: Audit) -> None:
    """Hold what the operator did about organisations against the entries that commit to it."""
    if "participant_act" not in audit.tables:
        return
    for row in audit.rows("SELECT * FROM participant_act"):
        text = text_of(row["statement"])
        place = ("participant_act", text_of(row["audit_id"]))
        try:
            claims = read_strict(text.encode("utf-8", "surrogateescape"))
            demand("keine Erklärung", holds=isinstance(claims, dict))
        except Wrong as wrong:
            audit.say(*place, "statement", str(wrong))
            continue
        _compare(audit, place, row, {name: claims.get(name) for name in ("organisation", "act")})
        kind = ACTS.get(str(claims.get("act")), "")
        audit.check_entry(place, row["audit_id"], kind, digest(text.encode()))
    # A revoked key may also stand in an entry that its organisation signed.
    _check_counterparts(audit, "participant_act", set(ACTS.values()) - {"key.revoked"})


def _compare(
    audit: Audit, place: tuple[str, object], row: Row | sqlite3.Row, said: Mapping[str, Any]
) -> None:
    """Hold columns against what the signed bytes say; a column that is not there says nothing."""
    there = row.keys()
    for column, value in said.items():
        if column in there and row[column] != value:
            audit.say(*place, column, "steht so nicht in den unterschriebenen Bytes")


def _entered(event: Row) -> dict[str, int]:
    """Say when a receipt was entered, by the time of its entry; nothing once it is pruned."""
    try:
        entry = None if event["body"] is None else read_entry(bytes_of(event["body"]))
        if entry is None:
            return {}
        return {"entered_at": int(datetime.fromisoformat(entry["t"]).timestamp())}
    except (Wrong, ValueError):
        return {}


def _check_messages(audit: Audit) -> None:
    for row in list(audit.rows("SELECT id FROM message ORDER BY id")):
        message = next(audit.rows("SELECT * FROM message WHERE id = ?", row["id"]))
        _MessageAudit(audit, dict(message)).run()
        audit.messages += 1
    orphan = "WHERE message_id IS NOT NULL AND message_id NOT IN (SELECT id FROM message)"
    if "addition" in audit.tables:
        for row in audit.rows(f"SELECT kid, message_id FROM addition {orphan}"):  # noqa: S608
            place = f"{text_of(row['message_id'])}/{text_of(row['kid'])}"
            audit.say("addition", place, "message_id", "zu dieser Erklärung fehlt die Nachricht")
    for row in audit.rows(f"SELECT id FROM receipt {orphan}"):  # noqa: S608
        audit.say("receipt", row["id"], "message_id", "zu dieser Quittung fehlt die Nachricht")
    for row in audit.rows(f"SELECT id FROM audit_event {orphan}"):  # noqa: S608
        audit.say("audit_event", row["id"], "message_id", "zu diesem Eintrag fehlt die Nachricht")
    if "conversation" in audit.tables:
        _check_conversations(audit)
    for table, kinds in (("receipt", MESSAGE_KINDS), ("directory_entry", {"directory.changed"})):
        _check_counterparts(audit, table, kinds)


def _check_counterparts(audit: Audit, table: str, kinds: Iterable[str]) -> None:
    """Find entries that are about a row which is not there any more."""
    words = sorted(kinds)
    marks = ", ".join("?" * len(words))
    query = f"""SELECT e.id FROM audit_event AS e
        LEFT JOIN {table} AS r ON r.audit_id = e.id
        WHERE e.kind IN ({marks}) AND r.audit_id IS NULL"""  # noqa: S608  names of tables
    for row in audit.rows(query, *words):
        audit.say("audit_event", row["id"], "id", f"zu diesem Eintrag fehlt die Zeile in {table}")


def _check_conversations(audit: Audit) -> None:
    query = """SELECT c.*, m.env AS said FROM conversation AS c
        LEFT JOIN message AS m ON m.id = c.id"""
    for row in audit.rows(query):
        place = ("conversation", row["id"])
        if row["said"] is None:
            audit.say(*place, "id", "die eröffnende Nachricht fehlt")
            continue
        try:
            claims = read_jws(text_of(row["said"]), MESSAGE_TYP).claims
        except Wrong:
            continue
        said = {"protocol": claims.get("proto"), "opener": claims.get("iss")}
        partner = _passed_on_to(audit, row["id"]) or claims.get("aud")
        _compare(audit, place, row, {**said, "partner": partner})


def _passed_on_to(audit: Audit, message_id: object) -> object:
    """Return to whom a message was passed on last, as the hub has signed it; None to nobody."""
    query = "SELECT jws FROM receipt WHERE message_id = ? AND word = 'passed-on' ORDER BY seq"
    to = None
    for row in audit.rows(query, message_id):
        try:
            to = read_receipt(text_of(row["jws"])).event.get("to")
        except Wrong:
            continue
    return to


def _check_passings(audit: Audit) -> None:
    """Hold what was passed on against what those who were addressed have signed.

    And nobody was told that a matter is with somebody who had not yet taken note of it.
    """
    if "passing" not in audit.tables:
        return
    onward: dict[str, list[str]] = {}
    for row in audit.rows("SELECT * FROM passing ORDER BY audit_id"):
        _check_passing(audit, row)
        onward.setdefault(text_of(row["message_id"]), []).append(text_of(row["by_message"]))
    _check_counterparts(audit, "passing", {STATEMENT})
    query = "SELECT id, message_id, jws, audit_id FROM receipt WHERE word = 'passed-on'"
    for row in audit.rows(query):
        try:
            to = read_receipt(text_of(row["jws"])).event.get("to")
        except Wrong:
            continue
        index = audit.event(row["audit_id"])["idx"]
        if isinstance(index, int) and to not in _reached(
            audit, onward, text_of(row["message_id"]), index
        ):
            text = "weitergegeben an jemanden, der davor nicht Kenntnis genommen hat"
            audit.say("receipt", row["id"], "jws", text)


def _check_passing(audit: Audit, row: sqlite3.Row) -> None:
    place = ("passing", f"{text_of(row['message_id'])}/{text_of(row['by_message'])}")
    text = text_of(row["jws"])
    index = audit.event(row["audit_id"])["idx"]
    try:
        jws = read_jws(text, PASSING_TYP)
        by: Any = jws.claims.get("by")
        demand("ohne die andere Nachricht", holds=isinstance(by, dict))
        issuer = str(jws.claims.get("iss"))
        check_signature(
            jws, issuer, None, audit.keys, index if isinstance(index, int) else MAX_NUMBER
        )
    except Wrong as wrong:
        audit.say(*place, "jws", str(wrong))
        return
    claims = jws.claims
    _compare(audit, place, row, {"message_id": claims.get("sub"), "by_message": by.get("id")})
    audit.check_entry(place, row["audit_id"], STATEMENT, digest(text))
    named = (("message_id", claims.get("sub"), claims.get("env")),)
    for column, message_id, said in (*named, ("by_message", by.get("id"), by.get("env"))):
        env = _env_of(audit, message_id)
        holds = env is not None and env.digest == said
        audit.check(*place, column, holds=holds, text="ist eine andere Nachricht als die genannte")
        if column == "by_message" and env is not None and env.claims.get("iss") != issuer:
            audit.say(*place, column, "wurde von einer anderen Stelle gesendet")


def _check_heads(audit: Audit) -> None:
    """Hold what units said of their logs of reading against their signatures and the entries."""
    if "connector_head" not in audit.tables:
        return
    newest: dict[str, str] = {}
    for row in audit.rows(_HEADS):
        with suppress(Wrong):
            newest[read_entry(bytes_of(row["body"]))["obj"]["id"]] = text_of(row["id"])
    for row in audit.rows("SELECT * FROM connector_head"):
        _check_head(audit, row)
        unit = text_of(row["unit"])
        holds = newest.pop(unit, row["audit_id"]) == row["audit_id"]
        text = "danach wurde ein neuerer Kopf eingetragen"
        audit.check("connector_head", unit, "audit_id", holds=holds, text=text)
    for unit in newest:
        audit.say("connector_head", unit, "", "zu einem Eintrag fehlt die Zeile")


def _check_head(audit: Audit, row: sqlite3.Row) -> None:
    place, text = ("connector_head", text_of(row["unit"])), text_of(row["jws"])
    index = audit.event(row["audit_id"])["idx"]
    try:
        jws = read_jws(text, HEAD_TYP)
        claims, issuer = jws.claims, str(jws.claims.get("iss"))
        before = index if isinstance(index, int) else MAX_NUMBER
        check_signature(jws, issuer, None, audit.keys, before)
        head = verify_checkpoint(str(claims.get("note")), read_vkey(str(claims.get("vkey"))))
    except Wrong as wrong:
        audit.say(*place, "jws", str(wrong))
        return
    said = {"size": head.size, "root": b64(head.root), "vkey": claims.get("vkey")}
    _compare(audit, place, row, {"unit": issuer, **said})
    audit.check_entry(place, row["audit_id"], "connector.checkpoint", digest(text))


def _env_of(audit: Audit, message_id: object) -> Jws | None:
    row = next(audit.rows("SELECT env FROM message WHERE id = ?", message_id), None)
    try:
        return None if row is None else read_jws(text_of(row["env"]), MESSAGE_TYP)
    except Wrong:
        return None


def _reached(
    audit: Audit, onward: Mapping[str, Sequence[str]], message_id: str, before: int
) -> set[object]:
    """Return who had a matter by then: those whom it reached, each after the one in front."""
    reached: set[object] = set()
    seen, waiting = {message_id}, [message_id]
    query = """SELECT e.idx FROM receipt AS r JOIN audit_leaf AS e ON e.event_id = r.audit_id
        WHERE r.message_id = ? AND r.word = 'acknowledged' AND e.idx < ?"""
    while waiting:
        for following in onward.get(waiting.pop(), ()):
            if following in seen or next(audit.rows(query, following, before), None) is None:
                continue
            seen.add(following)
            waiting.append(following)
            env = _env_of(audit, following)
            reached.add(env.claims.get("aud") if env is not None else None)
    return reached


_COLUMNS: Final = {
    "id": "jti",
    "conversation": "cnv",
    "position": "pos",
    "protocol": "proto",
    "step": "step",
    "sender": "iss",
    "client": "iss",
    "recipient": "aud",
    "urgency": "urg",
    "ends_at": "end",
}
"""Columns of a message, and the claim that each repeats."""


class _MessageAudit:
    """One message with its receipts, each column against the signed bytes."""

    def __init__(self, audit: Audit, row: dict[str, Any]) -> None:
        self.audit = audit
        self.row = row
        self.place = ("message", row["id"])
        self.words: list[str] = []
        self.by_hub: set[str] = set()
        self.accepted: Receipt | None = None
        self.places: dict[str, int] = {}
        self.statements: list[tuple[object, int]] = []

    def run(self) -> None:
        event = self._event()
        try:
            env = read_jws(text_of(self.row["env"]), MESSAGE_TYP)
            verify_env(env, self.audit.keys, MAX_NUMBER if event is None else event)
        except Wrong as wrong:
            self.audit.say(*self.place, "env", str(wrong))
            return
        _compare(
            self.audit,
            self.place,
            self.row,
            {column: env.claims.get(claim) for column, claim in _COLUMNS.items()},
        )
        self._check_receipts(env)
        self._check_acceptance()
        self._check_content(env)
        if "addition" in self.audit.tables:
            self._check_additions(env)
        state = next((word for word in reversed(self.words) if word in STATES), None)
        holds = self.row.get("state") == state
        self._hold("state", "ist nicht die Folge der Quittungen", holds=holds)
        self._check_clock()

    def _check_clock(self) -> None:
        """Find a message that no person took note of and that nobody is asked about any more."""
        is_open = self.row.get("state") in {"accepted", "taken"} and self.row.get("body")
        if is_open and "due_next" in self.row:
            holds = self.row["due_next"] is not None
            self._hold("due_next", "nach dieser Nachricht sieht niemand mehr", holds=holds)

    def _hold(self, column: str, text: str, *, holds: bool = False) -> bool:
        return self.audit.check(*self.place, column, holds=holds, text=text)

    def _event(self) -> int | None:
        event = self.audit.event(self.row["audit_id"])
        fits = (event["kind"], event["message_id"]) == ("message.accepted", self.row["id"])
        self._hold("audit_id", "verweist nicht auf den Eintrag der Annahme", holds=fits)
        index = event["idx"] if fits else None
        return index if isinstance(index, int) else None

    def _check_receipts(self, env: Jws) -> None:
        """Put the receipts in the order in which they follow each other, and count."""
        query = "SELECT * FROM receipt WHERE message_id = ? ORDER BY chain DESC, seq"
        rows = [dict(row) for row in self.audit.rows(query, self.row["id"])]
        read = [(row, receipt) for row in rows if (receipt := self._receipt(row, env)) is not None]
        for chain in ("visible", "hidden"):
            after: dict[object, tuple[dict[str, Any], Receipt]] = {}
            for row, receipt in read:
                before = receipt.event.get("prv")
                if receipt.chain == chain and before in after:
                    text = "zwei Quittungen schließen an dieselbe an"
                    self.audit.say("receipt", row["id"], "jws", text)
                elif receipt.chain == chain:
                    after[before] = (row, receipt)
            number = 1
            end: object = None
            while (following := after.pop(end, None)) is not None:
                row, receipt = following
                holds = row["seq"] == number
                text = "ist nicht der Platz in der Kette"
                self.audit.check("receipt", row["id"], "seq", holds=holds, text=text)
                self._note(receipt)
                number, end = number + 1, receipt.digest
            for row, receipt in after.values():
                # What followed an unreadable receipt cannot be held against anything.
                if len(read) == len(rows):
                    text = "schließt an keine Quittung an"
                    self.audit.say("receipt", row["id"], "jws", text)
                self._note(receipt)

    def _note(self, receipt: Receipt) -> None:
        if receipt.chain == "visible":
            self.words.append(receipt.word)
        if receipt.word == "accepted":
            self.accepted = receipt
        if receipt.word == "reader-added":
            said = receipt.event.get("statement")
            self.statements.append((said, self.places[receipt.digest]))

    def _receipt(self, row: Row, env: Jws) -> Receipt | None:
        audit, place = self.audit, ("receipt", row["id"])
        try:
            receipt = read_receipt(text_of(row["jws"]))
            event = audit.event(row["audit_id"])
            index = event["idx"] if isinstance(event["idx"], int) else MAX_NUMBER
            check_receipt(receipt, env, audit.keys, index)
        except Wrong as wrong:
            audit.say(*place, "jws", str(wrong))
            return None
        claims = receipt.jws.claims
        issuer = str(claims["iss"])
        said = {"id": claims.get("jti"), "message_id": claims.get("txn"), "word": receipt.word}
        said |= {"chain": receipt.chain, "digest": receipt.digest, "issued_at": claims["iat"]}
        _compare(audit, place, row, said)
        signers = {issuer, str(receipt.jws.header["kid"])}
        audit.check(
            *place, "signer", holds=row["signer"] in signers, text="ist nicht der Aussteller"
        )
        event = audit.check_entry(place, row["audit_id"], receipt.kind, receipt.digest)
        _compare(audit, place, row, _entered(event))
        self.places[receipt.digest] = index
        if issuer == env.claims["hub"]:
            self.by_hub.add(receipt.word)
        if receipt.word == "accepted":
            same = row["audit_id"] == self.row["audit_id"]
            audit.check(*place, "audit_id", holds=same, text="ist nicht der Eintrag der Nachricht")
        return receipt

    def _check_acceptance(self) -> None:
        if self.accepted is None:
            self._hold("id", "die Quittung der Annahme fehlt oder ist nicht lesbar")
            return
        event, due = self.accepted.event, self.accepted.event.get("due")
        said = {"request": event.get("request"), "accepted_at": self.accepted.jws.claims["iat"]}
        if isinstance(due, dict):
            said |= {f"due_{name}": second for name, second in due.items()}
        _compare(self.audit, self.place, self.row, said)

    def _check_content(self, env: Jws) -> None:
        body, wraps = self.row.get("body"), self.row.get("wraps")
        gone = bool(self.by_hub & {"erased", "expired"})
        if body is None or wraps is None:
            for column in ("body", "wraps"):
                if self.row.get(column) is None:
                    self._hold(column, "fehlt ohne Quittung der Löschung", holds=gone)
                else:
                    self._hold(column, "steht noch da, obwohl der Rest gelöscht ist")
            return
        if "erased" in self.by_hub:
            self._hold("body", "steht noch da, obwohl die Löschung quittiert ist")
        is_whole = digest(bytes_of(body)) == env.claims.get("body")
        whole = self._hold("body", "ist nicht der unterschriebene", holds=is_whole)
        are_wraps = _are_wraps(wraps, env)
        wrapped = self._hold("wraps", "sind nicht die unterschriebenen", holds=are_wraps)
        if whole and wrapped:
            parts = (b'{"body":', bytes_of(body), b',"env":"', bytes_of(self.row["env"]))
            message = b"".join((*parts, b'","keys":', bytes_of(wraps), b"}"))
            fits = self.row.get("request") == digest(message)
            self._hold("request", "ist nicht die Prüfsumme der Nachricht", holds=fits)

    def _check_additions(self, env: Jws) -> None:
        """Hold each reader that the sender added against its statement and receipt (SL1 § 8)."""
        query = "SELECT * FROM addition WHERE message_id = ?"
        missing = dict(self.statements)
        for row in self.audit.rows(query, self.row["id"]):
            place = ("addition", f"{text_of(row['message_id'])}/{text_of(row['kid'])}")
            try:
                statement = read_jws(text_of(row["statement"]), READER_TYP)
                known = statement.digest in missing
                demand("keine Quittung nennt diese Erklärung", holds=known)
                index = missing.pop(statement.digest)
                self._check_addition(place, row, statement, index, env)
            except (Wrong, KeyError, TypeError) as wrong:
                text = str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar"
                self.audit.say(*place, "statement", text)
        for _ in missing:
            text = "zu einer Quittung fehlt die Erklärung"
            self.audit.say("addition", self.row["id"], "message_id", text)

    def _check_addition(
        self, place: tuple[str, object], row: sqlite3.Row, statement: Jws, index: int, env: Jws
    ) -> None:
        claims, reader = statement.claims, statement.claims["reader"]
        check_signature(statement, str(claims["iss"]), None, self.audit.keys, index)
        same = (claims["iss"], claims["env"]) == (env.claims["iss"], env.digest)
        demand("eine Erklärung zu einer anderen Nachricht", holds=same)
        number = [said for said, _ in self.statements].index(statement.digest)
        said = {"message_id": claims["sub"], "kid": reader["kid"], "added": number}
        _compare(self.audit, place, row, said)
        gone = bool(self.by_hub & {"erased", "expired"})
        fits = gone if row["wrap"] is None else digest(text_of(row["wrap"])) == reader["wrap"]
        self.audit.check(*place, "wrap", holds=fits, text="ist nicht der unterschriebene")


def _are_wraps(wraps: object, env: Jws) -> bool:
    try:
        keys = read_strict(bytes_of(wraps))
        given = [(key["kid"], digest(key["wrap"])) for key in keys if key.keys() == {"kid", "wrap"}]
        named = [(reader["kid"], reader["wrap"]) for reader in env.claims["readers"]]
    except (Wrong, TypeError, KeyError, AttributeError):
        return False
    return given == named and len(keys) == len(named)


# --- Files: tiles, receipts, evidence ----------------------------------------------------------


def verify_db(
    path: str | Path, vkey: str | None = None, witnesses: Sequence[str] = ()
) -> list[Finding]:
    """Return what does not hold in a copy of a hub's database."""
    try:
        return audit_db(path, vkey, witnesses).findings
    except Wrong as wrong:
        return [Finding(str(path), "", "", str(wrong))]


def audit_db(path: str | Path, vkey: str | None = None, witnesses: Sequence[str] = ()) -> Audit:
    """Look at a copy of a hub's database, and keep the counts beside the findings."""
    address = f"file:{quote(str(Path(path).resolve()))}?mode=ro"
    key = None if vkey is None else read_vkey(vkey)
    known = [read_vkey(witness) for witness in witnesses]
    if not Path(path).is_file():
        raise Wrong("keine solche Datei")
    with closing(sqlite3.connect(address, uri=True)) as connection:
        audit = Audit(connection, key, known)
        try:
            audit.run()
        except (sqlite3.Error, ArithmeticError, LookupError, TypeError, ValueError):
            audit.say("sqlite", "", "", "die Datei ist nicht lesbar oder in sich beschädigt")
    return audit


def verify_tiles(directory: str | Path, vkey: str) -> list[Finding]:
    """Return what does not hold in an export of tiles, with or without entry bundles."""
    try:
        key = read_vkey(vkey)
    except Wrong as wrong:
        return [Finding("vkey", "", "", str(wrong))]
    return _TilesOnDisk(Path(directory), key).run()


@dataclass
class _TilesOnDisk:
    directory: Path
    key: NoteKey
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> list[Finding]:
        try:
            note = (self.directory / "checkpoint").read_bytes().decode()
            checkpoint = verify_checkpoint(note, self.key)
        except (Wrong, OSError, UnicodeDecodeError) as wrong:
            text = str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar"
            return [Finding("checkpoint", "", "", text)]
        below = self._leaves(checkpoint.size)
        root = root_over(below)
        level, size = 1, checkpoint.size // WIDTH
        while size:
            below = [root_over(below[n * WIDTH : (n + 1) * WIDTH]) for n in range(size)]
            self._check_level(level, below)
            level, size = level + 1, size // WIDTH
        if not self.findings and root != checkpoint.root:
            self._say("checkpoint", "die Blätter ergeben nicht die unterschriebene Wurzel")
        return self.findings

    def _say(self, name: str, text: str) -> None:
        self.findings.append(Finding(name, "", "", text))

    def _read(self, name: str) -> bytes | None:
        path = self.directory / name
        return path.read_bytes() if path.is_file() else None

    def _leaves(self, size: int) -> list[bytes]:
        leaves: list[bytes] = []
        for n in range(-(-size // WIDTH)):
            width = min(WIDTH, size - n * WIDTH)
            name = _tile_name("0", n, width)
            data = self._read(name)
            if data is None or len(data) != width * HASH:
                self._say(name, "fehlt oder hat die falsche Länge")
                data = bytes(width * HASH)
            hashes_ = [data[at : at + HASH] for at in range(0, len(data), HASH)]
            self._check_bundle(_tile_name("entries", n, width), n * WIDTH, hashes_)
            leaves += hashes_
        return leaves

    def _check_bundle(self, name: str, start: int, leaves: list[bytes]) -> None:
        """Hold entries against their leaves; a bundle with pruned entries is not there."""
        data = self._read(name)
        if data is None:
            return
        bodies = _split_bundle(data)
        if [leaf_hash(body) for body in bodies] != leaves:
            self._say(name, "die Einträge ergeben nicht die Blätter")
            return
        for place, body in enumerate(bodies):
            try:
                self._check_entry(start + place, body)
            except Wrong as wrong:
                self._say(name, f"Eintrag {place}: {wrong}")

    def _check_entry(self, index: int, body: bytes) -> None:
        """Hold an entry against the form of its log: the hub's, or that of a unit's readings."""
        if READING_LOG not in self.key.name:
            read_entry(body)
        elif read_reading(body)["nseq"] != index:
            raise Wrong("nennt einen anderen Platz")

    def _check_level(self, level: int, hashes_: list[bytes]) -> None:
        for n in range(-(-len(hashes_) // WIDTH)):
            expected = hashes_[n * WIDTH : (n + 1) * WIDTH]
            name = _tile_name(str(level), n, len(expected))
            if self._read(name) != b"".join(expected):
                self._say(name, "fehlt oder ergibt sich nicht aus der Ebene darunter")


def _tile_name(level: str, n: int, width: int) -> str:
    digits = str(n).zfill(-(-len(str(n)) // 3) * 3)
    *upper, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    part = "" if width == WIDTH else f".p/{width}"
    return "/".join(["tile", level, *(f"x{digit}" for digit in upper), last]) + part


def _split_bundle(data: bytes) -> list[bytes]:
    bodies, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        bodies.append(data[at + 2 : end])
        at = end
    return bodies if at == len(data) else []


def verify_answer(path: str | Path, vkey: str, keys: str | Path | None = None) -> list[Finding]:
    """Return what does not hold in the answer to a submission, as a sender keeps it."""
    name = Path(path).name
    try:
        answer = read_json(Path(path).read_bytes())
        is_answer = isinstance(answer, dict) and answer.keys() == {"receipt", "entry", "proof"}
        demand("keine Antwort des Hubs", holds=is_answer)
        text, entry = str(answer.get("receipt")), answer.get("entry")
        proof = str(answer.get("proof"))
        receipt = read_receipt(text)
        body = None if entry is None else canonical(entry)
        verify_proof(proof, body, read_vkey(vkey))
        about = read_entry(body or read_proof(proof).extra or b"")
        names = (about["obj"]["d"], about["k"])
        fits = names == (receipt.digest, receipt.kind)
        demand("der Eintrag gehört zu einer anderen Quittung", holds=fits)
        if keys is not None:
            known, _ = read_hub_keys(Path(keys).read_bytes())
            key = known.of_hub(str(receipt.jws.header["kid"]))
            by_hub = receipt.jws.is_signed_by(key)
            demand("die Unterschrift der Quittung ist falsch", holds=by_hub)
    except Wrong as wrong:
        return [Finding(name, "", "", str(wrong))]
    except (OSError, UnicodeEncodeError):
        return [Finding(name, "", "", "nicht lesbar")]
    return []


def read_hub_keys(data: bytes) -> tuple[Keys, str | None]:
    """Return the hub's keys and the log's vkey from ``hub-keys.json``."""
    content = read_json(data)
    if isinstance(content, dict):
        listed, vkey = content.get("keys", []), content.get("vkey")
    else:
        listed, vkey = content, None
    keys = Keys()
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise Wrong("keine Liste von Schlüsseln")
    for key in listed:
        keys.hub[str(key.get("kid"))] = key
        vkey = vkey or key.get("vkey")
    return keys, vkey


_NO_ZIP: Final = (
    *(OSError, EOFError, ValueError, RuntimeError),
    *(lzma.LZMAError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""How the library says that bytes are no zip, from its first to its last byte."""


def verify_evidence(path: str | Path, vkey: str | None = None) -> list[Finding]:
    """Return what does not hold in a Beweispaket."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
            if len(files) != len(archive.namelist()):
                return [Finding(Path(path).name, "", "", "eine Datei steht doppelt darin")]
    except _NO_ZIP:
        return [Finding(Path(path).name, "", "", "kein lesbares Zip")]
    return _Evidence(files, vkey).run()


@dataclass
class _Evidence:
    """A Beweispaket: every file in it, and what the files before it have established."""

    files: Mapping[str, bytes]
    vkey: str | None
    findings: list[Finding] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)
    proven: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """Place in the log and content of each proven entry, by the digest it names."""

    def run(self) -> list[Finding]:
        for name, step in (
            ("hub-keys.json", self._read_keys),
            ("evidence.json", self._read_head),
        ):
            if not self._try(name, step):
                return self.findings
        for name in self._under("entries/"):
            self._try(name, partial(self._prove, name))
        self._read_directory()
        self._try("env.txt", self._check_message)
        if "schema.json" in self.files:
            self._try("schema.json", self._check_schema)
        return self.findings

    def _try(self, name: str, step: Callable[[], None]) -> bool:
        try:
            step()
        except Wrong as wrong:
            self._say(name, str(wrong))
        except (KeyError, TypeError, AttributeError, UnicodeError):
            self._say(name, "fehlt oder hat nicht die vorgeschriebene Form")
        else:
            return True
        return False

    def _say(self, name: str, text: str) -> None:
        self.findings.append(Finding(name, "", "", text))

    def _under(self, folder: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(folder))

    def _text(self, name: str) -> str:
        return self.files[name].decode("ascii").strip()

    def _read_keys(self) -> None:
        self.keys, vkey = read_hub_keys(self.files["hub-keys.json"])
        self.key = read_vkey(self.vkey or str(vkey))

    def _read_head(self) -> None:
        self.head = read_json(self.files["evidence.json"])
        if self.head["v"] != 1 or self.key.name != f"{self.head['hub']}/log":
            raise Wrong("nicht von dem Hub, zu dem der Schlüssel gehört")

    def _prove(self, name: str) -> None:
        body = self.files[name]
        event_id = name.removeprefix("entries/").removesuffix(".json")
        entry = read_entry(body)
        if entry["id"] != event_id:
            raise Wrong("der Eintrag trägt eine andere Kennung")
        proof = self.files[f"proofs/{event_id}.tlog-proof"].decode()
        self.proven[entry["obj"]["d"]] = (verify_proof(proof, body, self.key), entry)

    def _entry_of(self, d: str, kind: str) -> tuple[int, dict[str, Any]]:
        index, entry = self.proven.get(d, (0, {}))
        if entry.get("k") != kind:
            raise Wrong(f"kein bewiesener Eintrag {kind} nennt diese Prüfsumme")
        return index, entry

    def _read_directory(self) -> None:
        versions = []
        for name in self._under("directory/"):
            try:
                claims = read_jws(self._text(name), DIRECTORY_TYP).claims
                versions.append((str(claims["organisation"]), int(claims["version"]), name))
            except (Wrong, KeyError, TypeError, ValueError) as wrong:
                self._say(name, str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar")
        before: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for organisation, _, name in sorted(versions):
            self._try(name, partial(self._take_version, name, organisation, before))

    def _take_version(
        self, name: str, organisation: str, before: dict[str, tuple[str, Mapping[str, Any]]]
    ) -> None:
        text = self._text(name)
        jws = read_directory_entry(text, before.get(organisation))
        index, _ = self._entry_of(digest(text), "directory.changed")
        before[organisation] = (digest(text), jws.claims)
        self.keys.add(organisation, Version(jws.claims, index))

    def _check_message(self) -> None:
        env = read_jws(self._text("env.txt"), MESSAGE_TYP)
        claims = env.claims
        if (claims.get("jti"), claims.get("hub")) != (self.head["message"], self.head["hub"]):
            raise Wrong("nicht die Nachricht, um die es geht")
        self.env = env
        ends: dict[str, str] = {}
        accepted: int | None = None
        for name in self._under("receipts/"):
            receipt = self._take_receipt(name, env, ends)
            if receipt is not None and receipt.word == "accepted":
                accepted, _ = self.proven[receipt.digest]
        if accepted is None:
            raise Wrong("die Annahme ist nicht bewiesen")
        verify_env(env, self.keys, accepted)

    def _take_receipt(self, name: str, env: Jws, ends: dict[str, str]) -> Receipt | None:
        try:
            receipt = read_receipt(self._text(name))
            index, entry = self._entry_of(receipt.digest, receipt.kind)
            check_receipt(receipt, env, self.keys, index)
            named = name.endswith(f"-{receipt.word}.jws")
            demand("die Quittung trägt ein anderes Wort als die Datei", holds=named)
            same = entry["obj"]["id"] == env.claims.get("jti")
            demand("der Eintrag gehört zu einer anderen Nachricht", holds=same)
            follows = receipt.event.get("prv") == ends.get(receipt.chain)
            demand("schließt nicht an die Quittung davor an", holds=follows)
            ends[receipt.chain] = receipt.digest
        except Wrong as wrong:
            self._say(name, str(wrong))
            return None
        return receipt

    def _check_schema(self) -> None:
        schema = read_json(self.files["schema.json"])
        if digest(canonical(schema)) != self.env.claims.get("schema"):
            raise Wrong("nicht das Schema, das der Absender genannt hat")


# --- The program -------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        findings, summary = chosen.run(chosen)
    except Wrong as wrong:
        findings, summary = [Finding(str(chosen.path), "", "", str(wrong))], ""
    for finding in findings:
        line = json.dumps(asdict(finding)) if chosen.json else str(finding)
        print(line.encode("utf-8", "backslashreplace").decode())
    if not chosen.json:
        print(f"{len(findings)} Befunde. {summary}" if findings else f"In Ordnung. {summary}")
    return 1 if findings else 0


_Result = tuple[list[Finding], str]


def _run_db(chosen: argparse.Namespace) -> _Result:
    audit = audit_db(chosen.path, chosen.vkey, chosen.witness)
    counts = (
        f"{audit.entries} Einträge, {audit.checkpoints} Prüfpunkte, {audit.messages} Nachrichten"
    )
    return audit.findings, f"Geprüft: {counts}.{_warning(chosen)}"


def _run_tiles(chosen: argparse.Namespace) -> _Result:
    return verify_tiles(chosen.path, chosen.vkey), ""


def _run_receipt(chosen: argparse.Namespace) -> _Result:
    return verify_answer(chosen.path, chosen.vkey, chosen.keys), ""


def _run_evidence(chosen: argparse.Namespace) -> _Result:
    return verify_evidence(chosen.path, chosen.vkey), _warning(chosen)


def _warning(chosen: argparse.Namespace) -> str:
    if chosen.vkey is not None:
        return ""
    return " Achtung: Der Schlüssel stammt aus dem Geprüften selbst; geben Sie ihn mit --vkey an."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Prüft das Protokoll eines Hubs.")
    kinds = parser.add_subparsers(required=True, metavar="db | tiles | receipt | evidence")
    for name, run, needs_key, text in (
        ("db", _run_db, False, "eine Kopie der Datenbank"),
        ("tiles", _run_tiles, True, "eine Ausfuhr als Kacheln (C2SP tlog-tiles)"),
        ("receipt", _run_receipt, True, "die Antwort auf eine Einreichung"),
        ("evidence", _run_evidence, False, "ein Beweispaket"),
    ):
        command = kinds.add_parser(name, help=text, description=f"Prüft {text}.")
        command.add_argument("path", help="Datei oder Verzeichnis")
        command.add_argument("--vkey", required=needs_key, help="Schlüssel des Protokolls")
        command.add_argument("--json", action="store_true", help="je Befund eine Zeile JSON")
        if name == "db":
            command.add_argument(
                "--witness", action="append", default=[], help="Schlüssel eines Zeugen"
            )
        if name == "receipt":
            command.add_argument("--keys", help="hub-keys.json mit den Schlüsseln des Hubs")
        command.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
