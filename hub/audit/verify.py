# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does this log hold? The auditor's program, one file, to be run on a copy and without us.

Needs the standard library of Python 3.11 and nothing of the hub. It believes no stored hash: every
leaf is computed from the body of its entry, every root from the leaves, and the signed checkpoints
decide. Each finding names table, row and column, or the file.

    verify.py db FILE [--vkey V] [--policy FILE] [--quick]
    verify.py tiles DIRECTORY --vkey V [--policy FILE] [--quick]
    verify.py receipt FILE --vkey V [--keys hub-keys.json] [--policy FILE]
    verify.py evidence FILE.zip [--vkey V] [--policy FILE]

``--vkey`` is the log's key as the operator published it; it may stand there more than once.
Ends with 0 if nothing was found, with 1 if something was, with 2 if nothing could be looked at.
"""

import argparse
import base64
import hashlib
import hmac
import json
import lzma
import multiprocessing
import os
import re
import sqlite3
import struct
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import quote

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

    HAS_LIBRARY = True
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa

        HAS_ML_DSA = True
    except ImportError:  # pragma: no cover  an older library
        HAS_ML_DSA = False
except ImportError:  # pragma: no cover  an auditor's computer; the slow way is tested by itself
    HAS_LIBRARY = HAS_ML_DSA = False

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


class Unusable(Wrong):
    """There is nothing to look at: no such file, or no key to look with."""


def demand(text: str, *, holds: bool) -> None:
    """Raise with the text unless it holds."""
    if not holds:
        raise Wrong(text)


# --- How far it has come -----------------------------------------------------------------------


class Progress:
    """Says on a terminal how far it has come, how fast, and how long it will take."""

    WIDTH: Final = 24
    PAUSE: Final = 0.2
    """Seconds between two lines; where they do not overwrite each other, five times as long."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._is_terminal = stream is not None and stream.isatty()
        self._what, self._total, self._begun, self._said = "", 0, 0.0, 0.0

    def start(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._begun = self._said = time.monotonic()

    def reach(self, done: int) -> None:
        """Say it, if the last line is old enough."""
        now = time.monotonic()
        pause = self.PAUSE if self._is_terminal else 5 * self.PAUSE
        if self._stream is not None and now - self._said >= pause:
            self._said = now
            self._write(self.line(done, now - self._begun))

    def end(self) -> None:
        """Leave the line of a terminal as it was found."""
        if self._stream is not None and self._is_terminal:
            self._stream.write("\r" + " " * 78 + "\r")
            self._stream.flush()

    def line(self, done: int, seconds: float) -> str:
        """Return what is said: bar, share, rate and rest."""
        share = min(1.0, done / self._total) if self._total else 1.0
        bar = "#" * int(share * self.WIDTH)
        rate = done / seconds if seconds > 0 else 0.0
        rest = (self._total - done) / rate if rate else 0.0
        return (
            f"{self._what} [{bar:.<{self.WIDTH}}] {share:4.0%}"
            f"  {_grouped(done)} von {_grouped(self._total)}  {_grouped(rate)}/s"
            f"  noch {int(rest) // 60}:{int(rest) % 60:02}"
        )

    def _write(self, line: str) -> None:
        assert self._stream is not None  # noqa: S101  asked before
        self._stream.write(f"\r{line:<78}" if self._is_terminal else f"{line}\n")
        self._stream.flush()


def _grouped(number: float) -> str:
    return f"{int(number):,}".replace(",", ".")


QUIET: Final = Progress()


def processors() -> int:
    """Return how many processors this process may use."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known is not None else os.cpu_count() or 1


@contextmanager
def _shared_out(processes: int, prepare: Callable[..., None], *given: Any) -> Iterator[Any]:
    """Give a ``map`` that several processes work on, each prepared once; or this one alone."""
    if processes == 1:
        prepare(*given)
        yield map
        return
    # Where other threads run, a copy of this process could wait for ever for what they hold.
    is_alone = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if is_alone else "spawn")
    with ProcessPoolExecutor(processes, context, prepare, given) as pool:
        try:
            yield pool.map
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


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
    if any(len(sibling) != HASH for sibling in (leaf, *proof)):
        raise Wrong("eine Prüfsumme hat die falsche Länge")
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
_PLAIN, _COSIGNATURE, _ML_DSA = 1, 4, 6
_PUBLIC: Final = {_PLAIN: KEY, _COSIGNATURE: KEY, _ML_DSA: 1312}
"""Bytes of a public key, by its type."""


@dataclass(frozen=True)
class NoteKey:
    """A verifier key of a signed note."""

    name: str
    kind: int
    public: bytes

    @property
    def material(self) -> bytes:
        return bytes([self.kind]) + self.public

    @property
    def id(self) -> bytes:
        named = self.name.encode("utf-8", "surrogateescape")
        return hashlib.sha256(named + b"\n" + self.material).digest()[:4]

    @property
    def label(self) -> str:
        """Name and id, as a row about a witness calls it."""
        return f"{self.name}+{self.id.hex()}"

    @property
    def vkey(self) -> str:
        return f"{self.label}+{base64.b64encode(self.material).decode('ascii')}"


@dataclass(frozen=True)
class Checkpoint:
    """What the log says of itself: origin, size and root."""

    origin: str
    size: int
    root: bytes
    by: tuple[str, ...] = ()
    """Whose lines hold, where that was verified: the labels of their keys."""


def read_vkey(text: str) -> NoteKey:
    found = _VKEY.fullmatch(text.strip())
    if found is None:
        raise Wrong("kein Schlüssel der Form Name+Kennung+Schlüssel")
    material = unbase64(found[3])
    if _PUBLIC.get(material[0]) != len(material) - 1:
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


def verify_checkpoint(note: str, *keys: NoteKey) -> Checkpoint:
    """Return the checkpoint that one of the log's keys signed, for the log of that name.

    Every line of a key that is known has to hold.
    """
    text, signatures = read_note(note)
    known = {(key.name, key.id): key for key in keys if key.kind == _PLAIN}
    holding = [
        _holding(key, blob, text)
        for name, blob in signatures
        if (key := known.get((name, blob[:4]))) is not None
    ]
    if not holding:
        raise Wrong("nicht mit dem Schlüssel des Protokolls unterschrieben")
    checkpoint = read_checkpoint(note)
    same = any(checkpoint.origin == key.name for key in holding)
    demand("kein Prüfpunkt dieses Protokolls", holds=same)
    return replace(checkpoint, by=tuple(key.label for key in holding))


def _holding(key: NoteKey, blob: bytes, text: str) -> NoteKey:
    signed = text.encode("utf-8", "surrogateescape")
    demand("die Unterschrift ist falsch", holds=verify_ed25519(key.public, blob[4:], signed))
    return key


def read_checkpoint(note: str) -> Checkpoint:
    """Read what a note says of a log; nothing about it is verified."""
    match read_note(note)[0].split("\n"):
        case [origin, size, root, ""] if _NUMBER.fullmatch(size):
            hashed = unbase64(root)
        case _:
            raise Wrong("kein Prüfpunkt dieses Protokolls")
    demand("kein Prüfpunkt", holds=len(hashed) == HASH)
    return Checkpoint(origin, int(size), hashed)


def verify_cosignature(blob: bytes, text: str, key: NoteKey) -> int:
    """Return the second at which a witness signed a checkpoint (C2SP tlog-cosignature)."""
    second, signature = int.from_bytes(blob[4:12]), blob[12:]
    signed = text.encode("utf-8", "surrogateescape")
    if key.kind == _COSIGNATURE:
        said = f"cosignature/v1\ntime {second}\n".encode() + signed
        holds = len(signature) == SIGNATURE and verify_ed25519(key.public, signature, said)
    else:
        holds = _verify_ml_dsa(key, signature, second, text)
    demand("die Unterschrift des Zeugen ist falsch", holds=holds and 0 < second < 1 << 63)
    return second


def _verify_ml_dsa(key: NoteKey, signature: bytes, second: int, text: str) -> bool:
    """Verify with a library; whoever has none counts no such line (``can_verify``)."""
    origin, size, root, *_ = text.split("\n")
    named = [bytes([len(one)]) + one for one in (key.name.encode(), origin.encode())]
    numbers = [number.to_bytes(8) for number in (second, 0, int(size))]
    head = (b"subtree/v1\n\x00", named[0], numbers[0], named[1], *numbers[1:], unbase64(root))
    try:
        public = mldsa.MLDSA44PublicKey.from_public_bytes(key.public)
        public.verify(signature, b"".join(head))
    except (InvalidSignature, ValueError):
        return False
    return True


def can_verify(key: NoteKey) -> bool:
    return key.kind != _ML_DSA or HAS_ML_DSA


def cosigned(note: str, keys: Iterable[NoteKey]) -> dict[str, int]:
    """Return by their labels which witnesses signed a note, and when; each line has to hold."""
    text, signatures = read_note(note)
    known = {(key.name, key.id): key for key in keys if can_verify(key)}
    return {
        key.label: verify_cosignature(blob, text, key)
        for name, blob in signatures
        if (key := known.get((name, blob[:4]))) is not None
    }


# --- Which witnesses are enough (C2SP tlog-policy) ----------------------------------------------


@dataclass
class Policy:
    """Whose cosignatures count, and which of them together are enough."""

    logs: list[NoteKey] = field(default_factory=list)
    witnesses: dict[str, NoteKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    @property
    def asks_for_somebody(self) -> bool:
        return not self.is_met(())

    def is_met(self, labels: Iterable[str]) -> bool:
        """Whether the keys of these labels are enough."""
        there = set(labels)
        agreed = {name for name, key in self.witnesses.items() if key.label in there}
        return self._agrees(self.quorum, agreed)

    def _agrees(self, name: str, agreed: set[str]) -> bool:
        if name not in self.groups:
            return name == "none" or name in agreed
        enough, members = self.groups[name]
        return sum(self._agrees(member, agreed) for member in members) >= enough

    def take(self, words: Sequence[str]) -> None:
        """Take one line; raises where it says something else than the text of C2SP allows."""
        match words:
            case ["log", vkey, *url] if len(url) < 2:  # noqa: PLR2004
                key = read_vkey(vkey)
                demand("derselbe Schlüssel zweimal", holds=key not in self.logs)
                self.logs.append(key)
            case ["witness", name, vkey, *url] if len(url) < 2:  # noqa: PLR2004
                key = read_vkey(vkey)
                known = {other.public for other in self.witnesses.values()}
                demand("kein Schlüssel eines Zeugen", holds=key.kind != _PLAIN)
                demand("derselbe Schlüssel zweimal", holds=key.public not in known)
                self.witnesses[self._new(name)] = key
            case ["group", name, number, *members] if members:
                self._take_group(name, number, members)
            case ["quorum", name] if not self.quorum and (name == "none" or self._is_known(name)):
                self.quorum = name
            case _:
                raise Wrong("keine Zeile einer Richtlinie")

    def _take_group(self, name: str, number: str, members: list[str]) -> None:
        counts = {"all": len(members), "any": 1}
        is_number = re.fullmatch("[1-9][0-9]{0,5}", number) is not None
        enough = counts.get(number, int(number) if is_number else 0)
        demand("keine Zahl von Mitgliedern", holds=0 < enough <= len(members))
        taken = [member for _, others in self.groups.values() for member in others]
        for place, member in enumerate(members):
            is_free = self._is_known(member) and member not in [*taken, *members[:place]]
            demand("ein Mitglied fehlt oder steht zweimal da", holds=is_free)
        self.groups[self._new(name)] = (enough, members)

    def _is_known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _new(self, name: str) -> str:
        demand("ein Name zweimal", holds=name != "none" and not self._is_known(name))
        return name


MAX_POLICY: Final = 1 << 20


def read_policy(data: bytes) -> Policy:
    """Read a policy; raises with the number of the line that is none."""
    if len(data) > MAX_POLICY or re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
        raise Wrong("keine Richtlinie über Zeugen")
    policy = Policy()
    text = data.decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), start=1):
        words = [word for word in re.split("[ \t]", line) if word]
        if words and not words[0].startswith("#"):
            try:
                policy.take(words)
            except Wrong as wrong:
                raise Wrong(f"Zeile {number} der Richtlinie: {wrong}") from None
    demand("die Richtlinie nennt kein Quorum", holds=bool(policy.quorum))
    return policy


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


def verify_proof(text: str, entry: bytes | None, *keys: NoteKey) -> int:
    """Return the index at which the entry is proven to stand."""
    proof = read_proof(text)
    if entry is None and proof.extra is None:
        raise Wrong("der Eintrag ist gelöscht; ohne ihn ist die Aufnahme nicht zu beweisen")
    leaf = proof.extra if entry is None else entry
    if leaf is None or (proof.extra is not None and proof.extra != leaf):
        raise Wrong("der Beweis gehört zu einem anderen Eintrag")
    checkpoint = verify_checkpoint(proof.checkpoint, *keys)
    root = root_of_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes)
    if root != checkpoint.root:
        raise Wrong("der Beweis führt zu einer anderen Wurzel")
    return proof.index


# --- Entries (specs/log-entry.schema.json) -----------------------------------------------------

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_DIGEST: Final = "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
_EVENT: Final = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_TAG: Final = "[A-Za-z0-9_-]{21}[AQgw]"
_INSTANT: Final = (
    "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
)
_PARTY: Final = r"[a-z]{4,20}:[A-Za-z0-9][A-Za-z0-9-]{1,39}(\.[a-z0-9-]{1,24})?"
_PROTOCOL: Final = r"[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
TAGS: Final = 4
"""For how many conversations an entry may be found, whether it is about as many or not."""
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
    " key.doubted message.passing reminder.sent data.erased"
)
STATEMENT: Final = "message.passing"
ERASED: Final = "data.erased"

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
KEPT: Final = _words(
    "log.genesis log.pruned data.erased key.doubted key.enrolled key.rotated key.revoked"
    " directory.changed roster.changed participant.joined participant.suspended"
    " participant.succeeded participant.invited participant.resumed participant.contracted"
    " agreement.signed agreement.expired protocol.published protocol.adopted protocol.retired"
    " schema.migrated restore.performed"
)
"""Kinds whose bodies never go: by them gaps are read, and signatures verified."""

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


_EVENT_ID: Final = _like(_EVENT)
_is_digest: Final = _like(_DIGEST)
_are_tags: Final = _list_of(_like(_TAG), TAGS, TAGS)
_MEMBERS: Final[Mapping[str, Check]] = {
    "v": lambda value: type(value) is int and value == 1,
    "id": _EVENT_ID,
    "t": _like(_INSTANT),
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
    "tags": lambda value: _are_tags(value) and sorted(set(value)) == value,
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


def _one_look() -> re.Pattern[bytes]:
    """Write the closed form in its canonical spelling as one pattern.

    No member takes a character that JSON would escape, so what fits is canonical, and a million
    entries are read in seconds. What does not fit is read again slowly, to say why.
    """
    digest_ = f'"{_DIGEST}"'
    law = "[a-z]{2,20}[0-9]{0,2}-[0-9]{1,4}[a-z]{0,2}(-((s|nr|hs)?[0-9]{1,2}[a-z]?|[a-z]))*"
    named = r"[a-z][a-z0-9-]{1,39}(@[0-9]{1,6})?(/[a-z0-9][a-z0-9.-]{0,39}){0,2}"
    commitments = "|".join(
        ",".join(f'"{name}":{digest_}' for name in chosen)
        for chosen in (
            *(("conversation", "query", "reason"), ("conversation", "query")),
            *(("conversation", "reason"), ("query", "reason")),
            *(("conversation",), ("query",), ("reason",)),
        )
    )
    count = "0|[1-9][0-9]{0,15}"
    written = "".join(
        (
            rf'\{{"act":\{{"auth":"(|(code|dpop|key|mtls|oidc|passkey|root)(:{_DIGEST})?)"',
            rf',"org":"(|{_PARTY}|[a-z0-9][a-z0-9.:/-]{{2,127}})"',
            r',"pid":"(|[A-Za-z0-9_-]{21}[AQgw])","role":"(?P<role>[a-z]*)"\}',
            rf'(,"com":\{{({commitments})\}})?,"id":"(?P<id>{_EVENT})","k":"(?P<k>[a-z.-]+)"',
            rf',"law":\[("{law}"(,"{law}"){{0,7}})?\],"n":{digest_}',
            rf',"node":"(?P<node>(hub|connector|portal)-[0-9]{{1,4}})","nseq":(?P<nseq>{count})',
            rf',"obj":\{{"ct":"(|{_PROTOCOL}(/[a-z][a-z0-9-]{{1,39}})?)","d":"(?P<d>|{_DIGEST})"',
            rf',"id":"(?P<about>|{_UUID}|{_PARTY}|{_DIGEST}|{_PROTOCOL}|[a-z][a-z0-9-]{{2,39}})"',
            rf'(,"n":(?P<n>{count}))?,"ty":"(?P<ty>[a-z]+)"\}},"out":"(?P<out>ok|refused)"',
            rf',"rcp":\[("{_PARTY}"(,"{_PARTY}"){{0,15}})?\]',
            rf'(?P<ref>,"ref":\["{_UUID}"(,"{_UUID}"){{0,7}}\])?,"rule":"(|{_DIGEST}|{named})"',
            rf',"t":"(?P<t>{_INSTANT})","tags":\["(?P<tags>{_TAG}(","{_TAG}){{{TAGS - 1}}})"\]',
            r',"v":1,"why":"(?P<why>[a-z-]*)"\}',
        )
    )
    return re.compile(re.sub(r"(?<!\\)\((?!\?)", "(?:", written).encode("ascii"))


_ENTRY: Final = _one_look()
_ABOUT: Final = re.compile(_UUID.encode())
_IN_BYTES: Final[Mapping[str, frozenset[bytes]]] = {
    name: frozenset(word.encode() for word in words)
    for name, words in (
        ("role", ROLES),
        ("k", KINDS),
        ("ty", OBJECTS),
        ("why", REASONS),
        ("of messages", MESSAGE_KINDS | {STATEMENT}),
    )
}


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What the order of entries is held by."""

    id: bytes
    kind: bytes
    node: bytes
    nseq: int
    about: bytes
    t: bytes


def glimpse(body: bytes) -> Glimpse:
    """Read of an entry what its place depends on; raises where its form is not the closed one."""
    if (seen := fast_glimpse(body)) is not None:
        return seen
    entry = read_entry(body)
    texts = (entry["id"], entry["k"], entry["node"], entry["obj"]["id"], entry["t"])
    event_id, kind, node, about, t = (text.encode() for text in texts)
    return Glimpse(event_id, kind, node, entry["nseq"], about, t)


def fast_glimpse(body: bytes) -> Glimpse | None:
    """Do the same at one look; None where that is not enough to say that it is an entry."""
    found = _ENTRY.fullmatch(body) if len(body) <= MAX_LEAF else None
    if found is None:
        return None
    role, event_id, kind, node, nseq, d, about, n, ty, out, ref, t, tags, why = found.groups()
    words, in_order = _IN_BYTES, tags.split(b'","')
    is_entry = (
        kind in words["k"]
        and ty in words["ty"]
        and role in words["role"]
        and why in words["why"]
        and (why or out == b"ok")
        and int(nseq) <= MAX_NUMBER
        and (n is None or int(n) <= MAX_NUMBER)
        and in_order[0] < in_order[1] < in_order[2] < in_order[3]
        and kind != _ERASED
        and (ref or kind != _STATEMENT)
    )
    if not is_entry:
        return None
    if kind in words["of messages"] and not (ty == b"message" and d and _ABOUT.fullmatch(about)):
        return None
    return Glimpse(event_id, kind, node, int(nseq), about, t)


_STATEMENT: Final = STATEMENT.encode()
_ERASED: Final = ERASED.encode()


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
    named = about["ty"] == "conversation" or (about["ty"] == "message" and about["d"])
    if entry["k"] == ERASED and not (named and _is_uuid(about["id"]) and entry["law"]):
        raise Wrong("eine Löschung, die nicht sagt, was nach welchem Recht geht")


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
    "audit_body_no_delete": "6K05YAadIOyfrPKsuhX9ScEFZZMwcm1dV89ZQpTxT6I",
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
    "hold_no_update": "IKCIAF2IjsMuEfaj4W_GMh2lWc48YgtKPlpRtqyn1F8",
    "hold_no_delete": "ToBk_tEzAhY8zTYhLi7JAiJYcSzzOhxe7Vq-2iAe1HQ",
    "hold_no_replace": "Y7Da0oznCF2l2oHYgbCVyqqZcQ5gKlgTPVQRy8cw2TU",
    "hold_release_no_update": "41M-AK0DF-7OBTZ_3nZUqRwqG63IR-6adkGLQb15XEw",
    "hold_release_no_delete": "sMwKp2jpABFcrGSaKp4iQcE3cIuXyKgW_A-DfEUFACQ",
    "hold_release_no_replace": "zkHqdWy8XwG0rAFtro7Sr6UaAue8RgPyu9Y9Vaxm3OM",
    "stamp_no_update": "R5YWtRC4sMzqTI-SABGJGBZ5tcp4ZLT9AY7DpNvgaGA",
    "stamp_no_delete": "fjl8aoVi4SwQ6RqOEk8ceOxp91gvSHFf5xtGCgt1N2s",
    "stamp_no_replace": "5ECCVx8P6H2tMBIHLZzmEv_F78XaJwn6p3O9-Gdo8e8",
    "log_key_no_update": "PUjRAQqW37c6WqphJtMTQI75I6otfGEBst4ntwF9fy4",
    "log_key_no_delete": "q2RkWe1fJfnMpLjZZLh2OlZpgQlSmCxseuEyvFfMa6s",
    "log_key_no_replace": "qKvua1W2HovtHC7faEso8sXIPHqSnLR_EsHuGPZlz9c",
    "approver_no_update": "9Zx00e0iW0hOUBqHSQfgxVB3_BG9K4gc6MJLhk5uX_w",
    "approver_no_delete": "5aKIkyiHOIGaDL87-fkWce4FFp8jUErzzJad5DUVXJ4",
    "approver_no_replace": "4hOp5bHusYNi7ko-3qjy1yVbPvyuGyPr9Bnps65K6C8",
    "approval_no_update": "QKdiW5gXDmlLJT-pBQ8DIAW3wC-opjY9Z7UsfqRpqwc",
    "approval_no_delete": "D-Zkkm94DtUSqTD-fTcA0abO3c1EUkbtLm-s7mCSXgg",
    "approval_no_replace": "aWONbtDnlkFNl_UvVBDm2A9zaC9o2jRI7yMYyGwHGOQ",
    "prune_order_no_order": "Eb3yr6Hf8vulSsWyxanUe6YwDZGh4FzDHGZVBcq5A1s",
    "hold_no_order": "OJKStlU4_E_UoYSdu34Bd3IcVgpm2CTqQWRWsRor1-E",
    "hold_release_no_order": "stIuGZ46O7S_fZ1IcHAvXkQl1i6oYpxie4kBffuAW1I",
}
"""Digests of the statements that keep the log append-only."""
_WITHOUT_HOLDS: Final[Mapping[str, str]] = {
    "audit_body_no_delete": "FURRH6BeEOcUZD33AuteMUlnjR2rCo07kjRFVxp6mQo",
}
"""The same where the tables of messages and holds are not there."""

