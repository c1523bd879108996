# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what the hub answered hold against the keys that were pinned?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.audit.merkle import Unproven
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof, verify_proof
from hub.client.agency import PinnedHub
from hub.client.answers import Untrustworthy
from hub.errors import Refusal
from hub.model.participant import SigningKey
from hub.model.receipt import Receipt
from hub.sealing.canonical import digest
from hub.trust.receipts import verify_receipt


@dataclass(frozen=True)
class ProvenReceipt:
    """A receipt whose signature holds and whose entry is in the log."""

    receipt: Receipt
    proof: str
    """C2SP tlog-proof, for an auditor's eyes."""
    index: int
    raw: bytes
    """The answer as it came; the same request gets the same for ever."""


def check_answer(raw: bytes, hub: PinnedHub, signer: SigningKey | None = None) -> ProvenReceipt:
    """Verify ``{receipt, entry, proof}``; raises ``Untrustworthy`` with what does not hold.

    ``signer`` is the own key, where the receipt is one's own and not the hub's.
    """
    said = json.loads(raw)
    try:
        receipt = verify_receipt(said["receipt"], _key_of(signer or hub.receipt_key))
        index = check_logged(said, digest(said["receipt"]), hub)
    except Refusal as refusal:
        raise Untrustworthy(f"the receipt does not hold: {refusal.code}") from None
    return ProvenReceipt(receipt, said["proof"], index, raw)


def check_logged(said: Mapping[str, Any], about: str, hub: PinnedHub) -> int:
    """Verify that an entry about a digest stands in the log; returns its index."""
    try:
        proof = parse_proof(said["proof"])
        verify_proof(proof, parse_vkey(hub.log), origin=f"{hub.id}/log")
    except (Unproven, ValueError) as doubt:
        raise Untrustworthy(f"the log does not prove it: {doubt}") from None
    entry = json.loads(proof.extra or b"{}")
    if entry.get("obj", {}).get("d") != about:
        raise Untrustworthy("the log proves an entry about something else")
    return proof.index


def _key_of(key: SigningKey) -> Any:
    def find(_issuer: str, kid: str) -> SigningKey | None:
        return key if key.kid == kid else None

    return find
