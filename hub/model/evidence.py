# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Evidence instead of flags: values that say "this has been established".

Each is constructed in exactly one place, and the next function of the line demands it, so leaving
out a check is an error of types (``tests/house/test_evidence.py``).
"""

from dataclasses import dataclass

from hub.model.agreement import Concluded
from hub.model.contact import Reached
from hub.model.conversation import Conversation
from hub.model.message import Envelope, ParsedMessage
from hub.model.participant import SigningKey
from hub.model.protocol import Clocks, Protocol, Step
from hub.model.standing import Standing


@dataclass(frozen=True)
class AuthenticatedClient:
    """The unit whose token and proof of possession were verified."""

    unit: str
    organisation: str
    proof_id: str
    """``jti`` of the DPoP proof; the writer enters it once (RFC 9449 § 11.1)."""
    proof_expires_at: int


@dataclass(frozen=True)
class VerifiedSignature:
    """The envelope bears the signature of a key that was the sender's at ``iat``."""

    message: ParsedMessage
    key: SigningKey


@dataclass(frozen=True)
class SoundEnvelope:
    """The claims are well formed and say what the transport says (SL1 § 7, steps 4 and 5)."""

    signature: VerifiedSignature
    envelope: Envelope


@dataclass(frozen=True)
class SoundForm:
    """Body, commitments and wraps have exactly the form the schema asks for (SL1 § 7, 6 and 7)."""

    sound: SoundEnvelope


@dataclass(frozen=True)
class AdmittedStep:
    """The protocol allows this step, from this sender, on this basis, at this position."""

    form: SoundForm
    protocol: Protocol
    step: Step
    conversation: Conversation | None
    """None for an opener."""
    agreements: tuple[Concluded, ...] = ()
    """In force between the two organisations; they may have shortened the clocks."""

    @property
    def clocks(self) -> Clocks:
        """By when the protocol has somebody act, for the urgency of the message."""
        urgency = self.form.sound.envelope.urg
        return next(own for named, own in self.protocol.clocks.items() if named == urgency)


@dataclass(frozen=True)
class FirstAsked:
    """Who has to act first on what comes in now: the addressed unit, or who stands in for it."""

    unit: str
    is_early: bool
    """Its wrap is one for an escalation: when this was sealed, somebody else was on duty."""
    waits: bool
    """Its clocks begin when the office opens: it comes from whoever stands in until then."""
    reached: Reached


@dataclass(frozen=True)
class Addressee:
    """The addressed unit exists and takes part, and every reader key is current.

    Each is its own, or one of a unit that its roster names.
    """

    admitted: AdmittedStep
    unit: str
    organisation: str
    first: FirstAsked


@dataclass(frozen=True)
class Accepted:
    """Everything there is to know has been established; only the writer can still object."""

    client: AuthenticatedClient
    addressee: Addressee
    request: str
    """Digest of the message bytes."""
    now: int
    standings: frozenset[Standing]
    """Of both organisations; the writer asks whether they still hold."""

    @property
    def envelope(self) -> Envelope:
        return self.addressee.admitted.form.sound.envelope

    @property
    def message(self) -> ParsedMessage:
        return self.addressee.admitted.form.sound.signature.message

    @property
    def conversation(self) -> Conversation | None:
        """What had been said when this was decided."""
        return self.addressee.admitted.conversation
