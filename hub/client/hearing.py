# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Was a receipt on an own message signed by somebody who may speak about it?

That is the hub, the addressee, whoever stood in for it as its signed roster says, and this unit
itself. Nothing is done on the word of anybody else.
"""

import json
from typing import Final

from hub.client.agency import Agency
from hub.client.answers import Untrustworthy
from hub.client.directory import DirectoryView
from hub.client.secrets import Kept
from hub.directory.duty import is_named
from hub.errors import Refusal
from hub.model.message import Envelope
from hub.model.participant import SigningKey
from hub.model.receipt import Receipt
from hub.sealing.canonical import unb64
from hub.sealing.envelope import env_digest, parse_payload
from hub.trust.receipts import verify_receipt

_ELSEWHERE: Final = "a receipt is not about the message that was sent"


def issuer_of(jws: str) -> str:
    """Return who is said to have signed; nothing about it is verified."""
    try:
        issuer = json.loads(unb64(jws.split(".")[1]))["iss"]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        issuer = None
    if not isinstance(issuer, str):
        raise Untrustworthy("an event is no receipt")
    return issuer


def verify_heard(jws: str, agency: Agency, view: DirectoryView | None) -> Receipt:
    """Return a receipt whose signature holds under a key that was its signer's then.

    ``view`` has the entry of the signer, where that is not the hub.
    """
    hub, used = agency.hub, list[SigningKey]()

    def key_of(issuer: str, kid: str) -> SigningKey | None:
        if issuer == hub.id:
            key = hub.receipt_key if kid == hub.receipt_key.kid else None
        else:
            key = view.signing_key(issuer, kid) if view else None
        used.extend([key] if key else [])
        return key

    try:
        receipt = verify_receipt(jws, key_of)
    except Refusal as refusal:
        raise Untrustworthy(f"a receipt does not hold: {refusal.code}") from None
    if not all(key.valid_at(receipt.iat) for key in used):
        raise Untrustworthy("a receipt was signed with a key that was not valid then")
    return receipt


def check_about(receipt: Receipt, kept: Kept, agency: Agency, view: DirectoryView | None) -> None:
    """Refuse a receipt about another envelope, or by somebody whom the message is not for.

    It is for an own message alone: what is heard as an addressee is addressed to the sender.
    """
    check_speaker(receipt, envelope_of(kept), agency, view)
    if (receipt.aud, receipt.env) != (agency.id, env_digest(kept.env)):
        raise Untrustworthy(_ELSEWHERE)


def check_speaker(
    receipt: Receipt, envelope: Envelope, agency: Agency, view: DirectoryView | None
) -> None:
    """Refuse a receipt by somebody who may not speak about an own message.

    ``view`` has the entry of the addressee with those that its roster names, and of the signer.
    Whom this unit has sealed the message to may speak, however the roster reads by now: a contract
    that ends must not silence what was signed before. So may whom the roster names today.
    """
    if receipt.iss in {agency.hub.id, agency.id, envelope.aud}:
        return
    known = view.participants if view is not None else None
    if known is None or not (
        any(known.reading_key(receipt.iss, reader.kid) for reader in envelope.readers)
        or is_named(receipt.iss, envelope.aud, known, receipt.iat)
    ):
        raise Untrustworthy(_ELSEWHERE)


def envelope_of(kept: Kept) -> Envelope:
    """Return the envelope of a sent message."""
    return parse_payload(unb64(kept.env.split(".")[1]))
