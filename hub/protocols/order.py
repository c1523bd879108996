# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May this step follow what has been said?"""

from collections.abc import Callable, Collection

from hub.errors import ConversationMovedOn, EnvelopeInvalid, StepNotAllowed
from hub.model.conversation import Conversation
from hub.model.law import BasisCode
from hub.model.message import Envelope
from hub.model.protocol import Protocol, Step
from hub.protocols.objection import (
    NO_SUCH_CONVERSATION,
    absent_correction,
    are_between,
    objection,
)
from hub.protocols.sides import opening_pairs


def check_order(
    step: Step,
    envelope: Envelope,
    conversation: Conversation | None,
    protocol: Protocol,
    cite: Callable[[BasisCode], str],
) -> None:
    """Refuse a step that does not fit what has been said; ``cite`` writes a basis for people.

    Raises ``ConversationMovedOn`` where the sender has not seen the last message, and otherwise
    ``StepNotAllowed`` with what this sender may say now: of corrections, those of the message that
    it wanted to correct.
    """
    if step.opens:
        _check_opener(envelope, conversation, protocol)
        return
    units = {envelope.iss, envelope.aud}
    if conversation is None or not are_between(step, conversation, units, envelope.cau):
        raise StepNotAllowed(
            NO_SUCH_CONVERSATION,
            pointers=("/cnv",),
            basis=cite(step.basis_sender[0]),
            allowed=allowed_openers(protocol, step.sender),
        )
    _check_version(envelope, conversation)
    _check_position(envelope, conversation, protocol)
    _check_cause(step, envelope, conversation)
    reason = objection(step, envelope.iss, conversation, protocol, envelope.cau)
    if reason is not None:
        absent = absent_correction(step, envelope.iss, conversation, envelope.cau)
        cau = envelope.cau if step.corrects else None
        raise StepNotAllowed(
            reason,
            pointers=("/step",),
            basis=cite(absent.basis if absent else step.basis_sender[0]),
            allowed=allowed_next(protocol, conversation, envelope.iss, cau),
        )


def allowed_openers(protocol: Protocol, roles: Collection[str]) -> tuple[str, ...]:
    """Return the steps with which a unit of these roles may open a conversation."""
    return tuple(
        step.id
        for step in protocol.steps
        if step.opens and any(sender in roles for sender, _ in opening_pairs(step, protocol))
    )


def allowed_next(
    protocol: Protocol, conversation: Conversation, unit: str, cau: str | None = None
) -> tuple[str, ...]:
    """Return the steps that ``unit`` may say now; none where it has no part in the conversation.

    ``protocol`` is the version under which the conversation was opened. With ``cau``, of the
    corrections only those of this message.
    """
    return tuple(
        step.id
        for step in protocol.steps
        if objection(step, unit, conversation, protocol, cau if step.corrects else None) is None
    )


def owed_by(protocol: Protocol, conversation: Conversation, unit: str) -> tuple[str, ...]:
    """Return what ``unit`` still has to say: steps with a reminder that it may say now."""
    return tuple(
        step.id
        for step in protocol.steps
        if step.reminder is not None and objection(step, unit, conversation, protocol) is None
    )


def _check_opener(
    envelope: Envelope, conversation: Conversation | None, protocol: Protocol
) -> None:
    if conversation is not None or not envelope.opens_conversation:
        known = conversation if conversation and conversation.proto == protocol.name else None
        raise StepNotAllowed(
            "Dieser Schritt eröffnet einen neuen Vorgang: cnv ist die eigene jti.",
            pointers=("/cnv",),
            allowed=allowed_next(protocol, known, envelope.iss) if known else (),
        )
    if envelope.pos != 1 or envelope.prv is not None:
        raise EnvelopeInvalid(
            "Die eröffnende Nachricht hat die Position 1 und keine vor sich.",
            pointers=("/pos", "/prv"),
        )
    if envelope.cau is not None:
        raise EnvelopeInvalid(
            "Ein neuer Vorgang knüpft an keine frühere Nachricht an.", pointers=("/cau",)
        )


def _check_version(envelope: Envelope, conversation: Conversation) -> None:
    if conversation.proto != envelope.proto:
        raise StepNotAllowed(
            "Ein Vorgang bleibt unter der Fassung des Verfahrens, unter der er eröffnet wurde.",
            pointers=("/proto",),
        )


def _check_position(envelope: Envelope, conversation: Conversation, protocol: Protocol) -> None:
    last = conversation.last
    if (envelope.pos, envelope.prv) != (last.position + 1, last.env):
        raise ConversationMovedOn(
            "Im Vorgang wurde inzwischen etwas gesagt; erst ansehen, dann entscheiden.",
            pointers=("/pos", "/prv"),
            allowed=allowed_next(protocol, conversation, envelope.iss),
        )


def _check_cause(step: Step, envelope: Envelope, conversation: Conversation) -> None:
    """Hold ``cau`` to this conversation: across conversations it would link two exchanges."""
    said = {each.message for each in conversation.utterances}
    if envelope.cau is None and step.corrects:
        raise EnvelopeInvalid(
            "Eine Berichtigung oder Rücknahme nennt in cau die Nachricht, die sie betrifft.",
            pointers=("/cau",),
        )
    if envelope.cau is not None and envelope.cau not in said:
        raise EnvelopeInvalid(
            "Der Anlass in cau ist keine Nachricht dieses Vorgangs.", pointers=("/cau",)
        )
