# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is what a browser of this house has sealed fit to be signed, and what did the hub say to it?

The content was sealed elsewhere, by a person who confirmed exactly these claims. Here is the key
that signs for the house, and no secret of the message: so nothing can be said here about what is
in it, and all the more has to be said about what stands outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.client.agency import Agency, PinnedHub
from hub.client.answers import Untrustworthy
from hub.client.directory import DirectoryView
from hub.client.line import Line
from hub.client.proofs import ProvenReceipt, check_answer
from hub.errors import (
    EnvelopeInvalid,
    HubMismatch,
    IdMismatch,
    IssuedOutsideWindow,
    NotAMessage,
    SenderMismatch,
)
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, WrappedKey
from hub.protocols.admit import schema_of_step
from hub.protocols.catalogue import Catalogue
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.envelope import env_digest, parse_message, parse_payload, write_message
from hub.sealing.form import check_form
from hub.sealing.jws import MESSAGE_TYP
from hub.trust.confirmation import Confirmation
from hub.trust.envelope import AHEAD, OLDEST

AT_MOST: Final = OLDEST - 60
"""Seconds since the sealing: a person had to confirm it, and the hub has to get it in time."""
INTERACTIVE: Final = 10
"""Seconds that somebody waits before a screen; after that it is sent without them."""


@dataclass(frozen=True)
class SealedElsewhere:
    """All of a message but its signature."""

    payload: bytes
    """The claims, in the one spelling in which they are signed."""
    body: bytes
    keys: tuple[WrappedKey, ...]

    @property
    def digest(self) -> str:
        """What the person who files it has confirmed."""
        return digest(self.payload)


@dataclass(frozen=True)
class Relayed:
    """A message with the signature of the house. Sending it again gives the same receipt."""

    envelope: Envelope
    env: str
    body: bytes = field(repr=False)
    """The exact bytes of the request."""

    @property
    def id(self) -> str:
        return self.envelope.jti

    @property
    def sendable_until(self) -> int:
        """The last second at which the hub takes it as a new message."""
        return self.envelope.iat + OLDEST


def sealed_elsewhere(payload: Json, body: Json, keys: Sequence[WrappedKey]) -> SealedElsewhere:
    """Write down what came as JSON; raises ``NotAMessage`` for what has no canonical form."""
    if not isinstance(payload, dict):
        raise NotAMessage(pointers=("/payload",))
    try:
        return SealedElsewhere(jcs(payload), jcs(body), tuple(keys))
    except (ValueError, RecursionError):
        raise NotAMessage from None


def check_claims(message_id: str, sealed: SealedElsewhere, agency: Agency, *, now: int) -> Envelope:
    """Refuse claims that this house would not sign, before anybody looks at who confirmed them."""
    envelope = parse_payload(sealed.payload)
    if envelope.jti != message_id:
        raise IdMismatch(pointers=("/jti",))
    if envelope.iss != agency.id:
        raise SenderMismatch(pointers=("/iss",))
    if envelope.hub != agency.hub.id:
        raise HubMismatch(pointers=("/hub",))
    if not now - AT_MOST <= envelope.iat <= now + AHEAD:
        raise IssuedOutsideWindow(pointers=("/iat",))
    if envelope.end <= now:
        raise IssuedOutsideWindow(pointers=("/end",))
    return envelope


def sign_sealed(
    envelope: Envelope,
    sealed: SealedElsewhere,
    agency: Agency,
    directory: DirectoryView,
    catalogue: Catalogue,
) -> Relayed:
    """Sign for the house, with the key that is current now, what has the form that the hub asks.

    Raises what the hub would refuse with: ``RecipientUnknown``, ``ParticipantSuspended``, and the
    refusals of SL1 § 7 that can be seen without opening anything.
    """
    directory.addressed(envelope.aud, envelope.iat, begins=envelope.opens_conversation)
    env = _signed(sealed.payload, agency)
    raw = write_message(env, sealed.body, sealed.keys)
    parsed = parse_message(raw)
    if parsed.payload != sealed.payload:
        raise EnvelopeInvalid
    check_form(envelope, parsed, schema_of_step(envelope, catalogue))
    return Relayed(envelope, env, raw)


def relayed(raw: bytes) -> Relayed:
    """Return a message that was signed here before, as it was kept."""
    parsed = parse_message(raw)
    return Relayed(parse_payload(parsed.payload), parsed.env, raw)


async def relay(
    message: Relayed,
    confirmed: Confirmation,
    line: Line,
    hub: PinnedHub,
    *,
    patience: float = INTERACTIVE,
) -> ProvenReceipt:
    """Send a message once, with how a person confirmed it, and verify the answer.

    Keep it durably first: an answer that gets lost is asked for with the same bytes, after a crash
    too. Raises ``Refused``, ``Unreachable``, and ``Untrustworthy`` where what comes back is not
    about this message.
    """
    path = f"/v1/messages/{message.id}"
    raw = await line.put_confirmed(path, message.body, confirmed, patience=patience)
    proven = check_answer(raw, hub)
    said = proven.receipt
    expected = ("accepted", message.id, env_digest(message.env), digest(message.body))
    if (said.word, said.message_id, said.env, said.members["request"]) != expected:
        raise Untrustworthy("the receipt is not about what was sent")
    return proven


def payload_of(env: str) -> bytes:
    """Return the claims of a signed envelope as they were confirmed."""
    return unb64(env.split(".")[1])


def _signed(payload: bytes, agency: Agency) -> str:
    signer = agency.signing
    header: JsonObject = {"alg": signer.alg, "kid": signer.kid, "typ": MESSAGE_TYP}
    signing_input = f"{b64(jcs(header))}.{b64(payload)}"
    return f"{signing_input}.{b64(signer.sign(signing_input.encode('ascii')))}"
