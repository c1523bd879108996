# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the protocol allow this message, from this sender, to this recipient, now?"""

from typing import Final
from uuid import UUID

from hub.errors import (
    BasisNotAllowed,
    EnvelopeInvalid,
    ProtocolNotAdopted,
    RecipientUnknown,
    SchemaUnknown,
    SignerNotEntitled,
    StepNotAllowed,
    UrgencyNotAllowed,
)
from hub.model.conversation import Conversation
from hub.model.evidence import AdmittedStep, SoundForm
from hub.model.ids import organisation_of
from hub.model.message import Envelope
from hub.model.participant import SigningKey
from hub.model.parties import Parties
from hub.model.protocol import Protocol, Step
from hub.protocols.agreements import check_agreement
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import due, latest_end
from hub.protocols.objection import are_apart, units_of
from hub.protocols.order import allowed_next, allowed_openers, check_order
from hub.protocols.sides import meet
from hub.sealing.sealable import SealableSchema

RANDOM: Final = 4
"""Version of a UUID that holds nothing but chance (RFC 9562 § 5.4)."""


def schema_of_step(
    envelope: Envelope,
    catalogue: Catalogue,
    conversation: Conversation | None = None,
    parties: Parties | None = None,
) -> SealableSchema:
    """Return the schema that the message has to keep to: that of its step, and no other.

    Comes before the form, because it says what the form is. Conversation and parties only make the
    refusal of an unknown step more exact.
    """
    protocol = catalogue.known(envelope.proto)
    step = _step_of(envelope, protocol, conversation, parties, catalogue)
    if envelope.schema_digest != step.schema_digest:
        raise SchemaUnknown(
            "Das Schema ist nicht das dieses Schritts in dieser Fassung.", pointers=("/schema",)
        )
    return catalogue.schemas.by_digest(step.schema_digest)


def basis_of_step(envelope: Envelope, catalogue: Catalogue) -> str | None:
    """Return the citation of what lets a sender say this step."""
    step = catalogue.known(envelope.proto).step(envelope.step)
    return catalogue.cite(step.basis_sender[0]) if step else None


def admit(
    form: SoundForm, conversation: Conversation | None, parties: Parties, catalogue: Catalogue
) -> AdmittedStep:
    """Establish that the protocol allows this step, from this sender, on this basis, here.

    A withdrawn version opens no conversation, but one that runs is spoken to its end: else nobody
    could correct what was said under it. Nor does a controller take back its adoption: there is no
    act for that, and a version ends for all through its file.
    """
    envelope = form.sound.envelope
    protocol = catalogue.known(envelope.proto)
    step = _step_of(envelope, protocol, conversation, parties, catalogue)
    if step.opens:
        catalogue.check_not_retired(protocol)
    basis = catalogue.cite(step.basis_sender[0])
    if are_apart(step.sender, parties.sender_roles):
        raise StepNotAllowed(
            f"Diesen Schritt spricht nur: {', '.join(step.sender)}.",
            pointers=("/step",),
            basis=basis,
            allowed=_allowed(envelope, protocol, conversation, parties),
        )
    _check_recipient(step, protocol, parties, basis)
    _check_adoption(envelope, protocol, parties)
    check_agreement(protocol, step, parties)
    _check_claims(step, envelope, parties, catalogue)
    check_office(step, form.sound.signature.key, basis)
    _check_links(protocol, envelope)
    _check_end(protocol, step, envelope, parties)
    check_order(step, envelope, conversation, protocol, catalogue.cite)
    return AdmittedStep(form, protocol, step, conversation, parties.agreements)


def _step_of(
    envelope: Envelope,
    protocol: Protocol,
    conversation: Conversation | None,
    parties: Parties | None,
    catalogue: Catalogue,
) -> Step:
    step = protocol.step(envelope.step)
    if step is not None:
        return step
    absent = protocol.absent_step(envelope.step)
    raise StepNotAllowed(
        absent.reason if absent else "Diesen Schritt gibt es in diesem Verfahren nicht.",
        pointers=("/step",),
        basis=catalogue.cite(absent.basis) if absent else None,
        allowed=_allowed(envelope, protocol, conversation, parties),
    )