_LEAVES: Final = """
SELECT l.idx, l.event_id, l.leaf_hash, e.id, e.kind, e.message_id, b.body
FROM audit_leaf AS l
LEFT JOIN audit_event AS e ON e.id = l.event_id
LEFT JOIN audit_body AS b ON b.event_id = l.event_id
{} ORDER BY l.idx"""
_EVENT_ROW: Final = """
SELECT e.kind, e.message_id, l.idx, b.body
FROM audit_event AS e
LEFT JOIN audit_leaf AS l ON l.event_id = e.id
LEFT JOIN audit_body AS b ON b.event_id = e.id
WHERE e.id = ?"""
_ORDERS: Final = """
SELECT p.event_id, p.first_idx, p.last_idx, p.least, e.kind, l.idx, b.body
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
    given: Sequence[NoteKey] = ()
    """Keys of the log that whoever asks has from elsewhere."""
    witnesses: Sequence[NoteKey] = ()
    policy: Policy | None = None
    address: str = ""
    """Where others of its processes find the same file; nowhere, if it has to be alone."""
    is_quick: bool = False
    """Hashes, tree and roots alone; forms, signatures of old checkpoints and messages are not."""
    processes: int = 1
    progress: Progress = QUIET
    openings: Sequence[Any] = ()
    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    checkpoints: int = 0
    messages: int = 0
    log_keys: list["LogKey"] = field(default_factory=list)
    """Oldest first; empty where nobody knows any."""
    signed_by: dict[str, int] = field(default_factory=dict)
    """The largest checkpoint that bears a line of a key, by the label of that."""
    seen: dict[int, dict[str, int]] = field(default_factory=dict)
    """Which witnesses saw the checkpoint of a size, and when, as far as their keys are known."""
    keys: Keys = field(default_factory=Keys)
    erased: dict[str, str] = field(default_factory=dict)
    """Digest of the envelope of each message that the log says is forgotten."""
    being_erased: frozenset[object] = frozenset()
    """Conversations whose erasure is entered and not yet done."""
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
        if not self.is_quick:
            self._check_file()
        self._check_triggers()
        self._find_key()
        if not self.is_quick:
            _check_cosignatures(self)
        _TreeAudit(self).run()
        if self.is_quick:
            return
        _check_orders(self)
        _check_log_keys(self)
        _check_beats(self)
        _check_tails(self)
        _check_schema(self)
        for table, check in _BESIDE.items():
            if self.has(table):
                check(self)
        self._check_openings()
        if {"message", "receipt", "directory_entry", "hub_key"} <= self.tables:
            _read_directory(self)
            _check_adoptions(self)
            _check_acts(self)
            _check_agreements(self)
            _check_messages(self)
            _check_passings(self)
            _check_heads(self)

    def has(self, *tables: str) -> bool:
        return self.tables.issuperset(tables)

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
        row = next(self.rows(_EVENT_ROW, event_id), None)
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
            other = None if self.has("hold") else _WITHOUT_HOLDS.get(name)
            holds = found.get(name) in {expected, other} - {None}
            self.check(
                "sqlite_master", name, "sql", holds=holds, text="Trigger fehlt oder ist ein anderer"
            )

    def _check_openings(self) -> None:
        for number, opening in enumerate(self.openings, start=1):
            try:
                event = self.event(opening["entry"])
                check_opening(opening, bytes_of(event["body"]) if event["body"] else None)
            except Wrong as wrong:
                self.say("openings", number, text_of(opening["field"]), str(wrong))

    def entries_of(self, *kinds: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return place and content of the entries of some kinds, as far as they can be read."""
        marks = ", ".join("?" * len(kinds))
        query = f"""SELECT l.idx, b.body FROM audit_event AS e
            JOIN audit_leaf AS l ON l.event_id = e.id
            JOIN audit_body AS b ON b.event_id = e.id
            WHERE e.kind IN ({marks}) ORDER BY l.idx"""  # noqa: S608  marks alone
        for row in list(self.rows(query, *kinds)):
            with suppress(Wrong):
                yield row["idx"], read_entry(bytes_of(row["body"]))

    def _find_key(self) -> None:
        """Without a key from outside take the one in the database, which proves less."""
        if "hub_key" in self.tables:
            for row in self.rows("SELECT * FROM hub_key"):
                self._take_key(dict(row))
        _find_log_keys(self)
        if "hub" in self.tables:
            hubs = [text_of(row["id"]) for row in self.rows("SELECT id FROM hub")]
            self._find_name(f"{''.join(hubs[:1])}/log")
        if not self.log_keys:
            self.say("checkpoint", "", "", "ohne Schlüssel (--vkey) ist keine Unterschrift prüfbar")

    def _find_name(self, origin: str) -> None:
        if self.log_keys:
            name = re.escape(origin)
            holds = all(re.fullmatch(f"{name}[0-9]*", one.key.name) for one in self.log_keys)
            self.check("hub", "", "id", holds=holds, text="ist nicht der Hub dieses Schlüssels")
            return
        for key in self.keys.hub.values():
            if key["use"] == "log":
                public = unb64(read_json(key["jwk"])["x"])
                self.log_keys = [LogKey(NoteKey(origin, _PLAIN, public))]

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


