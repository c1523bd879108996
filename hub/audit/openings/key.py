# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does one key open all entries of a conversation, and no entry of another?

Tags and salts are computed from the key, the entry and nothing else (``specs/log.md`` § 2). So no
salt is ever stored, and with the key all of them are gone.
"""

import hashlib
import hmac
import secrets
import string
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.sealing.canonical import b64

TAGS: Final = 4
"""Tags of every entry, however many conversations it is about: their number says nothing."""
TAG_BYTES: Final = 16
SECRET: Final = 32
_DRAWN: Final = 18
_SPELT: Final = 24
_AT_ONCE: Final = 1024
_LETTERS: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_LAST: Final = {letter: "AQgw"[place // 16] for place, letter in enumerate(_LETTERS)}
"""By the last character that is taken: the one with its first two bits, and no others."""
_BLOCK: Final = 64
_PADS: Final = (0x36, 0x5C)
_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
CONVERSATION: Final = "conversation"
"""The member of ``com`` that every entry about a message has."""


@dataclass(frozen=True)
class ConversationKey:
    """The key of one conversation; whoever holds it can find and open what is about that."""

    id: str
    conversation: str = field(repr=False)
    secret: bytes = field(repr=False)

    def tag(self, nonce: bytes) -> str:
        """Return the tag of the entry with this ``n``."""
        return b64(_hmac(self.secret, nonce)[:TAG_BYTES])

    def tags_in_entries(self) -> Callable[[bytes], bytes]:
        """Return what says the tag as the bytes of an entry have it, by ``n`` as they have that.

        It is what ``tag`` says, for somebody who looks through a million of them: the two blocks
        that the key makes are hashed once (RFC 2104 § 4).
        """
        block = self.secret.ljust(_BLOCK, b"\0")
        inner, outer = (hashlib.sha256(bytes(each ^ pad for each in block)) for pad in _PADS)

        def tag_of(spelt: bytes) -> bytes:
            within, around = inner.copy(), outer.copy()
            within.update(a2b_base64(spelt.translate(_TO_STANDARD) + b"="))
            around.update(within.digest())
            made = b2a_base64(around.digest()[:TAG_BYTES], newline=False)
            return made.translate(_TO_URL)[:-2]

        return tag_of

    def salt(self, entry_id: str, member: str) -> bytes:
        """Return the salt of one commitment of one entry."""
        return _hmac(self.secret, b"salt\0%b\0%b" % (entry_id.encode(), member.encode()))

    def commitment(self, entry_id: str, member: str, value: str) -> str:
        """Commit an entry to a value."""
        return commitment(self.salt(entry_id, member), member, value)


def ids_of(keys: Sequence[ConversationKey]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.id for key in keys))


def commitment(salt: bytes, member: str, value: str) -> str:
    """Return what stands in the entry; says nothing to whoever has not the salt."""
    return b64(_hmac(salt, b"%b\0%b" % (member.encode(), value.encode())))


class RandomTags:
    """Tags of nothing, made for many entries at once: one by one they would cost more than a key's.

    Of 18 random bytes spelt out the first 22 characters are taken, the last of them rounded to one
    that ends 16 bytes; each tag is as likely as any other.
    """

    def __init__(self) -> None:
        self._left: list[str] = []

    def __call__(self) -> str:
        if not self._left:
            drawn = b64(secrets.token_bytes(_DRAWN * _AT_ONCE))
            starts = range(0, len(drawn), _SPELT)
            self._left = [drawn[at : at + 21] + _LAST[drawn[at + 21]] for at in starts]
        return self._left.pop()


class TagsOf:
    """Tags of nothing from given bytes, for a log whose bytes are to be known before."""

    def __init__(self, source: Callable[[], bytes]) -> None:
        self._source = source

    def __call__(self) -> str:
        return b64(self._source()[:TAG_BYTES])


def tags(keys: Sequence[ConversationKey], nonce: bytes, fill: Callable[[], str]) -> list[str]:
    """Return the tags of an entry: one for each conversation, and random ones up to four.

    In the order of their text: of strings that all look random it gives nothing away, and an
    order that one could choose would be a way to say something.
    """
    own = {key.tag(nonce) for key in keys}
    if len(own) > TAGS:
        raise ValueError("an entry is about four conversations at the most")
    while len(own) < TAGS:
        own.add(fill())
    return sorted(own)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
