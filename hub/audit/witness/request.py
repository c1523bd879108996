# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a log show its witness: a checkpoint, and how it came there from the one before?"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from hub.audit.checkpoint import Checkpoint
from hub.audit.cosignature import parse_head
from hub.audit.merkle import Unproven
from hub.audit.note import MAX_NOTE, read_base64
from hub.audit.tile import HASH

LONGEST_PROOF: Final = 63
LONGEST: Final = MAX_NOTE + 64 * 64
"""Bytes of a request."""
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
_LINE: Final = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_ID: Final = 4


class Malformed(Unproven):
    """The bytes are no request at all."""


@dataclass(frozen=True)
class Shown:
    """A note as somebody signed it, with the lines that can be read; nothing is verified."""

    text: str
    head: Checkpoint
    lines: tuple[tuple[str, bytes, str], ...]
    """Name, id with signature, and the line itself."""


@dataclass(frozen=True)
class Request:
    """The call ``add-checkpoint``."""

    old: int
    proof: tuple[bytes, ...]
    shown: Shown


def parse_request(body: bytes) -> Request:
    """Read a request; raises ``Malformed`` for what is none."""
    old, proof, note = split_request(body)
    try:
        return Request(old, proof, parse_shown(note))
    except Unproven as doubt:
        raise Malformed(str(doubt)) from None


def split_request(body: bytes) -> tuple[int, tuple[bytes, ...], str]:
    """Return the old size, the proof and what stands behind them, which is not looked at.

    Raises ``Malformed`` for what is no request.
    """
    try:
        head, separator, note = body.decode("utf-8").partition("\n\n")
        first, *proof = head.split("\n")
        old = _OLD.fullmatch(first)
        if not separator or old is None or len(proof) > LONGEST_PROOF or len(body) > LONGEST:
            raise Malformed("not a request")
        return int(old[1]), tuple(map(_hash, proof)), note
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    except Unproven as doubt:
        raise Malformed(str(doubt)) from None


def write_request(old: int, proof: tuple[bytes, ...], note: str) -> bytes:
    """Return the bytes of a request."""
    hashes = [base64.b64encode(each).decode("ascii") for each in proof]
    return "\n".join([f"old {old}", *hashes, "", note]).encode()


def parse_shown(note: str) -> Shown:
    """Read a note of which one key is known at most: the lines of others may be what they like."""
    text, separator, lines = note.rpartition("\n\n")
    if len(note) > MAX_NOTE or _CONTROL.search(note) or not separator or not lines.endswith("\n"):
        raise Unproven("not a signed note")
    written = [_line(line) for line in lines[:-1].split("\n")]
    return Shown(f"{text}\n", parse_head(f"{text}\n"), tuple(written))


def _line(line: str) -> tuple[str, bytes, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unproven("not a signature line")
    blob = read_base64(found[2])
    if len(blob) <= _ID:
        raise Unproven("not a signature line")
    return found[1], blob, f"{line}\n"


def _hash(line: str) -> bytes:
    hashed = read_base64(line)
    if len(hashed) != HASH:
        raise Unproven("not a hash")
    return hashed
