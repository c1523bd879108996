# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stage on which two units speak before the hub's own rules, without a hub around them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from hub.errors import Refusal
from hub.model.agreement import Concluded
from hub.model.conversation import Conversation, Utterance
from hub.model.evidence import SoundForm
from hub.model.message import Envelope
from hub.model.parties import Parties
from hub.model.protocol import Protocol, Step
from hub.protocols.admit import admit
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import latest_end
from hub.sealing.canonical import digest
from tests.unit.protocols.agreed import an_agreed, an_agreement, concluded
from tests.unit.protocols.builders import NOW, a_form, an_envelope

OPENER: Final = "probe:opener"
PARTNER: Final = "probe:partner"
OTHER: Final = {OPENER: PARTNER, PARTNER: OPENER}
HEARD: Final = "taken"
LOST: Final = "rejected"


def an_id(number: int) -> str:
    """Return a message id of version 4, which every protocol takes."""
    return f"01935000-0000-4000-8000-{number:012d}"


@dataclass(frozen=True)
class Stage:
    """One conversation of a protocol, or the silence before it, between units of one role each."""

    protocol: Protocol
    catalogue: Catalogue
    roles: dict[str, str]
    """Role by unit."""
    conversation: Conversation | None = None
    refused: Refusal | None = field(default=None, compare=False)
    """Why the last step was not carried."""

    @property
    def said(self) -> tuple[Utterance, ...]:
        return self.conversation.utterances if self.conversation else ()

    def after(self, step: Step, unit: str, cau: str | None = None, *, fate: str = HEARD) -> "Stage":
        """Return the stage after a unit tried to say a step, carried or refused."""
        form = self.form_of(step, unit, cau)
        try:
            admit(form, self.conversation, self.parties_of(unit), self.catalogue)
        except Refusal as refusal:
            return replace(self, refused=refusal)
        return replace(self, refused=None, conversation=self._with(form.sound.envelope, fate))

    def causes(self, step: Step, unit: str) -> list[str | None]:
        """Return which messages a step could be about: own ones where it corrects, else none."""
        if not step.corrects:
            return [None]
        own: list[str | None] = [each.message for each in self.said if each.author == unit]
        return own or [None]

    def form_of(self, step: Step, unit: str, cau: str | None = None) -> SoundForm:
        position = len(self.said) + 1
        other = OTHER[unit]
        envelope = an_envelope(
            step.id,
            self.conversation,
            iss=unit,
            aud=other,
            jti=an_id(position),
            cnv=self.conversation.id if self.conversation else an_id(position),
            pos=position,
            iat=NOW,
            end=latest_end(step, NOW, frozenset({self.roles[other]})),
            proto=self.protocol.name,
            schema_digest=step.schema_digest,
            urg=step.urgencies[0],
            lb=next(iter(step.bases_of({self.roles[unit]})), step.basis_sender[0]),
            cau=cau,
        )
        return _signed_by(a_form(envelope), step)

    def parties_of(self, unit: str) -> Parties:
        named = self.protocol.name, self.protocol.digest
        return Parties(
            frozenset({self.roles[unit]}),
            frozenset({self.roles[OTHER[unit]]}),
            frozenset((each, *named) for each in OTHER),
            agreed_on(self.protocol),
        )

    def _with(self, envelope: Envelope, fate: str) -> Conversation:
        said = Utterance(
            message=envelope.jti,
            position=envelope.pos,
            step=envelope.step,
            author=envelope.iss,
            recipient=envelope.aud,
            env=digest(envelope.jti),
            state=fate,
            was_taken=True,
            cau=envelope.cau,
        )
        empty = Conversation(
            envelope.cnv, envelope.proto, envelope.iss, envelope.aud, (), closed=False
        )
        before = self.conversation or empty
        return replace(before, utterances=(*before.utterances, said))


def stages(protocol: Protocol, catalogue: Catalogue, roles: Collection[str]) -> Iterator[Stage]:
    """Return an empty stage for every two roles."""
    for own, other in product(roles, roles):
        yield Stage(protocol, catalogue, {OPENER: own, PARTNER: other})


def _signed_by(form: SoundForm, step: Step) -> SoundForm:
    """Sign with the key of the office that a step demands, where it demands one."""
    signature = form.sound.signature
    office = step.signed_by[0] if step.signed_by else None
    signed = replace(signature, key=signature.key.model_copy(update={"office": office}))
    return replace(form, sound=replace(form.sound, signature=signed))


def agreed_on(protocol: Protocol) -> tuple[Concluded, ...]:
    """Return an agreement on everything that the protocol lets anybody open, if it asks for one."""
    if not protocol.agreement:
        return ()
    return (concluded(an_agreement(protocols=(an_agreed(protocol=protocol.name),))),)
