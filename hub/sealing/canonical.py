# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the one byte form of a JSON value, of bytes in text, and of a digest? (SL1 § 1)"""

import base64
import binascii
import hashlib
import json
import re
from typing import Final

import orjson

from hub.model.json import Json

MAX_INTEGER: Final = 2**53 - 1
"""Largest integer that every JSON implementation can hold exactly (RFC 7493 § 2.2)."""
MAX_DEPTH: Final = 16
"""How deep strict JSON may nest lists and objects."""
_WRITABLE_DEPTH: Final = 64
"""How deep our own values may nest; a bound only against recursion without end."""
# What only the other alphabet has, and padding, becomes a character that is in neither.
_TO_STANDARD: Final = bytes.maketrans(b"-_+/=", b"+/!!!")
# The first bytes of characters above U+FFFF; only beside them do the orders of UTF-16 code units
# and of code points differ.
_ASTRAL: Final = re.compile(rb"[\xf0-\xf4]")


class NotCanonical(ValueError):  # noqa: N818  a state of the bytes, as the refusals are
    """The bytes are not the canonical form of a JSON value."""


def b64(data: bytes) -> str:
    """Spell bytes in the URL-safe alphabet without padding (RFC 4648 § 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """Read what ``b64`` wrote, and no second spelling of it.

    Other characters, padding and non-zero trailing bits raise ``ValueError``: two spellings of
    the same bytes would be two digests of the same thing.
    """
    rest = len(text) % 4
    try:
        octets = text.encode("ascii").translate(_TO_STANDARD) + b"=" * (-rest % 4)
        data = binascii.a2b_base64(octets, strict_mode=True)
    except ValueError:
        raise ValueError("not base64url") from None
    # Only the last characters can hide bits that belong to no byte.
    if rest and b64(data[1 - rest :]) != text[-rest:]:
        raise ValueError("not base64url without padding")
    return data


def digest(data: bytes | str) -> str:
    """Return SHA-256 in base64url; of a string, that of its ASCII bytes."""
    octets = data.encode("ascii") if isinstance(data, str) else data
    return b64(hashlib.sha256(octets).digest())


_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def jcs(value: Json) -> bytes:
    """Write a value in the one form that is signed and hashed (RFC 8785).

    Numbers are integers that every implementation holds exactly; floats, integers beyond that
    and lone surrogates raise ``ValueError``.
    """
    return _canonical(value, _WRITABLE_DEPTH)


def parse_strict(raw: bytes) -> Json:
    """Read bytes that are the canonical form of their value, and refuse all others.

    This rules out duplicate members, white space, floats and second spellings of a string in one
    comparison (SL1 § 1). The error never quotes the bytes.
    """
    try:
        # What it reads too generously (floats, names twice) is not what it would write again.
        value: Json = orjson.loads(raw)
        canonical = _canonical(value, MAX_DEPTH)
    except (ValueError, RecursionError):
        raise NotCanonical("not the canonical form of a JSON value") from None
    if canonical != raw:
        raise NotCanonical("not the canonical form of a JSON value")
    return value


def _canonical(value: Json, levels: int) -> bytes:
    _check_writable(value, levels)
    try:
        # It escapes exactly as RFC 8785 § 3.2.2.2 and sorts by code points.
        octets = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # All else was looked at before; the error would carry the whole text along.
        raise ValueError("a lone surrogate") from None
    if octets.isascii() or _ASTRAL.search(octets) is None:
        return octets
    return _utf8(_write_by_utf16(value))


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # The error of the codec would carry the whole text along.
        raise ValueError("a lone surrogate") from None


def _check_writable(value: Json, levels: int) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError("integer beyond 2^53 - 1")
    elif levels == 0:
        raise ValueError("nested too deeply")
    elif isinstance(value, list):
        for item in value:
            _check_writable(item, levels - 1)
    elif isinstance(value, dict):
        _check_members(value, levels - 1)
    else:
        raise ValueError("not a JSON value with integers only")


def _check_members(members: dict[str, Json], levels: int) -> None:
    for name, member in members.items():
        if not isinstance(name, str):
            raise ValueError("name of a member is not a string")  # noqa: TRY004  as above
        if type(member) is not str:
            _check_writable(member, levels)


def _write_by_utf16(value: Json) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_write_by_utf16, value))}]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        members = (f"{_write(name)}:{_write_by_utf16(value[name])}" for name in names)
        return f"{{{','.join(members)}}}"
    return _write(value)
