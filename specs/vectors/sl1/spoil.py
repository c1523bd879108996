# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which single respect is a message wrong?"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64, jcs, unb64
from specs.vectors.sl1.actors import SCHOOL, Signing
from specs.vectors.sl1.forge import Parts, Spoil, Spoiled, forge
from specs.vectors.sl1.messages import Case

HONEST: Final = Spoiled()


def unchanged(raw: bytes) -> bytes:
    return raw


@dataclass(frozen=True)
class Refused:
    """A message, the code it is refused with (None: it is not), and what else is known."""

    code: str | None
    case: Case
    spoiled: Spoiled = HONEST
    about: JsonObject = field(default_factory=dict)
    raw: Callable[[bytes], bytes] = unchanged
    signer: Signing = SCHOOL

    @property
    def message(self) -> bytes:
        return self.raw(forge(self.case, self.spoiled, self.signer))


def _changed(parts: Parts, changes: Parts) -> None:
    for name, value in changes.items():
        if value is LEFT_OUT:
            del parts[name]
        else:
            parts[name] = value


LEFT_OUT: Final = object()


def claims(**changes: Any) -> Spoiled:
    """Sign other claims."""
    return Spoiled(claims=lambda signed: _changed(signed, changes))


def first_reader(**changes: Any) -> Spoiled:
    """Sign something else about the first reader."""
    return Spoiled(claims=lambda signed: _changed(signed["readers"][0], changes))


def first_key(**changes: Any) -> Spoiled:
    """Send something else as the first wrapped key."""
    return Spoiled(members=lambda message: _changed(message["keys"][0], changes))


def header(**changes: Any) -> Spoiled:
    return Spoiled(header=lambda signed: _changed(signed, changes))


def members(**changes: Any) -> Spoiled:
    """Send other members, after everything was signed."""
    return Spoiled(members=lambda message: _changed(message, changes))


def body(**changes: Any) -> Spoiled:
    """Sign a body of another shape."""
    return Spoiled(body=lambda sealed: _changed(sealed, changes))


def envelope(change: Callable[[str], str]) -> Spoiled:
    """Change the envelope after it was signed."""
    return Spoiled(members=lambda message: message.update(env=change(message["env"])))


def leaf(pointer: str, change: Callable[[str], Json]) -> Spoiled:
    """Seal a leaf in another form; the body is signed as it is."""
    return Spoiled(leaves=lambda leaves: leaves.update({pointer: change(leaves[pointer])}))


def says(pointer: str, change: Callable[[list[Any]], bytes]) -> Spoiled:
    """Disclose something else at a place; sealed, hashed and signed like an honest disclosure."""

    def spoil(plaintexts: Parts) -> None:
        honest = plaintexts[pointer]
        plaintexts[pointer] = change(json.loads(honest)).ljust(len(honest), b" ")

    return Spoiled(plaintexts=spoil)


def states(pointer: str, value: Json) -> Spoiled:
    """State a value that an honest sealer would have refused."""
    return says(pointer, lambda said: jcs([said[0], said[1], value]))


def swap(one: str, other: str) -> Spoil:
    def spoil(parts: Parts) -> None:
        parts[one], parts[other] = parts[other], parts[one]

    return spoil


def flipped(text: str) -> str:
    """Change one bit of what is spelled in base64url, and keep the spelling canonical."""
    octets = unb64(text)
    return b64(octets[:-1] + bytes([octets[-1] ^ 1]))


def segment(number: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """Change one segment of a compact serialisation."""

    def changed(compact: str) -> str:
        parts = compact.split(".")
        parts[number] = change(parts[number])
        return ".".join(parts)

    return changed


def loosely(text: str) -> str:
    """Write a JSON segment with white space."""
    return b64(json.dumps(json.loads(unb64(text))).encode())


def trailing_bits(text: str) -> str:
    """Spell the same bytes a second way, if any bits are left over."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) | 1]
