# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts: signed statements about a message, in two chains."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.model.json import JsonObject

Word = Literal[
    "accepted",
    "opened",
    "taken",
    "acknowledged",
    "rejected",
    "withdrawn",
    "expired",
    "overdue",
    "escalated",
    "held",
    "passed-on",
    "reader-added",
    "erased",
]
HIDDEN: Final = frozenset({"opened", "escalated"})
"""Never shown to the sender, nor countable by it (§ 64 Abs. 4 SGB VIII bounds what it learns)."""
FINAL: Final = frozenset({"rejected", "withdrawn", "expired"})
EVENT_URN: Final = "urn:meldeweg:receipt:"
RECEIPT_TYP: Final = "secevent+jwt"


@dataclass(frozen=True)
class Receipt:
    """What somebody has signed about a message, word by word (RFC 8417)."""

    word: Word
    id: str
    iss: str
    aud: str
    """Visible chain: the message's sender; hidden chain: the hub."""
    message_id: str
    iat: int
    env: str
    """Digest of the message's envelope: commits to everything in it (SL1 § 9)."""
    prv: str | None
    """Digest of the receipt before this one in the same chain."""
    members: JsonObject
    """What this word says beyond that; exactly the members the word has."""
    jws: str
    """As it was signed; its digest stands in the log."""
