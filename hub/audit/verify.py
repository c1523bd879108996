#!/usr/bin/env python3
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
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import groupby
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
        place = f"{self.table}[{self.row}].{self.column}" if self.row else self.table
        return f"{place}: {self.text}"


class Wrong(Exception):  # noqa: N818  what was read is wrong, the program is not
    """What was read does not have its form, or does not hold; says in German what."""


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
    if key is None or len(signature) != 64 or s >= _L:
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
    if (len(public), len(signature)) != (64, 64) or not on_curve:
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
    if len(signature) != 64:
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
DIRECTORY_TYP: Final = "meldeweg-directory+jwt"
ADOPTION_TYP: Final = "meldeweg-adoption+jwt"
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
    if len(segments) != 3:
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
    if len(material) != 33 or material[0] not in {_PLAIN, _COSIGNATURE}:
        raise Wrong("kein Schlüssel für Ed25519")
    key = NoteKey(found[1], material[0], material[1:])
    if key.id.hex() != found[2]:
        raise Wrong("die Kennung gehört nicht zum Schlüssel")
    return key


def read_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return text and signatures of a signed note in its one spelling."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", note):
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
    signature = next((blob for name, blob in signatures if (name, blob[:4]) == (key.name, key.id)), None)
    if signature is None:
        raise Wrong("nicht mit dem Schlüssel des Protokolls unterschrieben")
    if not verify_ed25519(key.public, signature[4:], text.encode()):
        raise Wrong("die Unterschrift ist falsch")
    lines = text.split("\n")
    if len(lines) != 4 or lines[0] != key.name or not _NUMBER.fullmatch(lines[1]):
        raise Wrong("kein Prüfpunkt dieses Protokolls")
    root = unbase64(lines[2])
    if len(root) != HASH:
        raise Wrong("kein Prüfpunkt")
    return Checkpoint(lines[0], int(lines[1]), root)


def verify_cosignature(line: str, text: str, key: NoteKey) -> None:
    """Raise unless a witness signed this checkpoint (C2SP tlog-cosignature, Ed25519)."""
    name, blob = _signature(line.removesuffix("\n"))
    if (name, blob[:4]) != (key.name, key.id) or len(blob) != 4 + 8 + 64:
        raise Wrong("nicht mit dem Schlüssel des Zeugen unterschrieben")
    said = f"cosignature/v1\ntime {int.from_bytes(blob[4:12])}\n{text}"
    if not verify_ed25519(key.public, blob[12:], said.encode()):
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

MESSAGE_KINDS: Final = frozenset(
    "message.accepted message.opened message.taken message.acknowledged message.rejected"
    " message.withdrawn message.expired message.overdue message.escalated message.held"
    " message.passed-on message.reader-added content.erased".split()
)
KINDS: Final = MESSAGE_KINDS | frozenset(
    "message.refused access.denied auth.failed log.genesis log.heartbeat log.read log.exported"
    " log.pruned evidence.issued sample.drawn identity.resolved breakglass.used"
    " breakglass.reviewed participant.joined participant.suspended participant.succeeded"
    " key.enrolled key.rotated key.revoked directory.changed roster.changed role.granted"
    " role.revoked agreement.signed agreement.expired protocol.published protocol.adopted"
    " protocol.retired hold.placed hold.released data.rectified schema.migrated software.started"
    " clock.adjusted checkpoint.unwitnessed checkpoint.witnessed backup.taken restore.performed"
    " incident.opened incident.notified incident.closed reconcile.done"
    " connector.checkpoint".split()
)
REASONS: Final = frozenset(
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
    " eigenueberwachung rechtmaessigkeit sicherheit strafverfahren".split()
) | {""}
ROLES: Final = frozenset(
    "aufsicht bereitschaft betrieb datenschutz fachkraft freigeben koordination leitung lesen"
    " verfassen verwalten".split()
) | {""}
OBJECTS: Final = frozenset(
    "agreement backup checkpoint clock connector conversation entry evidence hold hub incident key"
    " log message organisation peer protocol pseudonym request role roster sample schema software"
    " unit".split()
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
    if len(body) > MAX_LEAF:
        raise Wrong("größer als 4096 Bytes")
    try:
        # Of what passes the form below this is RFC 8785, and it is the fastest way to say so.
        entry = json.loads(body)
        written = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError):
        raise Wrong("kein JSON") from None
    if written != body:
        raise Wrong("nicht in kanonischer Form (RFC 8785)")
    _check_form(entry)
    return entry  # type: ignore[no-any-return]


