# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the signed envelope say what the transport says, and was it signed just now?"""

from dataclasses import dataclass
from typing import Final

from hub.errors import (
    HubMismatch,
    IdMismatch,
    IdReused,
    IssuedOutsideWindow,
    SenderMismatch,
)
from hub.model.evidence import AuthenticatedClient, SoundEnvelope, VerifiedSignature
from hub.sealing.envelope import parse_claims

OLDEST: Final = 300
"""Seconds that a new message may have been on its way."""
AHEAD: Final = 60
"""Seconds that a sender's clock may be ahead of ours."""


@dataclass(frozen=True)
class Transport:
    """What is known about a submission without opening it."""

    address: str
    """Message id in the address of the request."""
    client: AuthenticatedClient
    hub_id: str
    id_is_taken: bool
    now: int


def check_envelope(signature: VerifiedSignature, transport: Transport) -> SoundEnvelope:
    """Establish the claims and hold them against the transport (SL1 § 7, steps 4 and 5)."""
    envelope = parse_claims(signature.message)
    if envelope.jti != transport.address:
        raise IdMismatch(pointers=("/jti",))
    if envelope.iss != transport.client.unit:
        raise SenderMismatch(pointers=("/iss",))
    if envelope.hub != transport.hub_id:
        raise HubMismatch(pointers=("/hub",))
    if transport.id_is_taken:
        raise IdReused(pointers=("/jti",))
    if not transport.now - OLDEST <= envelope.iat <= transport.now + AHEAD:
        raise IssuedOutsideWindow(pointers=("/iat",))
    if envelope.end <= transport.now:
        raise IssuedOutsideWindow(pointers=("/end",))
    return SoundEnvelope(signature, envelope)
