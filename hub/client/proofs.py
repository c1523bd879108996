# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what the hub answered hold against the keys that were pinned?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.audit.merkle import Unproven
from hub.audit.proof import parse_proof
from hub.client.agency import PinnedHub
from hub.client.answers import Untrustworthy, read_json, read_text
from hub.client.log_keys import verify_by_any
from hub.errors import Refusal
from hub.model.participant import SigningKey
from hub.model.receipt import Receipt
from hub.sealing.canonical import digest, jcs
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
    said = read_json(raw)
    jws = read_text(said, "receipt")
    try:
        receipt = verify_receipt(jws, _key_of(signer or hub.receipt_key))
    except Refusal as refusal:
        raise Untrustworthy(f"the receipt does not hold: {refusal.code}") from None
    index = check_logged(said, digest(jws), hub)
    return ProvenReceipt(receipt, said["proof"], index, raw)


def check_logged(
    said: Mapping[str, Any], about: str, hub: PinnedHub, *, shown_as: str = "entry"
) -> int:
    """Verify that an entry about a digest stands in the log; returns its index.

    The entry that is shown beside the proof is the proven one: whoever keeps the answer reads the
    one and believes the other.
    """
    try:
        proof = parse_proof(read_text(said, "proof"))
        verify_by_any(proof, hub)
        shown = jcs(said.get(shown_as))
    except (Unproven, ValueError) as doubt:
        raise Untrustworthy(f"the log does not prove it: {doubt}") from None
    if shown != proof.extra:
        raise Untrustworthy("the entry that is shown is not the one that the log proves")
    if json.loads(shown).get("obj", {}).get("d") != about:
        raise Untrustworthy("the log proves an entry about something else")
    return proof.index


def _key_of(key: SigningKey) -> Any:
    def find(_issuer: str, kid: str) -> SigningKey | None:
        return key if key.kid == kid else None

    return find
