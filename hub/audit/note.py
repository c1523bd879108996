# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who signed this text (C2SP signed-note, Ed25519)?

Reading is strict: a note has one spelling, so that what two people hold up as the same note is.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hub.audit.merkle import Unproven

ED25519: Final = b"\x01"
"""Type of a plain Ed25519 signature over the text."""
MAX_NOTE: Final = 65_536
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_LINE: Final = re.compile(r"\u2014 (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")
_VKEY: Final = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")


def read_base64(text: str) -> bytes:
    """Read standard base64 in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Unproven("not base64") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Unproven("not the one spelling of base64")
    return data


def key_id(name: str, material: bytes) -> bytes:
    """Return the four bytes that name a key beside its name; ``material`` begins with the type."""
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


@dataclass(frozen=True)
class Verifier:
    """A name and a public key that someone decided to believe."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, ED25519 + self.public)

    @property
    def vkey(self) -> str:
        """The key as one line: name, id and key, joined by plus signs."""
        key = base64.b64encode(ED25519 + self.public).decode("ascii")
        return f"{self.name}+{self.id.hex()}+{key}"


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key of type Ed25519."""
    found = _VKEY.fullmatch(text)
    if found is None:
        raise Unproven("not a verifier key")
    material = read_base64(found["key"])
    if len(material) != 33 or material[:1] != ED25519:  # noqa: PLR2004  type and key
        raise Unproven("not a verifier key for Ed25519")
    if key_id(found["name"], material).hex() != found["id"]:
        raise Unproven("the id is not that of the key")
    return Verifier(found["name"], material[1:])


@dataclass(frozen=True)
class Note:
    """A text and the signature lines beneath it; nothing about it is verified."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]
    """Name, and id with signature."""


def parse_note(source: str) -> Note:
    """Read a signed note in its one spelling.

    Raises ``Unproven`` where two lines are of the same key, which C2SP leaves open: one of them
    could be there for nothing but to make two notes of one.
    """
    if len(source) > MAX_NOTE or re.search(r"[\x00-\x09\x0b-\x1f]", source):
        raise Unproven("not a signed note")
    text, separator, lines = source.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise Unproven("not a signed note")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len({(name, blob[:4]) for name, blob in signatures}) != len(signatures):
        raise Unproven("two signatures of the same key")
    return Note(text + "\n", signatures)


def verify_note(source: str, verifier: Verifier) -> str:
    """Return the text of a note that this key signed."""
    note = parse_note(source)
    for name, blob in note.signatures:
        if name == verifier.name and blob[:4] == verifier.id:
            try:
                Ed25519PublicKey.from_public_bytes(verifier.public).verify(
                    blob[4:], note.text.encode()
                )
            except (InvalidSignature, ValueError):
                raise Unproven("the signature does not hold") from None
            return note.text
    raise Unproven("no signature of this key")


class Signer:
    """A name with its private key. Signs what it is given; whoever holds it decides what."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError("a key name has no spaces and no plus sign")
        self._private = private
        self.verifier = Verifier(name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the note: the text with the signature line beneath it."""
        blob = self.verifier.id + self._private.sign(text.encode())
        return f"{text}\n\u2014 {self.verifier.name} {base64.b64encode(blob).decode('ascii')}\n"


def _signature(line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unproven("not a signature line")
    blob = read_base64(found["blob"])
    if len(blob) <= 4:  # noqa: PLR2004  the id of the key alone
        raise Unproven("not a signature line")
    return found["name"], blob
