# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts of this unit: how a word about a message is signed and handed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from uuid_utils.compat import uuid7

from hub import clock
from hub.client.answers import Refused, Untrustworthy
from hub.client.ledger import Ledger
from hub.client.proofs import ProvenReceipt, check_answer
from hub.client.side import Side
from hub.model.ids import DIGEST
from hub.model.json import JsonObject
from hub.model.receipt import HIDDEN, Word
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest
from hub.trust.receipts import make_receipt

MOVED_ON = "conversation-moved-on"


@dataclass(frozen=True)
class Subject:
    """The message that a receipt is about, and where it goes on."""

    id: str
    sender: str
    env: str
    """Digest of its envelope."""
    last: str | None
    """Digest of the last receipt of the chain; the next one names it."""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Subject":
        """Take what the hub says of a message; the next word is one that its sender sees."""
        visible, _ = chains_of(state)
        return cls(state["id"], state["sender"], env_digest(state["envelope"]), digest(visible[-1]))


def chains_of(state: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the visible and the hidden receipts in what the hub says of a message."""
    visible: list[str] = []
    hidden: list[str] = []
    for jws in state["receipts"]:
        (hidden if subject_of(jws)[1] in HIDDEN else visible).append(jws)
    return visible, hidden


def subject_of(jws: str) -> tuple[str, str]:
    """Return which message a receipt is about, and its word; nothing about it is verified."""
    claims = json.loads(unb64(jws.split(".")[1]))
    return str(claims["txn"]), str(next(iter(claims["events"]))).rpartition(":")[2]


async def say(hub: Side, about: Subject, word: Word, members: JsonObject) -> ProvenReceipt:
    """Sign a receipt, hand it in, and verify what comes back."""
    agency = hub.agency
    claims: JsonObject = {"env": about.env, **members}
    if about.last is not None:
        claims["prv"] = about.last
    receipt_id = str(uuid7())
    jws = make_receipt(
        agency.signing,
        word,
        iss=agency.id,
        aud=agency.hub.id if word in HIDDEN else about.sender,
        message_id=about.id,
        receipt_id=receipt_id,
        iat=int(clock.now()),
        members=claims,
    )
    path = f"/v1/messages/{about.id}/receipts/{receipt_id}"
    raw = await hub.line.send("PUT", path, jws.encode(), "application/secevent+jwt")
    proven = check_answer(raw, agency.hub, agency.signing.public(0))
    if (proven.receipt.word, proven.receipt.message_id) != (word, about.id):
        raise Untrustworthy("the hub answered with another receipt")
    Ledger(agency).keep(proven.receipt, raw)
    return proven


async def say_unseen(hub: Side, about: Subject, word: Word, members: JsonObject) -> ProvenReceipt:
    """Say a word about a message whose receipts this unit is not shown any more.

    The hub then says of the last of them its digest, which tells nothing else, and the word is
    signed once more behind that one.
    """
    try:
        return await say(hub, about, word, members)
    except Refused as refused:
        last = next(iter(refused.allowed), "")
        if refused.code != MOVED_ON or not DIGEST.fullmatch(last):
            raise
    return await say(hub, replace(about, last=last), word, members)