_USES: Final = frozenset({"log", "receipt", "token", "cose"})
_FAMILIES: Final = {"EdDSA": "OKP", "ES256": "EC"}
_Place = tuple[str, object, str]


@dataclass(frozen=True)
class LogKey:
    """A key of the log, and from which size on every checkpoint bears its line."""

    key: NoteKey
    since: int = 0
    audit_id: str = ""


def key_of_size(keys: Sequence[LogKey], size: int) -> NoteKey:
    """Return the key that has to have signed the checkpoint of a size."""
    fitting = [one.key for one in keys if one.since < size or one is keys[0]]
    return fitting[-1]


def _find_log_keys(audit: Audit) -> None:
    """Take up the keys of the log: as they followed each other, or the ones that were given."""
    rows = audit.rows("SELECT * FROM log_key ORDER BY since_size") if audit.has("log_key") else ()
    for row in rows:
        try:
            key = read_vkey(text_of(row["vkey"]))
            audit.log_keys.append(LogKey(key, row["since_size"], text_of(row["audit_id"])))
        except Wrong as wrong:
            audit.say("log_key", row["since_size"], "vkey", str(wrong))
    if not audit.log_keys:
        audit.log_keys = [LogKey(key) for key in audit.given[:1]]
    known = [one.key for one in audit.log_keys]
    for key in audit.given:
        text = "der angegebene Schlüssel ist keiner dieses Protokolls"
        audit.check("log_key", key.label, "vkey", holds=key in known, text=text)


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
        self.hasty: set[str] = set()
        """Orders that let go what is too young."""
        self.held = _held_ranges(audit)
        self.time = ""
        self.numbers: dict[str, int] = {}
        self.unread = 0
        self.tiles = _TileAudit(audit)
        self.checkpoints = audit.rows("SELECT size, note FROM checkpoint ORDER BY size")
        self.checkpoint = next(self.checkpoints, None)
        self.newest = next(audit.rows("SELECT max(size) AS size FROM checkpoint"))["size"]
        self.judged: dict[int, Checkpoint | str] = {}
        """Checkpoints whose signatures were verified on the way."""
        self.last = 0

    def run(self) -> None:
        audit, bounds = self.audit, _bounds(self.audit)
        self._meet_checkpoints()
        if bounds is None:
            for row in audit.rows(_LEAVES.format("")):
                self._take(row)
        else:
            self._run_in_stretches(bounds)
        audit.entries = self.size
        self._finish()
        self.tiles.finish()

    def _run_in_stretches(self, count: int) -> None:
        """Take what holds in one go, and row by row whatever does not."""
        audit = self.audit
        firsts = range(0, count, STRETCH)
        several = audit.processes if count >= WORTH_SHARING and audit.address else 1
        audit.progress.start("Einträge", count)
        prepared = (audit.address, audit.log_keys, count, audit.is_quick)
        with _shared_out(several, _prepare_reading, *prepared) as mapped:
            for first, stretch in zip(firsts, mapped(_read_stretch, firsts), strict=True):
                self.judged = stretch.checkpoints
                if not (stretch.is_sound and self._fits(stretch, first)):
                    last = min(first + STRETCH, count) - 1
                    for row in audit.rows(
                        _LEAVES.format("WHERE l.idx BETWEEN ? AND ?"), first, last
                    ):
                        self._take(row)
                else:
                    self._absorb(stretch)
                audit.progress.reach(self.size)
        audit.progress.end()

    def _fits(self, stretch: "_Stretch", first: int) -> bool:
        goes_on = first == self.size == self.expected and not self.is_lost and self.other is None
        return goes_on and (self.audit.is_quick or stretch.begins >= self.time)

    def _absorb(self, stretch: "_Stretch") -> None:
        """Take a stretch in which all holds: its trees, its ends, and the numbers of its nodes."""
        whole = len(stretch.roots) * WIDTH * HASH
        for place, root in enumerate(stretch.roots):
            self._grow(stretch.leaves[place * WIDTH * HASH : (place + 1) * WIDTH * HASH], root)
        for at in range(whole, len(stretch.leaves), HASH):
            hashed = stretch.leaves[at : at + HASH]
            self.tiles.push(hashed, hashed)
            self._grow(hashed, None)
        for node, (first, last, event_id) in stretch.numbers.items():
            self._count({"node": node, "nseq": first}, event_id)
            self.numbers[node] = last + 1
        self.time = max(stretch.ends, self.time)

    def _grow(self, leaves: bytes, root: bytes | None) -> None:
        """Append leaves; those of a full tile as one, where no checkpoint lies within."""
        width = len(leaves) // HASH
        if root is not None:
            self.tiles.take(root)
        following = None if self.checkpoint is None else self.checkpoint["size"]
        if root is not None and (following is None or following >= self.size + width):
            push(self.frontier, self.size // WIDTH, root)
            self.size = self.expected = self.size + width
            self._meet_checkpoints()
            return
        for at in range(0, len(leaves), HASH):
            push(self.frontier, self.size, leaves[at : at + HASH])
            self.size = self.expected = self.size + 1
            if self.size == following:
                self._meet_checkpoints()
                following = None if self.checkpoint is None else self.checkpoint["size"]

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
            self._check_gone(row, event_id)
            in_tile = self.tiles.stored(index) or stored
            if in_tile != stored:
                self.doubts.append((("tile", f"0/{index // WIDTH}", "hashes"), leaf))
            return stored, in_tile
        body = bytes_of(row["body"])
        hashed = leaf_hash(body)
        if self.audit.is_quick:
            if hashed != stored:
                self.doubts.append((leaf, ("audit_body", event_id, "body")))
        elif hashed == stored:
            self._read(row, body, event_id)
        else:
            self.unread += 1
            self.doubts.append((leaf, ("audit_body", event_id, "body")))
        return hashed, stored

    def _check_gone(self, row: sqlite3.Row, event_id: str) -> None:
        """Let a body be missing that an order of its own time covered, and that nothing held."""
        index, audit = row["idx"], self.audit
        covering = [order for order in self.orders if order.first <= index <= order.last]
        old_enough = [order for order in covering if order.year >= _year_of(event_id) + 2]
        if not covering or row["kind"] in KEPT:
            text = "fehlt, ohne dass eine Löschanordnung es deckt"
            audit.say("audit_body", event_id, "event_id", text)
        elif not old_enough:
            if covering[0].event_id not in self.hasty:
                text = "löscht vor Ablauf des Folgejahres (§ 76 Abs. 4 BDSG)"
                audit.say("prune_order", covering[0].event_id, "event_id", text)
            self.hasty.add(covering[0].event_id)
        elif any(
            first <= index <= last and all(order.index > placed for order in old_enough)
            for first, last, placed in self.held
        ):
            text = "fehlt, obwohl die Löschung ausgesetzt ist"
            audit.say("audit_body", event_id, "event_id", text)

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
        if not audit.log_keys:
            return
        judged = self.judged.pop(size, None)
        if judged is None:
            # In a hurry the newest signature stands for all: it is over a tree that holds theirs.
            is_read_alone = audit.is_quick and size != self.newest
            judged = _judged(note, audit.log_keys, size, is_read_alone=is_read_alone)
        if isinstance(judged, str):
            audit.say("checkpoint", size, "note", judged)
            return
        checkpoint = judged
        if checkpoint.size != size:
            text = f"der unterschriebene Prüfpunkt ist der zur Größe {checkpoint.size}"
            audit.say("checkpoint", size, "size", text)
            return
        self.last = size
        for label in checkpoint.by:
            audit.signed_by[label] = size
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
        if audit.log_keys and self.last < self.size and not self.is_lost:
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


STRETCH: Final = 32 * WIDTH
"""Entries that are read in one go."""
WORTH_SHARING: Final = 20_000
"""From so many entries on other processes help; to start them takes as long as a few thousand."""
_STRETCH_ROWS: Final = """
SELECT l.event_id, l.leaf_hash, e.kind, e.message_id, b.body
FROM audit_leaf AS l
LEFT JOIN audit_event AS e ON e.id = l.event_id
LEFT JOIN audit_body AS b ON b.event_id = l.event_id
WHERE l.idx BETWEEN ? AND ? ORDER BY l.idx"""


def _bounds(audit: Audit) -> int | None:
    """Return how many leaves there are, if they are numbered from 0 without a gap."""
    query = "SELECT count(*) AS n, min(idx) AS first, max(idx) AS last FROM audit_leaf"
    row = next(audit.rows(query))
    is_whole = audit.address and (row["first"], row["last"]) == (0, row["n"] - 1)
    return row["n"] if is_whole else None


def _judged(
    note: str, keys: Sequence[LogKey], size: int, *, is_read_alone: bool = False
) -> Checkpoint | str:
    """Return a checkpoint, or what is wrong with its note."""
    owed = key_of_size(keys, size)
    try:
        if is_read_alone:
            checkpoint = read_checkpoint(note)
            demand("kein Prüfpunkt dieses Protokolls", holds=checkpoint.origin == owed.name)
            return checkpoint
        checkpoint = verify_checkpoint(note, *(one.key for one in keys))
        is_signed = owed.label in checkpoint.by and checkpoint.origin == owed.name
        demand("nicht mit dem Schlüssel des Protokolls unterschrieben", holds=is_signed)
    except Wrong as wrong:
        return str(wrong)
    return checkpoint


@dataclass
class _Stretch:
    """What entries that follow each other say, if nothing is wrong with any of them."""

    is_sound: bool = False
    leaves: bytes = b""
    roots: list[bytes] = field(default_factory=list)
    """Of the full tiles."""
    begins: str = ""
    ends: str = ""
    numbers: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """By node its first and last number, and the entry that has the first."""
    checkpoints: dict[int, Checkpoint | str] = field(default_factory=dict)
    name: str = ""
    """The file that was read, where it was one."""
    findings: list[Finding] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    """Places of entries whose bytes are not in an export."""
    broken: int = 0
    orders: list[tuple[int, bytes]] = field(default_factory=list)
    """Entries ``log.pruned``, each with its place."""


class _Reader:
    """Reads stretches, in a process of its own."""

    def __init__(self, address: str, keys: Sequence[LogKey], count: int, is_quick: bool) -> None:
        self._connection = sqlite3.connect(address, uri=True)
        self._connection.execute("PRAGMA trusted_schema=OFF")
        self._connection.text_factory = bytes
        self._keys = keys
        # A running hub adds leaves; whoever asked saw so many, and all who read stop there.
        self._count = count
        self._is_quick = is_quick

    def read(self, first: int) -> _Stretch:
        stretch, end = _Stretch(), min(first + STRETCH, self._count)
        if self._keys and not self._is_quick:
            query = "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ?"
            for size, note in self._connection.execute(query, (first, end)):
                stretch.checkpoints[size] = _judged(text_of(note), self._keys, size)
        rows = self._connection.execute(_STRETCH_ROWS, (first, end - 1))
        leaves = self._glance(rows) if self._is_quick else self._read(rows, stretch)
        if leaves is None:
            return stretch
        stretch.leaves = b"".join(leaves)
        query = "SELECT n, hashes FROM tile WHERE level = 0 AND n BETWEEN ? AND ?"
        ends = (first // WIDTH, (first + len(leaves)) // WIDTH - 1)
        tiles = dict(self._connection.execute(query, ends))
        for at in range(0, len(leaves) - WIDTH + 1, WIDTH):
            tile = stretch.leaves[at * HASH : (at + WIDTH) * HASH]
            if tiles.get((first + at) // WIDTH) != tile:
                return stretch
            stretch.roots.append(_root_of_tile(tile))
        stretch.is_sound = True
        return stretch

    def _glance(self, rows: Iterable[Any]) -> list[bytes] | None:
        sha256, leaves = hashlib.sha256, []
        for event_id, stored, kind, _, body in rows:
            if type(body) is not bytes or kind is None or type(event_id) is not bytes:
                return None
            hashed = sha256(b"\x00" + body).digest()
            if hashed != stored:
                return None
            leaves.append(hashed)
        return leaves

    def _read(self, rows: Iterable[Any], stretch: _Stretch) -> list[bytes] | None:
        """Return the leaf hashes if each row agrees with the one before and with itself."""
        sha256, before = hashlib.sha256, b""
        leaves: list[bytes] = []
        numbers: dict[bytes, tuple[int, int, bytes]] = {}
        for event_id, stored, kind, message_id, body in rows:
            if type(body) is not bytes:
                return None
            hashed = sha256(b"\x00" + body).digest()
            try:
                entry = glimpse(body)
            except Wrong:
                return None
            known = numbers.get(entry.node)
            first = (entry.nseq, entry.nseq - 1, event_id) if known is None else known
            is_accepted = kind == b"message.accepted"
            if (
                hashed != stored
                or entry.id != event_id
                or entry.kind != kind
                or (message_id != entry.about if is_accepted else message_id is not None)
                or entry.t < before
                or entry.nseq != first[1] + 1
            ):
                return None
            if not leaves:
                stretch.begins = entry.t.decode()
            numbers[entry.node] = (first[0], entry.nseq, first[2])
            before = entry.t
            leaves.append(hashed)
        stretch.ends = before.decode()
        for node, (begin, last, event_id) in numbers.items():
            stretch.numbers[node.decode()] = (begin, last, event_id.decode())
        return leaves


def _root_of_tile(tile: bytes) -> bytes:
    """Return the root over the hashes of a full tile."""
    sha256 = hashlib.sha256
    while len(tile) > HASH:
        tile = b"".join(
            [
                sha256(b"\x01" + tile[at : at + 2 * HASH]).digest()
                for at in range(0, len(tile), 2 * HASH)
            ]
        )
    return tile


_readers: list[_Reader] = []


def _prepare_reading(address: str, keys: Sequence[LogKey], count: int, is_quick: bool) -> None:
    _readers[:] = [_Reader(address, keys, count, is_quick)]


def _read_stretch(first: int) -> _Stretch:
    return _readers[0].read(first)


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

    def take(self, root: bytes) -> None:
        """Take a full tile of leaves that was already held against the stored one."""
        if not self.levels:
            self.levels.append(([], []))
            self.counts.append(0)
        self.seen.add((0, self.counts[0]))
        self.counts[0] += 1
        self.push(root, root, 1)

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


@dataclass(frozen=True)
class Order:
    """What an entry ``log.pruned`` lets go, from a year on."""

    event_id: str
    index: int
    first: int
    last: int
    year: int


def _covering(audit: Audit) -> list[Order]:
    """Return the orders that count: in the tree behind what they cover, and seen by witnesses."""
    orders = []
    for row in list(audit.rows(_ORDERS)):
        index = row["idx"]
        if row["kind"] != "log.pruned" or index is None or index <= row["last_idx"]:
            continue
        try:
            year = _year(_moment(read_entry(bytes_of(row["body"]))["t"]))
        except Wrong:
            year = 0
        event_id = text_of(row["event_id"])
        if _is_order_witnessed(audit, index, row["least"]):
            orders.append(Order(event_id, index, row["first_idx"], row["last_idx"], year))
        elif _has_gone(audit, row["first_idx"], row["last_idx"]):
            text = "wurde ausgeführt, ehe genug Zeugen sie gesehen haben"
            audit.say("prune_order", event_id, "least", text)
            orders.append(Order(event_id, index, row["first_idx"], row["last_idx"], year))
    return orders


def _is_order_witnessed(audit: Audit, index: int, least: int) -> bool:
    """Whether one checkpoint behind an order was seen by as many as it, and the policy, ask for."""
    query = "SELECT count(*) AS n FROM cosignature WHERE size > ? GROUP BY size ORDER BY n DESC"
    row = next(audit.rows(query, index), None)
    if (0 if row is None else row["n"]) < least:
        return False
    policy = audit.policy
    return (
        policy is None
        or any(policy.is_met(seen) for size, seen in audit.seen.items() if size > index)
        or policy.is_met(())
    )


def _has_gone(audit: Audit, first: int, last: int) -> bool:
    query = """SELECT 1 FROM audit_leaf AS l
        LEFT JOIN audit_body AS b ON b.event_id = l.event_id
        WHERE l.idx BETWEEN ? AND ? AND b.event_id IS NULL LIMIT 1"""
    return next(audit.rows(query, first, last), None) is not None


def _year(second: float) -> int:
    """Return the year in Germany, whose clocks are an hour ahead of UTC at New Year."""
    return datetime.fromtimestamp(min(second, 4e9) + 3600, UTC).year


def _year_of(event_id: str) -> int:
    """Return the year of an entry that is gone; its id holds its time (RFC 9562)."""
    if not _EVENT_ID(event_id):
        return MAX_NUMBER
    return _year(int(event_id[:13].replace("-", ""), 16) / 1000)


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
        if not row["least"] and _had_witnesses(audit, row["idx"]):
            audit.say(*place, "least", "wartete auf niemanden, obwohl es schon Zeugen gab")
    ordered = {text_of(row["event_id"]) for row in audit.rows("SELECT event_id FROM prune_order")}
    for _, entry in audit.entries_of("log.pruned"):
        if entry["id"] not in ordered:
            audit.say("audit_event", entry["id"], "id", "zu diesem Eintrag fehlt die Anordnung")


def _had_witnesses(audit: Audit, index: int) -> bool:
    """Whether enough witnesses had seen the log before an entry: from then on orders wait."""
    policy = audit.policy
    if policy is None or not policy.asks_for_somebody:
        return False
    return any(policy.is_met(seen) for size, seen in audit.seen.items() if size <= index)


def _range_digest(audit: Audit, first: int, last: int) -> str:
    hashed = hashlib.sha256(f"{first} {last}\n".encode())
    query = "SELECT event_id, leaf_hash FROM audit_leaf WHERE idx BETWEEN ? AND ? ORDER BY idx"
    for row in audit.rows(query, first, last):
        hashed.update(bytes_of(row["event_id"]) + bytes_of(row["leaf_hash"]))
    return b64(hashed.digest())


def _check_cosignatures(audit: Audit) -> None:
    """Hold what witnesses said against the checkpoints, and the times of entries against them."""
    query = """SELECT c.size, c.witness, c.line, p.note FROM cosignature AS c
        LEFT JOIN checkpoint AS p ON p.size = c.size"""
    witnesses = [*audit.witnesses, *(audit.policy.witnesses.values() if audit.policy else ())]
    known = {key.label: key for key in witnesses if can_verify(key)}
    for row in audit.rows(query):
        place = ("cosignature", f"{row['size']}/{text_of(row['witness'])}")
        line, witness = text_of(row["line"]), text_of(row["witness"])
        try:
            name, blob = _signature(line.removesuffix("\n"))
            holds = f"{name}+{blob[:4].hex()}" == witness
            audit.check(*place, "witness", holds=holds, text="ist nicht der Name der Zeile")
            demand("ein solcher Prüfpunkt fehlt", holds=row["note"] is not None)
            if witness in known:
                text, _ = read_note(text_of(row["note"]))
                second = verify_cosignature(blob, text, known[witness])
                audit.seen.setdefault(row["size"], {})[witness] = second
        except Wrong as wrong:
            audit.say(*place, "line", str(wrong))
    _check_times(audit)


TOLERANCE: Final = 300
"""Seconds by which the clocks of hub and witness may differ, the way between them included."""


def _check_times(audit: Audit) -> None:
    """Bracket the entries by the seconds at which witnesses saw checkpoints in front and behind.

    A hub asks its witnesses about its newest checkpoint. So what lies behind one of them is not
    much older than the first cosignature under it, and what lies before is not younger.
    """
    before = (0, 0)
    for size in sorted(audit.seen):
        first = min(audit.seen[size].values())
        if first < before[1]:
            text = "ein kleinerer Prüfpunkt wurde von Zeugen später gesehen"
            audit.say("cosignature", size, "line", text)
        for index, is_early in ((size - 1, False), (size, True)):
            event_id, moment = _moment_of(audit, index)
            if moment is None:
                continue
            text = (
                "liegt vor dem, was Zeugen vorher gesehen haben"
                if is_early
                else "liegt nach der Zeit, zu der Zeugen ihn schon gesehen haben"
            )
            lag = first - moment if is_early else moment - first
            audit.check("audit_body", event_id, "body", holds=lag <= TOLERANCE, text=text)
        before = (size, max(first, before[1]))


def _moment_of(audit: Audit, index: int) -> tuple[str, float | None]:
    query = """SELECT l.event_id, b.body FROM audit_leaf AS l
        JOIN audit_body AS b ON b.event_id = l.event_id WHERE l.idx = ?"""
    row = next(audit.rows(query, index), None)
    try:
        entry = None if row is None else read_entry(bytes_of(row["body"]))
    except Wrong:
        entry = None
    if row is None or entry is None:
        return "", None
    return text_of(row["event_id"]), datetime.fromisoformat(entry["t"]).timestamp()


# --- What else the log says about itself -------------------------------------------------------


def _check_log_keys(audit: Audit) -> None:
    """Hold the keys of the log against the entries that say how one followed the other.

    A key that was rotated vouches for the next while both sign; one that was lost to somebody
    vouches for nothing, so what follows it has to be given by whoever asks.
    """
    trusted = {key.label for key in audit.given} or {one.key.label for one in audit.log_keys}
    known = [one for one in audit.log_keys if one.audit_id]
    for place, one in enumerate(known):
        before = known[place - 1] if place else None
        is_chained = _is_chained(audit, one, before)
        text = "verweist auf keinen Eintrag, der diesen Schlüssel einsetzt"
        audit.check("log_key", one.since, "audit_id", holds=is_chained is not None, text=text)
        if before is not None and is_chained and before.key.label in trusted:
            trusted.add(one.key.label)
    if known and known[-1].key.label not in trusted:
        later = {one.key.label for one in known} & trusted
        text = "der neue Schlüssel ist nicht verbürgt; geben Sie ihn mit --vkey an"
        audit.check("log_key", known[-1].since, "vkey", holds=not later, text=text)


def _is_chained(audit: Audit, one: LogKey, before: LogKey | None) -> bool | None:
    """Return whether a key is vouched for by the one before; None where no entry says so at all."""
    event = audit.event(one.audit_id)
    entry = None
    with suppress(Wrong):
        entry = None if event["body"] is None else read_entry(bytes_of(event["body"]))
    if entry is None or event["idx"] is None or event["idx"] < one.since:
        return None
    about = entry["obj"]
    if before is None:
        return True if entry["k"] == "log.genesis" and one.since == 0 else None
    if entry["k"] == "key.rotated":
        said = (digest(one.key.vkey), digest(before.key.vkey))
        if (about["id"], about["d"]) != said or one.key.name != before.key.name:
            return None
        return bool(audit.signed_by.get(before.key.label, 0) > event["idx"])
    is_new = entry["k"] == "log.genesis" and one.key.name != before.key.name
    query = "SELECT note FROM checkpoint WHERE size = ?"
    row = next(audit.rows(query, about.get("n", -1)), None)
    named = row is not None and digest(text_of(row["note"])) == about["d"]
    return False if is_new and named else None


def _check_beats(audit: Audit) -> None:
    """Count the kinds that each heartbeat counted; they are there when bodies are gone."""
    covered = 0
    for index, entry in audit.entries_of("log.heartbeat"):
        size, said = entry["obj"].get("n"), entry["obj"]["d"]
        if size is None or not said:
            continue
        query = """SELECT e.kind, count(*) AS n FROM audit_leaf AS l
            JOIN audit_event AS e ON e.id = l.event_id
            WHERE l.idx >= ? AND l.idx < ? GROUP BY e.kind"""
        counts = {text_of(row["kind"]): row["n"] for row in audit.rows(query, covered, size)}
        holds = covered <= size <= index and digest(canonical(counts)) == said
        text = "zählt anderes als die Einträge seit dem Herzschlag davor"
        # A heartbeat in front of this one may be gone, with the size from which this one counts.
        if covered or not _is_gap(audit, index):
            audit.check("audit_body", entry["id"], "body", holds=holds, text=text)
        covered = size


def _check_tails(audit: Audit) -> None:
    """Let every alarm about missing witnesses be followed by its end, and none by another."""
    before = "checkpoint.witnessed"
    query = """SELECT e.id, e.kind FROM audit_event AS e JOIN audit_leaf AS l ON l.event_id = e.id
        WHERE e.kind IN ('checkpoint.unwitnessed', 'checkpoint.witnessed') ORDER BY l.idx"""
    for row in audit.rows(query):
        kind = text_of(row["kind"])
        text = "zweimal dasselbe über die Zeugen hintereinander"
        audit.check("audit_event", row["id"], "kind", holds=kind != before, text=text)
        before = kind


def _is_gap(audit: Audit, index: int) -> bool:
    """Whether a heartbeat in front of a place can no longer be read."""
    query = """SELECT 1 FROM audit_event AS e JOIN audit_leaf AS l ON l.event_id = e.id
        LEFT JOIN audit_body AS b ON b.event_id = e.id
        WHERE e.kind = 'log.heartbeat' AND l.idx < ? AND b.event_id IS NULL LIMIT 1"""
    return next(audit.rows(query, index), None) is not None


def _check_schema(audit: Audit) -> None:
    """Hold the tables of the file against the digest that the log has of them."""
    said = ""
    for _, entry in audit.entries_of("log.genesis", "schema.migrated"):
        if entry["obj"]["d"] and "n" not in entry["obj"]:
            said = entry["obj"]["d"] if entry["obj"]["id"] == "sqlite" else ""
    is_named = any(found.table == "sqlite_master" for found in audit.findings)
    if not said or is_named:
        return
    query = """SELECT type || ' ' || name AS name, sql FROM sqlite_master
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"""
    described = {
        text_of(row["name"]): digest(" ".join(text_of(row["sql"]).split()))
        for row in audit.rows(query)
    }
    holds = digest(canonical(described)) == said
    text = "Tabellen oder Trigger sind andere als die, die das Protokoll nennt"
    audit.check("sqlite_master", "", "sql", holds=holds, text=text)


APPROVED: Final = {
    "restore.performed": "restore",
    "log.pruned": "prune",
    "data.erased": "erase",
    "hold.released": "release",
    "key.rotated": "rotate",
    "log.genesis": "succeed",
    "key.enrolled": "approver",
    "key.revoked": "approver",
}
"""Kinds of entries about acts to which somebody beside the operator has to agree."""
_APPROVAL_DAYS: Final = 30
_APPROVAL_LINES: Final = 4


def _check_approvals(audit: Audit) -> None:
    """Hold acts against what the data protection officer signed, from the first approver on."""
    approvers = _read_approvers(audit)
    if not approvers:
        return
    notes = {
        text_of(row["digest"]): text_of(row["note"])
        for row in audit.rows("SELECT digest, note FROM approval")
    }
    for name, note in notes.items():
        text = "ist nicht die Prüfsumme der Freigabe"
        audit.check("approval", name, "digest", holds=digest(note) == name, text=text)
    needed = _Needed.of(audit, approvers)
    used = _Used()
    for index, entry in audit.entries_of(*APPROVED):
        standing = _standing(approvers, index)
        if not standing or not needed.by(entry):
            continue
        try:
            note = notes.get(entry["rule"], "")
            _check_approval(note, needed.origin, entry, standing)
            demand("die Freigabe wurde schon gebraucht", holds=used.is_first(index, entry))
        except Wrong as wrong:
            audit.say("audit_body", entry["id"], "body", f"ohne gültige Freigabe: {wrong}")
    for event_id in used.without_subject:
        text = "ohne gültige Freigabe: sie nennt eine Konversation, die hier nicht vergessen wird"
        audit.say("audit_body", event_id, "body", text)


@dataclass
class _Used:
    """For which entries approvals were used: for one each, but for erasures that belong together.

    What is forgotten of one conversation is entered in one piece, with the key that goes.
    """

    erased: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The newest place of a piece, and its first entry."""
    others: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def is_first(self, index: int, entry: Row) -> bool:
        rule = entry["rule"]
        if entry["k"] != ERASED:
            is_new = rule not in self.others
            self.others.add(rule)
            return is_new
        before, first = self.erased.get(rule, (index - 1, entry["id"]))
        self.erased[rule] = (index, first)
        is_key = entry["obj"]["ty"] == "conversation"
        is_second = is_key and rule in self.keys
        self.keys |= {rule} if is_key else set()
        return before == index - 1 and not is_second

    @property
    def without_subject(self) -> list[str]:
        return [first for rule, (_, first) in self.erased.items() if rule not in self.keys]


@dataclass(frozen=True)
class _Needed:
    """To which acts of a hub somebody beside the operator has to agree."""

    origin: str
    """What the first line of an approval says."""
    approvers: frozenset[str]
    log_keys: frozenset[str]

    @classmethod
    def of(cls, audit: Audit, approvers: Sequence["_Approver"]) -> "_Needed":
        name = audit.log_keys[0].key.name if audit.log_keys else ""
        return cls(
            f"{re.sub('/log[0-9]*$', '', name)}/freigabe",
            frozenset(event_id for _, event_id, _, _ in approvers),
            frozenset(digest(each.key.vkey) for each in audit.log_keys),
        )

    def by(self, entry: Row) -> bool:
        """Whether an act was somebody's decision: what the law's calendar does has no role."""
        kind, about = entry["k"], entry["obj"]
        if kind in {"key.enrolled", "key.revoked"}:
            return entry["id"] in self.approvers
        if kind == "log.genesis":
            return "n" in about
        if kind == ERASED:
            return bool(entry["act"]["role"])
        if kind == "key.rotated":
            return about["id"] in self.log_keys or bool(entry["rule"])
        return bool(kind != "hold.released" or about["ty"] == "hold")


_Approver = tuple[int, str, str, str]
"""Place of the entry, its id, key and act."""


def _read_approvers(audit: Audit) -> list[_Approver]:
    kinds = {"added": "key.enrolled", "removed": "key.revoked"}
    approvers = []
    for row in audit.rows("SELECT * FROM approver ORDER BY seq"):
        vkey, act, event_id = (text_of(row[name]) for name in ("vkey", "act", "audit_id"))
        event = audit.event(event_id)
        entry = None
        with suppress(Wrong):
            entry = None if event["body"] is None else read_entry(bytes_of(event["body"]))
        said = None if entry is None else (entry["k"], entry["obj"]["id"])
        holds = said == (kinds.get(act), digest(vkey))
        text = "verweist auf keinen Eintrag zu diesem Schlüssel"
        if audit.check("approver", row["seq"], "audit_id", holds=holds, text=text):
            approvers.append((event["idx"], event_id, vkey, act))
    return approvers


def _standing(approvers: Sequence[_Approver], index: int) -> list[NoteKey]:
    """Return whose approval counts for what stands at a place."""
    standing: dict[str, NoteKey] = {}
    for place, _, vkey, act in approvers:
        if place < index and act == "added":
            with suppress(Wrong):
                standing[vkey] = read_vkey(vkey)
        elif place < index:
            standing.pop(vkey, None)
    return list(standing.values())


def _subject_of(entry: Row) -> str | None:
    """Return what the approval of an act has to name; None where another entry says it."""
    about, kind = entry["obj"], entry["k"]
    if kind in {"log.pruned", "restore.performed"}:
        return str(about["d"])
    if kind in {"key.rotated", "key.enrolled", "key.revoked"}:
        return str(about["id"])
    if kind == "hold.released" or (kind, about["ty"]) == ("data.erased", "conversation"):
        return digest(about["id"])
    return None


def _check_approval(note: str, origin: str, entry: Row, standing: Sequence[NoteKey]) -> None:
    demand("sie fehlt", holds=bool(note))
    text, signatures = read_note(note)
    demand("nicht genau eine Unterschrift", holds=len(signatures) == 1)
    ((name, blob),) = signatures
    signers = [key for key in standing if (key.name, key.id) == (name, blob[:4])]
    demand("nicht von jemandem, der freigeben darf", holds=len(signers) == 1)
    _holding(signers[0], blob, text)
    lines = text.split("\n")
    is_one = len(lines) == _APPROVAL_LINES + 1 and lines[1] == APPROVED[entry["k"]]
    demand("sie gilt einer anderen Handlung", holds=is_one)
    demand("sie gilt einem anderen Hub", holds=lines[0] == origin)
    demand("sie gilt etwas anderem", holds=_subject_of(entry) in {None, lines[2]})
    try:
        given = datetime.strptime(lines[3], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Wrong("ohne Zeitpunkt") from None
    age = _moment(entry["t"]) - given.timestamp()
    demand("sie ist zu alt", holds=-TOLERANCE <= age <= _APPROVAL_DAYS * 86_400)
    auth = (entry["act"]["role"], entry["act"]["auth"])
    expected = ("datenschutz", f"key:{digest(signers[0].vkey)}")
    demand("der Eintrag nennt jemand anderen", holds=auth == expected)


def _held_ranges(audit: Audit) -> list[tuple[int, int, int]]:
    """Return the ranges of entries that are held, and since which place."""
    if not audit.has("hold"):
        return []
    query = """SELECT h.first_idx, h.last_idx, l.idx FROM hold AS h
        JOIN audit_leaf AS l ON l.event_id = h.audit_id WHERE h.first_idx IS NOT NULL"""
    return [(row["first_idx"], row["last_idx"], row["idx"]) for row in audit.rows(query)]


def _check_holds(audit: Audit) -> None:
    """Hold what must not be erased against the entries that say so, and against erasures."""
    rows = {text_of(row["id"]): row for row in audit.rows("SELECT * FROM hold")}
    released = {
        text_of(row["hold_id"]): text_of(row["audit_id"])
        for row in audit.rows("SELECT * FROM hold_release")
    }
    placed: dict[str, tuple[int, dict[str, Any]]] = {}
    ends: dict[str, tuple[int, str]] = {}
    for index, entry in audit.entries_of("hold.placed", "hold.released"):
        name = entry["obj"]["id"]
        if entry["obj"]["ty"] != "hold":
            continue
        if entry["k"] == "hold.placed":
            placed[name] = (index, entry)
        else:
            ends[name] = (index, entry["id"])
    for name, row in rows.items():
        placing = placed[name][1] if name in placed else {"id": "", "law": ()}
        said = (placing["id"], "".join(placing["law"]))
        holds = said == (text_of(row["audit_id"]), text_of(row["law"]))
        text = "verweist auf keinen Eintrag, der dies aussetzt"
        audit.check("hold", name, "audit_id", holds=holds, text=text)
    for name, event_id in released.items():
        holds = ends.get(name, (0, ""))[1] == event_id
        text = "verweist auf keinen Eintrag, der dies freigibt"
        audit.check("hold_release", name, "audit_id", holds=holds, text=text)
    for name, (index, entry) in placed.items():
        until = ends[name][0] if name in ends else MAX_NUMBER
        text = "die Löschung ist ausgesetzt, und die Zeile dazu fehlt"
        audit.check("hold", name, "id", holds=(name in rows) != (name in ends), text=text)
        _check_held(
            audit, name, set(entry.get("ref", ())) | _held(audit, rows.get(name)), index, until
        )


def _held(audit: Audit, row: sqlite3.Row | None) -> set[str]:
    """Return the messages that a hold is about, as far as its row still says."""
    if row is None or row["subject"] is None:
        return set()
    query = "SELECT id FROM message WHERE conversation = ?"
    return {
        text_of(row["subject"]),
        *(text_of(one["id"]) for one in audit.rows(query, row["subject"])),
    }


def _check_held(audit: Audit, name: str, messages: set[str], first: int, last: int) -> None:
    for index, entry in audit.entries_of(ERASED, "content.erased") if messages else ():
        if first < index < last and entry["obj"]["id"] in messages:
            text = "wurde gelöscht, obwohl die Löschung ausgesetzt war"
            audit.say("audit_body", entry["id"], "body", f"{text} (hold {name})")


def _find_erased(audit: Audit) -> None:
    """Take up which messages the log says are forgotten."""
    for _, entry in audit.entries_of(ERASED):
        about = entry["obj"]
        if about["ty"] == "message":
            audit.erased[about["id"]] = about["d"]
            is_hasty = not entry["act"]["role"] and _is_young(audit, about["id"], entry["t"])
            text = "vergisst ohne Anordnung, was noch im Jahr davor bewegt wurde"
            audit.check("audit_body", entry["id"], "body", holds=not is_hasty, text=text)
    if audit.has("erasure"):
        query = "SELECT conversation FROM erasure"
        audit.being_erased = frozenset(row["conversation"] for row in audit.rows(query))


def _is_young(audit: Audit, message_id: str, t: str) -> bool:
    """Whether a message moved in the year of an instant or the one before, by its receipts' ids."""
    query = """SELECT l.event_id FROM receipt AS r
        JOIN audit_leaf AS l ON l.event_id = r.audit_id WHERE r.message_id = ?"""
    years = [_year_of(text_of(row["event_id"])) for row in audit.rows(query, message_id)]
    return bool(years) and max(years) + 2 > _year(_moment(t))


def _check_stamps(audit: Audit) -> None:
    """Hold time stamps against the bytes of the checkpoints that they are over."""
    query = "SELECT s.*, c.note FROM stamp AS s LEFT JOIN checkpoint AS c ON c.size = s.size"
    for row in audit.rows(query):
        place = ("stamp", row["size"])
        try:
            demand("ein solcher Prüfpunkt fehlt", holds=row["note"] is not None)
            second = read_stamp(bytes_of(row["token"]), bytes_of(row["note"]))
            audit.check(
                *place, "at", holds=int(second) == row["at"], text="ist nicht der im Stempel"
            )
            event_id, moment = _moment_of(audit, row["size"] - 1)
            is_late = moment is not None and moment - second > TOLERANCE
            text = "liegt nach dem Zeitstempel des Prüfpunkts dahinter"
            audit.check("audit_body", event_id, "body", holds=not is_late, text=text)
        except Wrong as wrong:
            audit.say(*place, "token", str(wrong))


_BESIDE: Final[Mapping[str, Callable[[Audit], None]]] = {
    "approver": _check_approvals,
    "hold": _check_holds,
    "stamp": _check_stamps,
}
"""Tables beside the log, and how each is held against it."""


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
    _find_erased(audit)
    listed = list(audit.rows("SELECT id FROM message ORDER BY id"))
    audit.progress.start("Nachrichten", len(listed))
    for row in listed:
        message = next(audit.rows("SELECT * FROM message WHERE id = ?", row["id"]))
        _MessageAudit(audit, dict(message)).run()
        audit.messages += 1
        audit.progress.reach(audit.messages)
    audit.progress.end()
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
    gone = {
        about["id"]
        for _, entry in audit.entries_of(ERASED)
        if (about := entry["obj"])["ty"] == "conversation"
    }
    for row in audit.rows(query):
        place = ("conversation", row["id"])
        is_done = row["id"] not in audit.being_erased
        if is_done and "key_id" in row.keys() and row["key_id"] in gone:  # noqa: SIM118  a row
            audit.say(*place, "key_id", "steht noch da, obwohl die Löschung im Protokoll steht")
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


class _Remembered(Jws):
    """What is left of an envelope that is forgotten: its digest, as the erasure names it."""

    @property
    def digest(self) -> str:
        return self.signed.decode()


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
        erased = self.audit.erased.get(text_of(self.row["id"]))
        if self.row["env"] is None:
            self._run_forgotten(erased)
            return
        if erased is not None and self.row["conversation"] not in self.audit.being_erased:
            self._hold("env", "steht noch da, obwohl die Löschung im Protokoll steht")
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

    def _run_forgotten(self, erased: str | None) -> None:
        """Hold receipts of a message that is forgotten against each other and the erasure."""
        if erased is None:
            self._hold("env", "fehlt, ohne dass eine Löschung im Protokoll steht")
            return
        hub = self.audit.log_keys[0].key.name.rpartition("/log")[0] if self.audit.log_keys else ""
        names = {"hub": hub, "iss": self.row.get("sender"), "aud": self.row.get("recipient")}
        env = _Remembered({}, names | {"jti": self.row["id"]}, erased.encode(), b"")
        self._hold("conversation", "steht noch da", holds=self.row.get("conversation") is None)
        self._check_receipts(env)
        self._check_acceptance()
        for column in ("body", "wraps"):
            text = "steht noch da, obwohl die Nachricht vergessen ist"
            self._hold(column, text, holds=self.row.get(column) is None)
        state = next((word for word in reversed(self.words) if word in STATES), None)
        holds = self.row.get("state") == state
        self._hold("state", "ist nicht die Folge der Quittungen", holds=holds)

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


# --- Time stamps (RFC 3161) --------------------------------------------------------------------

_IMPRINTS: Final = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


def _der(data: bytes) -> list[tuple[int, bytes]]:
    """Split DER into its elements, each with its tag."""
    elements, at = [], 0
    while at < len(data):
        demand("kein Zeitstempel", holds=at + 2 <= len(data))
        tag, length, at = data[at], data[at + 1], at + 2
        if length >= 0x80:  # noqa: PLR2004  the long form of a length
            octets = length & 0x7F
            length, at = int.from_bytes(data[at : at + octets]), at + octets
        demand("kein Zeitstempel", holds=at + length <= len(data))
        elements.append((tag, data[at : at + length]))
        at += length
    return elements


def read_stamp(token: bytes, stamped: bytes) -> float:
    """Return the second that a time stamp says, if it is over these bytes.

    The authority's own signature is not verified here; ``openssl ts -verify`` does that.
    """
    try:
        ((_, response),) = _der(token)
        (_, status), (_, content) = _der(response)
        demand("der Zeitstempel wurde verweigert", holds=_der(status)[0][1] in {b"\0", b"\1"})
        signed = _der(_der(_der(content)[1][1])[0][1])
        info = _der(_der(_der(_der(signed[2][1])[1][1])[0][1])[0][1])
        algorithm, imprint = (value for _, value in _der(info[2][1]))
        name, said = _IMPRINTS.get(_der(algorithm)[0][1], ""), info[4][1].decode("ascii")
        moment = datetime.strptime(said[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        raise Wrong("kein Zeitstempel") from None
    demand("kein Zeitstempel", holds=bool(name))
    fits = hashlib.new(name, stamped).digest() == imprint
    demand("der Zeitstempel gilt anderen Bytes", holds=fits)
    return moment.timestamp()


# --- Openings ----------------------------------------------------------------------------------


def check_opening(opening: Any, body: bytes | None) -> None:
    """Raise unless salt and value are what an entry has committed to."""
    demand("zu dieser Öffnung fehlt der Eintrag", holds=body is not None)
    name, value = str(opening["field"]), str(opening["value"]).encode()
    said = f"{name}\0".encode() + value
    committed = b64(hmac.new(unb64(str(opening["salt"])), said, hashlib.sha256).digest())
    entry = read_entry(body or b"")
    demand("öffnet die Festlegung nicht", holds=entry.get("com", {}).get(name) == committed)


def read_openings(data: bytes) -> list[Any]:
    openings = read_json(data)
    names = {"entry", "field", "salt", "value"}
    is_list = isinstance(openings, list) and all(
        isinstance(one, dict) and names <= one.keys() for one in openings
    )
    demand("keine Liste von Öffnungen", holds=is_list)
    return openings  # type: ignore[no-any-return]


# --- Files: tiles, receipts, evidence ----------------------------------------------------------


Vkeys = str | Sequence[str] | None


def read_vkeys(vkeys: Vkeys) -> tuple[NoteKey, ...]:
    """Read the keys of a log that somebody has from elsewhere, as many as there are."""
    listed = [vkeys] if isinstance(vkeys, str) else vkeys or []
    try:
        keys = tuple(map(read_vkey, listed))
        demand("kein Schlüssel eines Protokolls", holds=all(key.kind == _PLAIN for key in keys))
    except Wrong as wrong:
        raise Unusable(str(wrong)) from None
    return keys


def _read_witnesses(vkeys: Sequence[str]) -> list[NoteKey]:
    try:
        return [read_vkey(vkey) for vkey in vkeys]
    except Wrong as wrong:
        raise Unusable(str(wrong)) from None


def load_policy(policy: str | Path | Policy | None) -> Policy | None:
    """Read a policy from its file."""
    if policy is None or isinstance(policy, Policy):
        return policy
    try:
        return read_policy(Path(policy).read_bytes())
    except Wrong as wrong:
        raise Unusable(str(wrong)) from None
    except OSError:
        raise Unusable("die Richtlinie ist nicht lesbar") from None


def verify_db(
    path: str | Path, vkey: Vkeys = None, witnesses: Sequence[str] = (), **how: Any
) -> list[Finding]:
    """Return what does not hold in a copy of a hub's database."""
    try:
        return audit_db(path, vkey, witnesses, **how).findings
    except Wrong as wrong:
        return [Finding(str(path), "", "", str(wrong))]


def audit_db(
    path: str | Path, vkey: Vkeys = None, witnesses: Sequence[str] = (), **how: Any
) -> Audit:
    """Look at a copy of a hub's database, and keep the counts beside the findings."""
    address = f"file:{quote(str(Path(path).resolve()))}?mode=ro"
    keys, known = read_vkeys(vkey), _read_witnesses(witnesses)
    policy = load_policy(how.pop("policy", None))
    if not Path(path).is_file():
        raise Unusable("keine solche Datei")
    with closing(sqlite3.connect(address, uri=True)) as connection:
        audit = Audit(connection, keys, known, policy, address, **how)
        try:
            # One and the same state from the first question to the last, beside a hub that writes.
            connection.execute("BEGIN")
            audit.run()
        except (sqlite3.Error, ArithmeticError, LookupError, TypeError, ValueError):
            audit.say("sqlite", "", "", "die Datei ist nicht lesbar oder in sich beschädigt")
    return audit


def verify_tiles(directory: str | Path, vkey: Vkeys, **how: Any) -> list[Finding]:
    """Return what does not hold in an export of tiles, with or without entry bundles."""
    try:
        return audit_tiles(directory, vkey, **how).findings
    except Wrong as wrong:
        return [Finding("vkey", "", "", str(wrong))]


def audit_tiles(directory: str | Path, vkey: Vkeys, **how: Any) -> "TilesOnDisk":
    """Look at an export of tiles, and keep the counts beside the findings."""
    keys, policy = read_vkeys(vkey), load_policy(how.pop("policy", None))
    tiles = TilesOnDisk(Path(directory), keys, policy, **how)
    tiles.run()
    return tiles


@dataclass
class TilesOnDisk:
    """An export: every tile is made anew from what lies below it, and the checkpoint decides."""

    directory: Path
    keys: Sequence[NoteKey]
    policy: Policy | None = None
    is_quick: bool = False
    processes: int = 1
    progress: Progress = QUIET
    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    gone: list[int] = field(default_factory=list)
    """Places of entries whose bytes are not in the export."""
    orders: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    unread: int = 0
    time: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    _bundle: tuple[int, Sequence[bytes]] = (-1, ())

    def run(self) -> None:
        try:
            note = (self.directory / "checkpoint").read_bytes().decode()
            checkpoint = verify_checkpoint(note, *self.keys)
            demand("zu wenige Zeugen haben ihn gesehen", holds=_is_witnessed(note, self.policy))
        except (Wrong, OSError, UnicodeDecodeError) as wrong:
            self._say("checkpoint", str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar")
            return
        self.entries = checkpoint.size
        tiles = self._read_tiles(checkpoint.size)
        self._check_levels(tiles, checkpoint)
        if self.is_quick:
            return
        self._check_gone(tiles)
        self._check_seen(tiles, checkpoint)
        self._check_stamps(tiles)
        self._check_own_entry(note, checkpoint)

    def _say(self, name: str, text: str) -> None:
        self.findings.append(Finding(name, "", "", text))

    def _read(self, name: str) -> bytes | None:
        path = self.directory / name
        return path.read_bytes() if path.is_file() else None

    def _read_tiles(self, size: int) -> list[bytes]:
        """Return the leaf hashes, tile by tile, with each bundle held against them."""
        total = -(-size // WIDTH)
        widths = [min(WIDTH, size - n * WIDTH) for n in range(total)]
        several = self.processes if size >= WORTH_SHARING else 1
        is_reading = any(READING_LOG in key.name for key in self.keys)
        self.progress.start("Einträge", size)
        tiles: list[bytes] = []
        prepared = (self.directory, is_reading, self.is_quick)
        with _shared_out(several, _prepare_tiles, *prepared) as mapped:
            more = {} if several == 1 else {"chunksize": 16}
            for tile in mapped(_read_tile, range(total), widths, **more):
                self._take(tile)
                tiles.append(tile.leaves)
                self.progress.reach(min(size, len(tiles) * WIDTH))
        self.progress.end()
        return tiles

    def _take(self, tile: "_Stretch") -> None:
        """Let times and numbers go on where those of the tile before ended."""
        self.findings += tile.findings
        self.gone += tile.missing
        self.unread += len(tile.missing) + tile.broken
        for index, body in tile.orders:
            order = read_entry(body)
            self.orders[order["id"]] = (index, order)
        if tile.begins and tile.begins < self.time:
            self._say(tile.name, "liegt zeitlich vor dem, was davor steht")
        self.time = max(tile.ends, self.time)
        for node, (first, last, _) in tile.numbers.items():
            gap = first - self.numbers.get(node, 0)
            if 0 <= gap <= self.unread:
                self.unread -= gap
            else:
                self._say(tile.name, f"die Zählung von {node} springt")
            self.numbers[node] = last + 1

    def _check_levels(self, tiles: Sequence[bytes], checkpoint: Checkpoint) -> None:
        below = [_root_of_tile(tile) for tile in tiles if len(tile) == WIDTH * HASH]
        level, size = 1, checkpoint.size // WIDTH
        while size:
            for n in range(-(-size // WIDTH)):
                expected = below[n * WIDTH : (n + 1) * WIDTH]
                name = _tile_name(str(level), n, len(expected))
                if self._read(name) != b"".join(expected):
                    self._say(name, "fehlt oder ergibt sich nicht aus der Ebene darunter")
            size //= WIDTH
            below = [root_over(below[n * WIDTH : (n + 1) * WIDTH]) for n in range(size)]
            level += 1
        if not self.findings and checkpoint.root != self._root_at(tiles, checkpoint.size):
            self._say("checkpoint", "die Blätter ergeben nicht die unterschriebene Wurzel")

    def _root_at(self, tiles: Sequence[bytes], size: int) -> bytes:
        """Return the root of the tree of the first leaves."""
        if not hasattr(self, "_grown") or self._grown[0] > size // WIDTH:
            self._grown: tuple[int, list[bytes]] = (0, [])
        whole, frontier = self._grown
        for n in range(whole, size // WIDTH):
            push(frontier, n, _root_of_tile(tiles[n]))
        self._grown = (size // WIDTH, frontier)
        rest = frontier[:]
        for at in range(size - size % WIDTH, size):
            place = at % WIDTH * HASH
            push(rest, at, tiles[at // WIDTH][place : place + HASH])
        return root_of(rest)

    def _check_gone(self, tiles: Sequence[bytes]) -> None:
        """Let entries be missing from an export of entries where orders cover them."""
        has_entries = any((self.directory / name).is_dir() for name in ("tile/entries", "entries"))
        if not has_entries or not self.gone or any(READING_LOG in key.name for key in self.keys):
            return
        ids = self._read_gone()
        orders = self._read_orders(tiles, ids)
        uncovered: dict[int, int] = {}
        for index in self.gone:
            year = _year_of(ids.get(index, ""))
            if not any(one.first <= index <= one.last and one.year >= year + 2 for one in orders):
                uncovered[index // WIDTH] = uncovered.get(index // WIDTH, 0) + 1
        for n, count in uncovered.items():
            name = _tile_name("entries", n, min(WIDTH, self.entries - n * WIDTH))
            self._say(name, f"{count} Einträge fehlen, ohne dass eine Löschanordnung es deckt")

    def _read_gone(self) -> dict[int, str]:
        """Return the ids of the entries that are not there."""
        lines = [line.split(" ") for line in (self._read("gone.txt") or b"").decode().splitlines()]
        return {int(line[0]): line[1] for line in lines if len(line) == _GONE and line[0].isdigit()}

    def _read_orders(self, tiles: Sequence[bytes], ids: Mapping[int, str]) -> list[Order]:
        """Return the orders whose own entries say that they cover these very entries."""
        orders = []
        lines = (self._read("orders.txt") or b"").decode("ascii", "replace").splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                orders.append(self._read_order(line, tiles, ids))
            except (Wrong, ValueError) as wrong:
                text = str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar"
                self._say("orders.txt", f"Anordnung {number}: {text}")
        return orders

    def _read_order(self, line: str, tiles: Sequence[bytes], ids: Mapping[int, str]) -> Order:
        event_id, first, last = line.split(" ")
        order = Order(event_id, -1, int(first), int(last), 0)
        demand("verweist auf keinen Eintrag log.pruned", holds=event_id in self.orders)
        index, entry = self.orders[event_id]
        about, count = entry["obj"], order.last - order.first + 1
        demand("reicht über die Anordnung hinaus", holds=0 <= order.first <= order.last < index)
        hashed = hashlib.sha256(f"{order.first} {order.last}\n".encode())
        for at in range(order.first, order.last + 1):
            place = at % WIDTH * HASH
            named = ids.get(at) or self._id_of(at)
            hashed.update(named.encode() + tiles[at // WIDTH][place : place + HASH])
        fits = (about["d"], about.get("n")) == (b64(hashed.digest()), count)
        demand("ist nicht der Bereich, den der Eintrag nennt", holds=fits)
        return replace(order, index=index, year=_year(_moment(entry["t"])))

    def _id_of(self, index: int) -> str:
        body = self._body(index)
        with suppress(Wrong):
            return "" if body is None else glimpse(body).id.decode()
        return ""

    def _check_seen(self, tiles: Sequence[bytes], checkpoint: Checkpoint) -> None:
        """Hold the checkpoints that witnesses saw against the tree, and times against theirs."""
        data = self._read("cosigned.txt")
        witnesses = self.policy.witnesses.values() if self.policy is not None else ()
        latest = 0
        for number, note in enumerate(_split_notes(data or b""), start=1):
            try:
                seen = verify_checkpoint(note, *self.keys)
                seconds = cosigned(note, witnesses)
                demand("liegt hinter dem Prüfpunkt", holds=seen.size <= checkpoint.size)
                same = self._root_at(tiles, seen.size) == seen.root
                demand("die Blätter ergeben nicht die unterschriebene Wurzel", holds=same)
                if seconds:
                    self._check_time(seen.size, min(seconds.values()), latest)
                    latest = max(latest, min(seconds.values()))
            except Wrong as wrong:
                self._say("cosigned.txt", f"Prüfpunkt {number}: {wrong}")

    def _check_time(self, size: int, second: int, latest: int) -> None:
        demand("ein kleinerer Prüfpunkt wurde von Zeugen später gesehen", holds=second >= latest)
        late, early = self._moment_of(size - 1), self._moment_of(size)
        is_late = late is not None and late - second > TOLERANCE
        demand("ein Eintrag davor liegt nach der Zeit der Zeugen", holds=not is_late)
        is_early = early is not None and second - early > TOLERANCE
        demand("ein Eintrag dahinter liegt vor der Zeit der Zeugen", holds=not is_early)

    def _moment_of(self, index: int) -> float | None:
        body = self._body(index)
        with suppress(Wrong):
            return None if body is None else _moment(read_entry(body)["t"])
        return None

    def _body(self, index: int) -> bytes | None:
        """Return the bytes of an entry, from its bundle or from what is left of that."""
        n = index // WIDTH
        if n != self._bundle[0]:
            name = _tile_name("entries", n, min(WIDTH, self.entries - n * WIDTH))
            self._bundle = (n, _split_bundle(self._read(name) or b""))
        bodies = self._bundle[1]
        if 0 <= index % WIDTH < len(bodies):
            return bodies[index % WIDTH]
        return self._read(f"entries/{index}.json")

    def _check_stamps(self, tiles: Sequence[bytes]) -> None:
        for path in sorted((self.directory / "stamps").glob("*.tsr")):
            name = f"stamps/{path.name}"
            try:
                note = self._read(name.removesuffix(".tsr") + ".note") or b""
                read_stamp(path.read_bytes(), note)
                stamped = verify_checkpoint(note.decode(), *self.keys)
                is_within = stamped.size <= self.entries
                same = is_within and self._root_at(tiles, stamped.size) == stamped.root
                demand("die Blätter ergeben nicht die unterschriebene Wurzel", holds=same)
            except (Wrong, UnicodeDecodeError) as wrong:
                self._say(name, str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar")

    def _check_own_entry(self, note: str, checkpoint: Checkpoint) -> None:
        """Hold the entry about this export against it: whoever took it along is in the log."""
        proof = self._read("exported.tlog-proof")
        if proof is None:
            return
        try:
            text = proof.decode()
            index = verify_proof(text, None, *self.keys)
            entry = read_entry(read_proof(text).extra or b"")
            said = (entry["k"], entry["obj"].get("n"), entry["obj"]["d"])
            stored = digest(_without_witnesses(note, checkpoint.origin))
            demand("gehört zu einer anderen Ausfuhr", holds=index >= checkpoint.size)
            fits = said == ("log.exported", checkpoint.size, stored)
            demand("gehört zu einer anderen Ausfuhr", holds=fits)
        except (Wrong, UnicodeDecodeError) as wrong:
            text = str(wrong) if isinstance(wrong, Wrong) else "nicht lesbar"
            self._say("exported.tlog-proof", text)


_GONE: Final = 2
"""Words of a line about an entry that is gone: its place and its id."""


def _is_witnessed(note: str, policy: Policy | None) -> bool:
    """Whether as many witnesses as a policy asks for have signed a note; each has to hold."""
    return policy is None or policy.is_met(cosigned(note, policy.witnesses.values()))


def _without_witnesses(note: str, origin: str) -> str:
    """Return a note as the log itself signed it."""
    text, lines = note.rpartition("\n\n")[::2]
    own = [line for line in lines.splitlines() if line.startswith(f"\u2014 {origin} ")]
    return f"{text}\n\n" + "".join(f"{line}\n" for line in own)


def _split_notes(data: bytes) -> list[str]:
    """Return notes that stand one behind the other with an empty line between them."""
    parts = data.decode("utf-8", "surrogateescape").split("\n\n")
    pairs = zip(parts[::2], parts[1::2], strict=False)
    notes = [f"{text}\n\n{lines.removesuffix(chr(10))}\n" for text, lines in pairs]
    return notes if len(parts) % 2 == 0 else [*notes, parts[-1]] if parts[-1] else notes


def _moment(t: str) -> float:
    return datetime.fromisoformat(t).timestamp()


class _TileReader:
    """Reads tiles of leaves with their bundles, in a process of its own."""

    def __init__(self, directory: Path, is_reading: bool, is_quick: bool) -> None:
        self._directory = directory
        self._is_reading = is_reading
        self._is_quick = is_quick

    def read(self, n: int, width: int) -> _Stretch:
        tile, path = _Stretch(), self._directory / _tile_name("0", n, width)
        data = path.read_bytes() if path.is_file() else b""
        if len(data) != width * HASH:
            name = _tile_name("0", n, width)
            tile.findings.append(Finding(name, "", "", "fehlt oder hat die falsche Länge"))
            data = bytes(width * HASH)
        tile.leaves = data
        tile.name = _tile_name("entries", n, width)
        bundle = self._directory / tile.name
        if bundle.is_file():
            self._check_bundle(tile, bundle.read_bytes(), n * WIDTH)
        else:
            self._check_single(tile, n * WIDTH, width)
        return tile

    def _check_bundle(self, tile: _Stretch, data: bytes, start: int) -> None:
        """Hold entries against their leaves; a bundle with pruned entries is not there."""
        bodies = _split_bundle(data)
        if b"".join(map(leaf_hash, bodies)) != tile.leaves:
            text = "die Einträge ergeben nicht die Blätter"
            tile.findings.append(Finding(tile.name, "", "", text))
            tile.broken = len(tile.leaves) // HASH
            return
        if not self._is_quick:
            for place, body in enumerate(bodies):
                self._check_entry(tile, f"Eintrag {place}: ", start + place, body)

    def _check_single(self, tile: _Stretch, start: int, width: int) -> None:
        """Hold what is left of a bundle against its leaves."""
        for index in range(start, start + width):
            path = self._directory / "entries" / f"{index}.json"
            if not path.is_file():
                tile.missing.append(index)
                continue
            body, at, tile.name = path.read_bytes(), (index - start) * HASH, f"entries/{path.name}"
            if leaf_hash(body) != tile.leaves[at : at + HASH]:
                tile.findings.append(Finding(tile.name, "", "", "ergibt nicht das Blatt"))
                tile.broken += 1
            elif not self._is_quick:
                self._check_entry(tile, "", index, body)

    def _check_entry(self, tile: _Stretch, where: str, index: int, body: bytes) -> None:
        """Hold an entry against the form of its log: the hub's, or that of a unit's readings."""
        try:
            if self._is_reading:
                entry = read_reading(body)
                demand("nennt einen anderen Platz", holds=entry["nseq"] == index)
                return
            seen = glimpse(body)
            if seen.kind == b"log.pruned":
                tile.orders.append((index, body))
            node, t = seen.node.decode(), seen.t.decode()
            first, last, event_id = tile.numbers.get(node, (seen.nseq, seen.nseq - 1, ""))
            tile.begins, before, tile.ends = tile.begins or t, tile.ends, max(t, tile.ends)
            tile.numbers[node] = (first, seen.nseq, event_id)
            demand("liegt zeitlich vor dem Eintrag davor", holds=t >= before)
            skipped = seen.nseq - last - 1
            demand(f"die Zählung von {node} springt", holds=0 <= skipped <= len(tile.missing))
        except Wrong as wrong:
            tile.broken += 1
            tile.findings.append(Finding(tile.name, "", "", f"{where}{wrong}"))


_tile_readers: list[_TileReader] = []


def _prepare_tiles(directory: Path, is_reading: bool, is_quick: bool) -> None:
    _tile_readers[:] = [_TileReader(directory, is_reading, is_quick)]


def _read_tile(n: int, width: int) -> _Stretch:
    return _tile_readers[0].read(n, width)


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


def verify_answer(
    path: str | Path,
    vkey: Vkeys,
    keys: str | Path | None = None,
    *,
    policy: str | Path | Policy | None = None,
) -> list[Finding]:
    """Return what does not hold in the answer to a submission, or in a proof, as it was kept."""
    name = Path(path).name
    try:
        given, enough = read_vkeys(vkey), load_policy(policy)
        data = Path(path).read_bytes()
        if data.startswith(b"c2sp.org/tlog-proof"):
            check_proof(data.decode(), None, given, enough)
        else:
            _check_answer(read_json(data), given, keys, enough)
    except Wrong as wrong:
        return [Finding(name, "", "", str(wrong))]
    except (OSError, UnicodeError):
        return [Finding(name, "", "", "nicht lesbar")]
    return []


def check_proof(
    text: str, body: bytes | None, keys: Sequence[NoteKey], policy: Policy | None
) -> tuple[int, dict[str, Any]]:
    """Return place and content of an entry that is proven, and seen by witnesses if asked."""
    index = verify_proof(text, body, *keys)
    witnessed = _is_witnessed(read_proof(text).checkpoint, policy)
    demand("zu wenige Zeugen haben den Prüfpunkt gesehen", holds=witnessed)
    return index, read_entry(body or read_proof(text).extra or b"")


def _check_answer(
    answer: Any, keys: Sequence[NoteKey], hub_keys: str | Path | None, policy: Policy | None
) -> None:
    is_answer = isinstance(answer, dict) and answer.keys() in (
        {"receipt", "entry", "proof"},
        {"entry", "proof"},
    )
    demand("keine Antwort des Hubs", holds=is_answer)
    entry = answer.get("entry")
    body = None if entry is None else canonical(entry)
    _, about = check_proof(str(answer.get("proof")), body, keys, policy)
    if "receipt" not in answer:
        return
    receipt = read_receipt(str(answer.get("receipt")))
    fits = (about["obj"]["d"], about["k"]) == (receipt.digest, receipt.kind)
    demand("der Eintrag gehört zu einer anderen Quittung", holds=fits)
    if hub_keys is not None:
        known, _ = read_hub_keys(Path(hub_keys).read_bytes())
        by_hub = receipt.jws.is_signed_by(known.of_hub(str(receipt.jws.header["kid"])))
        demand("die Unterschrift der Quittung ist falsch", holds=by_hub)


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


def verify_evidence(
    path: str | Path, vkey: Vkeys = None, *, policy: str | Path | Policy | None = None
) -> list[Finding]:
    """Return what does not hold in a Beweispaket."""
    try:
        given, enough = read_vkeys(vkey), load_policy(policy)
    except Wrong as wrong:
        return [Finding("vkey", "", "", str(wrong))]
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
            if len(files) != len(archive.namelist()):
                return [Finding(Path(path).name, "", "", "eine Datei steht doppelt darin")]
    except _NO_ZIP:
        return [Finding(Path(path).name, "", "", "kein lesbares Zip")]
    return _Evidence(files, given, enough).run()


@dataclass
class _Evidence:
    """A Beweispaket: every file in it, and what the files before it have established."""

    files: Mapping[str, bytes]
    given: Sequence[NoteKey]
    policy: Policy | None = None
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
        for name in (*self._under("witnessed/"), *self._under("stamped/")):
            self._try(name, partial(self._prove_again, name))
        for name in self._under("stamps/"):
            if name.endswith(".tsr"):
                self._try(name, partial(self._check_stamp, name))
        if "openings.json" in self.files:
            self._try("openings.json", self._check_openings)
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
        data = self.files["hub-keys.json"]
        self.keys, vkey = read_hub_keys(data)
        content = read_json(data)
        vkeys = content.get("vkeys", ()) if isinstance(content, dict) else ()
        listed = [read_vkey(str(one)) for one in vkeys]
        self.log_keys = self.given or listed or [read_vkey(str(vkey))]
        for _ in listed if self.given else ():
            self._go_over(listed)

    def _go_over(self, listed: Sequence[NoteKey]) -> None:
        """Believe a key that is named, with one that is believed, by a proven ``key.rotated``."""
        for name in self._under("entries/"):
            believed = {digest(key.vkey) for key in self.log_keys}
            with suppress(Wrong, KeyError, UnicodeError):
                entry = read_entry(self.files[name])
                pair = {entry["obj"]["id"], entry["obj"]["d"]}
                if entry["k"] != "key.rotated" or pair <= believed or not pair & believed:
                    continue
                proof = self.files[f"proofs/{entry['id']}.tlog-proof"].decode()
                verify_proof(proof, self.files[name], *self.log_keys)
                more = [key for key in listed if digest(key.vkey) in pair - believed]
                self.log_keys = [*self.log_keys, *more]

    def _read_head(self) -> None:
        self.head = read_json(self.files["evidence.json"])
        name = re.escape(f"{self.head['hub']}/log")
        fits = all(re.fullmatch(f"{name}[0-9]*", key.name) for key in self.log_keys)
        if self.head["v"] != 1 or not fits:
            raise Wrong("nicht von dem Hub, zu dem der Schlüssel gehört")

    def _prove(self, name: str) -> None:
        body = self.files[name]
        event_id = name.removeprefix("entries/").removesuffix(".json")
        entry = read_entry(body)
        if entry["id"] != event_id:
            raise Wrong("der Eintrag trägt eine andere Kennung")
        proof = self.files[f"proofs/{event_id}.tlog-proof"].decode()
        self.proven[entry["obj"]["d"]] = (verify_proof(proof, body, *self.log_keys), entry)
        if self.policy is not None and f"witnessed/{event_id}.tlog-proof" not in self.files:
            witnessed = _is_witnessed(read_proof(proof).checkpoint, self.policy)
            demand("zu wenige Zeugen haben den Prüfpunkt gesehen", holds=witnessed)

    def _prove_again(self, name: str) -> None:
        """Hold the proof of an entry to a later checkpoint: one that others have seen too."""
        folder, _, event_id = name.removesuffix(".tlog-proof").partition("/")
        body, proof = self.files[f"entries/{event_id}.json"], self.files[name].decode()
        check_proof(proof, body, self.log_keys, self.policy if folder == "witnessed" else None)
        if folder == "stamped":
            note = read_proof(proof).checkpoint
            same = note.encode() == self.files[f"stamps/{read_checkpoint(note).size}.note"]
            demand("führt nicht zu dem gestempelten Prüfpunkt", holds=same)

    def _check_stamp(self, name: str) -> None:
        note = self.files[f"{name.removesuffix('.tsr')}.note"]
        read_stamp(self.files[name], note)
        verify_checkpoint(note.decode(), *self.log_keys)

    def _check_openings(self) -> None:
        for opening in read_openings(self.files["openings.json"]):
            check_opening(opening, self.files.get(f"entries/{opening['entry']}.json"))

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
    with suppress(AttributeError, ValueError):
        # Not every console knows every letter.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    chosen = _parser().parse_args(arguments)
    chosen.how = {"policy": chosen.policy}
    if hasattr(chosen, "quick"):
        is_shown = chosen.progress or sys.stderr.isatty()
        progress = Progress(sys.stderr) if is_shown else QUIET
        processes = max(1, chosen.processes or processors())
        chosen.how |= {"is_quick": chosen.quick, "progress": progress, "processes": processes}
    try:
        _readable(chosen)
        findings, summary = chosen.run(chosen)
    except Unusable as wrong:
        print(_line(Finding(str(chosen.path), "", "", str(wrong)), is_json=chosen.json))
        return 2
    for finding in findings:
        print(_line(finding, is_json=chosen.json))
    if not chosen.json:
        print(f"{len(findings)} Befunde. {summary}" if findings else f"In Ordnung. {summary}")
    return 1 if findings else 0


def _line(finding: Finding, *, is_json: bool) -> str:
    line = json.dumps(asdict(finding)) if is_json else str(finding)
    return line.encode("utf-8", "backslashreplace").decode()


_Result = tuple[list[Finding], str]


def _readable(chosen: argparse.Namespace) -> None:
    """Raise where there is nothing to look at: then nothing was verified, and nothing found."""
    path = Path(chosen.path)
    there = path.is_dir() if chosen.is_folder else path.is_file()
    if not there:
        raise Unusable("kein solcher Ordner" if chosen.is_folder else "keine solche Datei")
    chosen.keys_given = read_vkeys(chosen.vkey)
    chosen.how["policy"] = load_policy(chosen.policy)


def _run_db(chosen: argparse.Namespace) -> _Result:
    audit = audit_db(
        chosen.path, chosen.vkey, chosen.witness, openings=_openings(chosen), **chosen.how
    )
    counts = f"{audit.entries} Einträge, {audit.checkpoints} Prüfpunkte"
    if not chosen.quick:
        counts += f", {audit.messages} Nachrichten"
    return audit.findings, f"Geprüft: {counts}.{_hints(chosen)}"


def _run_tiles(chosen: argparse.Namespace) -> _Result:
    tiles = audit_tiles(chosen.path, chosen.vkey, **chosen.how)
    gone = f", {len(tiles.gone)} davon ohne Inhalt" if tiles.gone else ""
    return tiles.findings, f"Geprüft: {tiles.entries} Einträge{gone}.{_hints(chosen)}"


def _run_receipt(chosen: argparse.Namespace) -> _Result:
    return verify_answer(chosen.path, chosen.vkey, chosen.keys, **chosen.how), _hints(chosen)


def _run_evidence(chosen: argparse.Namespace) -> _Result:
    return verify_evidence(chosen.path, chosen.vkey, **chosen.how), _hints(chosen)


def _openings(chosen: argparse.Namespace) -> list[Any]:
    if chosen.openings is None:
        return []
    try:
        return read_openings(Path(chosen.openings).read_bytes())
    except (Wrong, OSError):
        raise Unusable("die Öffnungen sind nicht lesbar") from None


def _hints(chosen: argparse.Namespace) -> str:
    """Say what was not verified, or by whose word alone."""
    hints = []
    if getattr(chosen, "quick", False):
        hints.append("Kurz: nur Hashes, Baum und der neueste Prüfpunkt.")
    if not chosen.vkey:
        text = "Der Schlüssel stammt aus dem Geprüften selbst; geben Sie ihn mit --vkey an."
        hints.append(f"Achtung: {text}")
    policy: Policy | None = chosen.how["policy"]
    if policy is not None and not all(map(can_verify, policy.witnesses.values())):
        hints.append("Achtung: Zeugen mit ML-DSA zählen nicht; dieses Python kann es nicht prüfen.")
    return "".join(f" {hint}" for hint in hints)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Prüft das Protokoll eines Hubs.")
    kinds = parser.add_subparsers(required=True, metavar="db | tiles | receipt | evidence")
    for name, run, needs_key, text in (
        ("db", _run_db, False, "eine Kopie der Datenbank"),
        ("tiles", _run_tiles, True, "eine Ausfuhr als Kacheln (C2SP tlog-tiles)"),
        ("receipt", _run_receipt, True, "die Antwort auf eine Einreichung, oder einen Beweis"),
        ("evidence", _run_evidence, False, "ein Beweispaket"),
    ):
        command = kinds.add_parser(name, help=text, description=f"Prüft {text}.")
        command.add_argument("path", help="Datei oder Verzeichnis")
        add = command.add_argument
        add(
            "--vkey",
            action="append",
            default=[],
            required=needs_key,
            help="Schlüssel, auch mehrere",
        )
        add("--policy", help="Datei: welche Zeugen genügen (C2SP tlog-policy)")
        add("--json", action="store_true", help="je Befund eine Zeile JSON")
        if name in {"db", "tiles"}:
            add("--quick", action="store_true", help="nur Hashes und Baum")
            add("--progress", action="store_true", help="Fortschritt, auch ohne Terminal")
            add("--processes", type=int, default=0, help="wie viele Prozesse rechnen")
        if name == "db":
            add("--witness", action="append", default=[], help="Schlüssel eines Zeugen")
            add("--openings", help="JSON: was Einträge festgelegt haben, mit den Zufallswerten")
        if name == "receipt":
            add("--keys", help="hub-keys.json mit den Schlüsseln des Hubs")
        command.set_defaults(run=run, is_folder=name == "tiles")
    return parser


if __name__ == "__main__":
    sys.exit(main())