def _check_form(entry: Any) -> None:
    if not isinstance(entry, dict) or not _MEMBERS.keys() <= entry.keys() <= _CHECKS.keys():
        raise Wrong("nicht die Felder eines Eintrags")
    for name, member in entry.items():
        if not _CHECKS[name](member):
            raise Wrong(f"das Feld /{name} hat nicht die vorgeschriebene Form")
    about = entry["obj"]
    if entry["k"] in MESSAGE_KINDS and not (
        about["ty"] == "message" and _is_uuid(about["id"]) and about["d"]
    ):
        raise Wrong("kein Eintrag zu einer Quittung")
    if entry["out"] == "refused" and not entry["why"]:
        raise Wrong("eine Zurückweisung ohne Grund")


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


@dataclass
class Keys:
    """Whose key is whose: the hub's, and those of the organisations, version by version."""

    hub: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)

    def add(self, organisation: str, version: Version) -> None:
        versions = self.versions.setdefault(organisation, [])
        versions.append(version)
        versions.sort(key=lambda one: one.claims["version"])

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
STATES: Final = frozenset(
    {"accepted", "taken", "acknowledged", "rejected", "withdrawn", "expired"}
)
BY_HUB: Final = frozenset({"accepted", "expired", "overdue", "escalated", "held", "passed-on"})
BY_SENDER: Final = frozenset({"withdrawn", "reader-added"})


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


def check_receipt(receipt: Receipt, env: Jws, keys: Keys, index: int) -> None:
    """Raise unless the receipt is about this message, and signed by one who may say it."""
    claims = receipt.jws.claims
    hub, sender, issuer = env.claims.get("hub"), env.claims.get("iss"), str(claims.get("iss"))
    kid, second = str(receipt.jws.header["kid"]), claims.get("iat")
    if not isinstance(second, int):
        raise Wrong("ohne Zeitpunkt")
    key = keys.of_hub(kid) if issuer == hub else keys.of_unit(issuer, kid, second, index)
    if not receipt.jws.is_signed_by(key):
        raise Wrong("die Unterschrift ist falsch, oder der Schlüssel gehört nicht dem Aussteller")
    if (issuer == hub) < (receipt.word in BY_HUB):
        raise Wrong("dieses Wort steht nur dem Hub zu")
    if receipt.word in BY_SENDER and issuer != sender:
        raise Wrong("dieses Wort steht nur dem Absender zu")
    if claims.get("aud") != (sender if receipt.chain == "visible" else hub):
        raise Wrong("an einen anderen gerichtet")
    if claims.get("txn") != env.claims.get("jti") or receipt.event.get("env") != env.digest:
        raise Wrong("eine Quittung zu einer anderen Nachricht")


def verify_env(env: Jws, keys: Keys, index: int) -> None:
    """Raise unless the sender's key, as logged before the acceptance, signed the envelope."""
    issuer, second = env.claims.get("iss"), env.claims.get("iat")
    if not isinstance(issuer, str) or not isinstance(second, int):
        raise Wrong("ohne Absender oder Zeitpunkt")
    if not env.is_signed_by(keys.of_unit(issuer, str(env.header["kid"]), second, index)):
        raise Wrong("die Unterschrift ist falsch, oder der Schlüssel gehört nicht dem Absender")
