# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is one value disclosed, and how is a disclosure sealed? (SL1 § 5, steps 2 and 3)

A disclosure is the one of SD-JWT (RFC 9901 § 4.2.1), padded with spaces that JSON allows. A sealed
leaf is a compact JWE (RFC 7516 § 7.1) that any library opens, given its key.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import LeafMalformed, LeafUnopenable
from hub.model.json import Json
from hub.sealing.canonical import NotCanonical, b64, jcs, parse_strict, unb64
from hub.sealing.sealable import LEAF_HEADER, Leaf
from hub.sealing.tree import LeafValue

SALT_BYTES: Final = 16
IV_BYTES: Final = 12
TAG_BYTES: Final = 16
_AAD: Final = LEAF_HEADER.encode("ascii")
_MEMBERS: Final = 3


@dataclass(frozen=True)
class Disclosure:
    """What a disclosure says: this value, at this place."""

    salt: str
    pointer: str
    value: LeafValue


def disclose(leaf: Leaf, salt: bytes, value: LeafValue) -> bytes:
    """Write a value and its place, padded to the one length of the leaf."""
    return jcs([b64(salt), leaf.pointer, value]).ljust(leaf.padded, b" ")


def parse_disclosure(plaintext: bytes, pointer: str = "") -> Disclosure:
    """Read what a disclosure says; ``pointer`` is only named in the refusal."""
    try:
        parsed = parse_strict(plaintext.rstrip(b" "))
        return _disclosure(parsed)
    except (NotCanonical, ValueError):
        raise LeafMalformed(pointers=(pointer,) if pointer else ()) from None


def seal_leaf(key: bytes, iv: bytes, plaintext: bytes) -> str:
    """Encrypt a padded disclosure; the key belongs to this one leaf of this one message."""
    sealed = AESGCM(key).encrypt(iv, plaintext, _AAD)
    ciphertext, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    return f"{LEAF_HEADER}..{b64(iv)}.{b64(ciphertext)}.{b64(tag)}"


def open_leaf(key: bytes, sealed: str, pointer: str) -> bytes:
    """Decrypt a leaf whose form was checked; return the padded disclosure."""
    try:
        _, _, iv, ciphertext, tag = sealed.split(".")
        return AESGCM(key).decrypt(unb64(iv), unb64(ciphertext) + unb64(tag), _AAD)
    except (InvalidTag, ValueError):
        raise LeafUnopenable(pointers=(pointer,)) from None


def _disclosure(parsed: Json) -> Disclosure:
    if not isinstance(parsed, list) or len(parsed) != _MEMBERS:
        raise ValueError("not three members")
    salt, pointer, value = parsed
    if not isinstance(salt, str) or not isinstance(pointer, str):
        raise ValueError("salt and pointer are strings")  # noqa: TRY004  one kind of error
    if len(unb64(salt)) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    if isinstance(value, (list, dict, float)):
        raise ValueError("a leaf holds no list and no object")  # noqa: TRY004  as above
    return Disclosure(salt, pointer, value)
