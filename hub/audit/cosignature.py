# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who else has seen this checkpoint, and when (C2SP tlog-cosignature)?

A cosignature says: at this second the tree with this root was the largest that the witness had
seen of this log, and every smaller one that it had seen is a beginning of it. Two kinds are known:
Ed25519, which every tool reads, and ML-DSA-44, which holds against quantum computers too.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from hub.audit.checkpoint import Checkpoint
from hub.audit.merkle import Unproven
from hub.audit.note import Note, key_id, parse_note, read_base64
from hub.audit.tile import HASH

ED25519: Final = b"\x04"
ML_DSA_44: Final = b"\x06"
PUBLIC: Final = {ED25519: 32, ML_DSA_44: 1312}
"""Bytes of a public key by its type."""
_SIGNATURE: Final = {ED25519: 64, ML_DSA_44: 2420}
_ID, _TIME, _LATEST, _LONGEST_NAME, _HEAD = 4, 8, 2**63 - 1, 255, 3
_SUBTREE: Final = b"subtree/v1\n\x00"
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_VKEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class WitnessKey:
    """A name and a public key that somebody decided to believe as a witness."""

    name: str
    kind: bytes
    """Type of the signature, one byte."""
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind + self.public)

    @property
    def label(self) -> str:
        """Name and id, which together name a signature line; a row is called by it."""
        return f"{self.name}+{self.id.hex()}"

    @property
    def vkey(self) -> str:
        """The key as one line: name, id and key, joined by plus signs."""
        return f"{self.label}+{base64.b64encode(self.kind + self.public).decode('ascii')}"

    def verify(self, text: str, blob: bytes) -> int:
        """Return the second of a cosignature over the text of a checkpoint.

        ``blob`` is what the line holds: id, time, signature.
        """
        at, signature = int.from_bytes(blob[_ID : _ID + _TIME]), blob[_ID + _TIME :]
        if blob[:_ID] != self.id or len(signature) != _SIGNATURE[self.kind]:
            raise Unproven("no cosignature of this key")
        if not 0 < at <= _LATEST:
            raise Unproven("a cosignature without a time")
        try:
            _public(self).verify(signature, _message(self, text, at))
        except (InvalidSignature, ValueError):
            raise Unproven("the cosignature does not hold") from None
        return at


def parse_witness_key(vkey: str) -> WitnessKey:
    """Read the verifier key of a witness: Ed25519 (type 4) or ML-DSA-44 (type 6)."""
    found = _VKEY.fullmatch(vkey)
    if found is None:
        raise Unproven("not a verifier key")
    material = read_base64(found[3])
    key = WitnessKey(found[1], material[:1], material[1:])
    if PUBLIC.get(key.kind) != len(key.public):
        raise Unproven("not a verifier key of a witness")
    try:
        if key.id.hex() != found[2]:
            raise Unproven("the id is not that of the key")
    except UnicodeEncodeError:
        raise Unproven("not a verifier key") from None
    return key


class Cosigner:
    """A witness's name with its private key; whoever holds it decides what it has seen."""

    def __init__(self, name: str, private: Ed25519PrivateKey | MLDSA44PrivateKey) -> None:
        if not _NAME.fullmatch(name) or len(name.encode()) > _LONGEST_NAME:
            raise ValueError("a key name has no spaces, no plus sign and at most 255 bytes")
        kind = ED25519 if isinstance(private, Ed25519PrivateKey) else ML_DSA_44
        self._private = private
        self.key = WitnessKey(name, kind, private.public_key().public_bytes_raw())

    def cosign(self, text: str, at: int) -> str:
        """Return the signature line over a checkpoint's text at a second, with its line feed."""
        if not 0 < at <= _LATEST:
            raise ValueError("a cosignature has a time")
        signature = self._private.sign(_message(self.key, text, at))
        blob = self.key.id + at.to_bytes(_TIME) + signature
        return f"\u2014 {self.key.name} {base64.b64encode(blob).decode('ascii')}\n"


def cosigned(note: Note, keys: Iterable[WitnessKey]) -> dict[str, int]:
    """Return which of these keys cosigned a note, and when, by their labels.

    Lines of other keys are ignored. Raises ``Unproven`` where the line of one of these does not
    hold: such a note is no note.
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[str, int] = {}
    for name, blob in note.signatures:
        if key := known.get((name, blob[:_ID])):
            found[key.label] = key.verify(note.text, blob)
    return found


def parse_lines(note: str, lines: str, keys: Iterable[WitnessKey]) -> dict[str, str]:
    """Return the lines that these keys put beneath a note, by their labels; others are ignored.

    ``lines`` is what a witness answered. Raises ``Unproven`` where it is no signature lines.
    """
    text = parse_note(note).text
    answered = parse_note(f"{text}\n{lines}")
    holds = cosigned(answered, keys)
    written = lines.splitlines(keepends=True)
    labels = [f"{name}+{blob[:_ID].hex()}" for name, blob in answered.signatures]
    return {label: line for label, line in zip(labels, written, strict=True) if label in holds}


def parse_head(text: str) -> Checkpoint:
    """Read the three first lines of a checkpoint's text, whatever its log says in further ones."""
    lines = text.split("\n")
    if len(lines) <= _HEAD or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise Unproven("not a checkpoint")
    root = read_base64(lines[2])
    if len(root) != HASH or int(lines[1]) > _LATEST:
        raise Unproven("not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def _message(key: WitnessKey, text: str, at: int) -> bytes:
    if key.kind == ED25519:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    head = parse_head(text)
    named = [bytes([len(each)]) + each for each in (key.name.encode(), head.origin.encode())]
    numbers = [number.to_bytes(_TIME) for number in (at, 0, head.size)]
    return b"".join((_SUBTREE, named[0], numbers[0], named[1], *numbers[1:], head.root))


def _public(key: WitnessKey) -> Ed25519PublicKey | MLDSA44PublicKey:
    kind = Ed25519PublicKey if key.kind == ED25519 else MLDSA44PublicKey
    return kind.from_public_bytes(key.public)