def _allowed(
    envelope: Envelope,
    protocol: Protocol,
    conversation: Conversation | None,
    parties: Parties | None,
) -> tuple[str, ...]:
    """Return what the sender may say now, as far as its conversation and its roles are known."""
    if (
        conversation is not None
        and conversation.proto == protocol.name
        and envelope.iss in units_of(conversation)
    ):
        return allowed_next(protocol, conversation, envelope.iss)
    roles = parties.sender_roles if parties else {role.id for role in protocol.roles}
    return allowed_openers(protocol, roles)


def _check_recipient(step: Step, protocol: Protocol, parties: Parties, basis: str) -> None:
    addressed = parties.recipient_roles
    if are_apart(step.recipient, addressed) or (
        step.opens and not meet(step, protocol, parties.sender_roles, addressed)
    ):
        raise RecipientUnknown(
            f"Dieser Schritt geht nur an: {', '.join(step.recipient)}.",
            pointers=("/aud",),
            basis=basis,
        )


def _check_adoption(envelope: Envelope, protocol: Protocol, parties: Parties) -> None:
    """Ask for both controllers: whoever decides the rules is responsible for them (Art. 26 DSGVO).

    The hub is a processor (§ 67d Abs. 3 SGB X) and decides none.
    """
    for claim, unit, whose in (
        ("/iss", envelope.iss, "absendende"),
        ("/aud", envelope.aud, "empfangende"),
    ):
        if (organisation_of(unit), protocol.name, protocol.digest) not in parties.adoptions:
            raise ProtocolNotAdopted(
                f"Die {whose} Stelle hat diese Fassung des Verfahrens nicht angenommen.",
                pointers=(claim,),
            )


def _check_claims(step: Step, envelope: Envelope, parties: Parties, catalogue: Catalogue) -> None:
    bases = step.bases_of(parties.sender_roles)
    if envelope.lb not in bases:
        raise BasisNotAllowed(
            "Diese Rechtsgrundlage nennt das Verfahren für den Schritt nicht.",
            pointers=("/lb",),
            basis=catalogue.cite(bases[0]),
            allowed=bases,
        )
    if envelope.urg not in step.urgencies:
        raise UrgencyNotAllowed(
            "Diese Dringlichkeit nennt das Verfahren für den Schritt nicht.",
            pointers=("/urg",),
            allowed=step.urgencies,
        )


def check_office(step: Step, key: SigningKey, basis: str) -> None:
    """Ask who ordered it, where the law reserves the order: § 5 Abs. 1 S. 3 KKG does.

    The directory entry says to the holder of which office a key was issued, under the signature
    of the organisation; a registry that signs with its own key has not been ordered to.
    """
    if step.signed_by and key.office not in step.signed_by:
        raise SignerNotEntitled(
            "Dieser Schritt braucht die Signatur einer Person mit diesem Amt: "
            f"{', '.join(step.signed_by)}.",
            pointers=("/step",),
            basis=basis,
            allowed=step.signed_by,
        )


def _check_links(protocol: Protocol, envelope: Envelope) -> None:
    """Refuse what would tie a pseudonymous message to another, or to a moment (§ 4 Abs. 2 KKG).

    A version 7 id tells when it was made, and two exchanges made one after the other look it.
    """
    if not protocol.unlinked:
        return
    if envelope.cau is not None:
        raise EnvelopeInvalid(
            "In diesem Verfahren nennt keine Nachricht eine andere.", pointers=("/cau",)
        )
    if UUID(envelope.jti).version != RANDOM:
        raise EnvelopeInvalid(
            "In diesem Verfahren verrät keine Kennung, wann sie entstand: UUID der Version 4.",
            pointers=("/jti",),
        )


def _check_end(protocol: Protocol, step: Step, envelope: Envelope, parties: Parties) -> None:
    """Hold ``end`` between two clocks: the sender must hear of silence before content is gone."""
    clocks = next(own for named, own in protocol.clocks.items() if named == envelope.urg)
    if envelope.end < due(clocks, envelope.iat).overdue_at:
        raise EnvelopeInvalid(
            "Der Inhalt muss so lange beim Hub bleiben, bis ein Ausbleiben der Kenntnisnahme "
            "gemeldet würde.",
            pointers=("/end",),
        )
    if envelope.end > latest_end(step, envelope.iat, parties.recipient_roles):
        limit = step.limit_to(parties.recipient_roles)
        raise EnvelopeInvalid(
            f"Der Inhalt darf höchstens {limit.within.days} Tage beim Hub bleiben "
            f"({limit.source}).",
            pointers=("/end",),
        )
