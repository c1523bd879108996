# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invented protocols, conversations and messages, each as small as a test needs it."""

from datetime import date, timedelta
from typing import Any

from hub.model.conversation import Conversation, Utterance
from hub.model.evidence import SoundEnvelope, SoundForm, VerifiedSignature
from hub.model.law import LegalBasis
from hub.model.message import Envelope, ParsedMessage, ReaderClaim
from hub.model.participant import Office, PublicJwk, SigningKey
from hub.model.parties import Parties
from hub.model.protocol import AbsentCorrection, AbsentStep, Clocks, Deadline, Protocol, Role, Step
from hub.protocols.catalogue import Catalogue, make_catalogue
from hub.protocols.published import digest_of
from hub.protocols.schemas import SchemaRegistry
from hub.sealing.canonical import digest

SCHOOL = "schule:999001"
OFFICE = "jugendamt:05978040.asd"
STRANGER = "jugendamt:05978036.asd"
NOW = 1_790_000_000
OPENER_ID = "01935000-0000-7000-8000-000000000001"
SOURCE = "Vorgabe des Projekts"


def a_message_id(number: int) -> str:
    return f"01935000-0000-7000-8000-{number:012d}"


def a_deadline(**within: float) -> Deadline:
    return Deadline(within=timedelta(**within), source=SOURCE)


def some_clocks() -> Clocks:
    return Clocks(
        noticed=a_deadline(minutes=1),
        taken=a_deadline(minutes=2),
        acknowledged=a_deadline(minutes=10),
        overdue=a_deadline(minutes=10),
    )


def some_schemas(*steps: str, extra: dict[str, Any] | None = None) -> SchemaRegistry:
    """Return one schema with a single yes or no for each step of the invented protocol."""
    return SchemaRegistry(
        {
            f"erfunden/1.0.0/{step}": {
                "$id": f"urn:erfunden:{step}",
                "type": "object",
                "additionalProperties": False,
                "properties": {"wahr": {"type": "boolean"}, **(extra or {})},
            }
            for step in steps
        }
    )


FEEDBACK = ("rueckmeldung", "rueckmeldung-berichtigung")
OFFICE_STEPS = ("rueckfrage", *FEEDBACK)
OPEN_TEXT = ("mitteilung", "rueckfrage", "antwort")
ALL_STEPS = (*OPEN_TEXT, *FEEDBACK, "berichtigung", "ruecknahme")
SCHEMAS = some_schemas(*ALL_STEPS)


def a_step(step_id: str, by: str, to: str, /, **members: Any) -> Step:
    """Return a step between two roles; the members say what makes it different."""
    name = f"erfunden/1.0.0/{step_id}"
    known = SCHEMAS.digest_of(name) if name in SCHEMAS.names else digest(name)
    plain: dict[str, Any] = {
        "id": step_id,
        "title": f"Erfunden: {step_id}",
        "sender": (by,),
        "recipient": (to,),
        "basis_sender": ("kkg-4-3",) if by == "schule" else ("sgb8-8a-1",),
        "basis_recipient": ("sgb8-8a-1",) if by == "schule" else ("kkg-4-3",),
        "urgencies": ("sofort", "planbar"),
        "schema_name": name,
        "schema_digest": known,
        "content_limit": a_deadline(days=14),
        "guidance": "Lesen.",
    }
    return Step(**{**plain, **members})


def a_correction(step_id: str, *corrects: str, **members: Any) -> Step:
    """Return a step with which either side corrects what it said by one of these steps."""
    plain = {
        "sender": ("schule", "jugendamt"),
        "recipient": ("jugendamt", "schule"),
        "corrects": corrects,
        "at_most": 3,
    }
    return a_step(step_id, "schule", "jugendamt", **{**plain, **members})


def the_steps() -> tuple[Step, ...]:
    """Return the steps of a school's notice, with a cap of two questions."""
    return (
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("rueckfrage", "jugendamt", "schule", after=("mitteilung",), at_most=2),
        a_step("antwort", "schule", "jugendamt", answers="rueckfrage"),
        a_step(
            "rueckmeldung",
            "jugendamt",
            "schule",
            after=("mitteilung",),
            at_most=1,
            closes=True,
            basis_sender=("kkg-4-4",),
            urgencies=("planbar",),
            reminder=a_deadline(days=14),
            person_only=True,
        ),
        a_step(
            "rueckmeldung-berichtigung",
            "jugendamt",
            "schule",
            corrects=FEEDBACK,
            at_most=3,
            basis_sender=("kkg-4-4",),
            urgencies=("planbar",),
            person_only=True,
        ),
        a_correction("berichtigung", *OPEN_TEXT, absent_corrections=(_NOT_BY_TEXT,)),
        a_correction("ruecknahme", *OPEN_TEXT, *FEEDBACK, "berichtigung", withdraws=True),
    )


_NOT_BY_TEXT = AbsentCorrection(
    steps=FEEDBACK, basis="sgb8-64-4", reason="Eine Rückmeldung berichtigt ein eigener Schritt."
)


def a_protocol(*steps: Step, **members: Any) -> Protocol:
    """Return an invented protocol in force; without steps, that of a school's notice."""
    plain: dict[str, Any] = {
        "id": "erfunden",
        "version": "1.0.0",
        "number": "P00",
        "title": "Erfundenes Verfahren",
        "purpose": "Probe",
        "status": "in-kraft",
        "digest": digest("to be counted"),
        "roles": (Role(id="schule", title="Schule"), Role(id="jugendamt", title="Jugendamt")),
        "steps": steps or the_steps(),
        "clocks": {"sofort": some_clocks(), "planbar": some_clocks()},
        "ends_after": a_deadline(days=90),
        "retention": "Kurz.",
        "repeats": 1,
    }
    protocol = Protocol(**{**plain, **members})
    return protocol.model_copy(update={"digest": digest_of(protocol)})


def without_feedback(protocol: Protocol) -> Protocol:
    """Return the protocol for those whom § 4 Abs. 4 KKG does not name."""
    steps = tuple(
        step.model_copy(
            update={
                "corrects": tuple(each for each in step.corrects if each not in FEEDBACK),
                "absent_corrections": (),
            }
        )
        for step in protocol.steps
        if step.id not in FEEDBACK
    )
    absent = AbsentStep(
        id="rueckmeldung", basis="kkg-4-4", reason="§ 4 Abs. 4 KKG nennt diese Stelle nicht."
    )
    return a_protocol(*steps, absent_steps=(absent,))


def a_basis(code: str, citation: str, **members: Any) -> LegalBasis:
    plain: dict[str, Any] = {
        "code": code,
        "citation": citation,
        "statute": "Erfundenes Gesetz",
        "meaning": "Sinn.",
        "pruefstand": "geprueft",
        "stand": date(2026, 1, 1),
        "source": "erfunden",
    }
    return LegalBasis(**{**plain, **members})


LAW = {
    "kkg-4-3": a_basis("kkg-4-3", "§ 4 Abs. 3 KKG"),
    "kkg-4-4": a_basis("kkg-4-4", "§ 4 Abs. 4 KKG"),
    "sgb8-8a-1": a_basis("sgb8-8a-1", "§ 8a Abs. 1 SGB VIII"),
    "sgb8-64-4": a_basis("sgb8-64-4", "§ 64 Abs. 4 SGB VIII"),
}


def a_catalogue(*protocols: Protocol) -> Catalogue:
    return make_catalogue(protocols or (a_protocol(),), SCHEMAS, LAW)


def some_parties(protocol: Protocol | None = None, **members: Any) -> Parties:
    """Return school and Jugendamt, both of which have adopted the protocol."""
    adopted = protocol or a_protocol()
    plain: dict[str, Any] = {
        "sender_roles": frozenset({"schule"}),
        "recipient_roles": frozenset({"jugendamt"}),
        "adoptions": frozenset(
            (organisation, adopted.name, adopted.digest)
            for organisation in ("schule:999001", "jugendamt:05978040")
        ),
    }
    return Parties(**{**plain, **members})


def turned(parties: Parties) -> Parties:
    """Return the same two with the Jugendamt speaking."""
    return Parties(parties.recipient_roles, parties.sender_roles, parties.adoptions)


def a_conversation(*steps: str, closed: bool = False, **fates: str) -> Conversation:
    """Return a conversation in which these steps were said, in turn and taken.

    ``fates`` gives steps another state than ``taken``.
    """
    conversation = Conversation(
        OPENER_ID, "erfunden/1.0.0", SCHOOL, OFFICE, said("mitteilung", fates), closed=closed
    )
    for step in steps:
        utterances = (*conversation.utterances, *said(step, fates, len(conversation.utterances)))
        conversation = Conversation(
            OPENER_ID, "erfunden/1.0.0", SCHOOL, OFFICE, utterances, closed=closed
        )
    return conversation


def said(step: str, fates: dict[str, str], before: int = 0) -> tuple[Utterance, ...]:
    """Return one message; what only the Jugendamt says is the Jugendamt's."""
    name, _, by = step.partition("@")
    office = name in OFFICE_STEPS or by == "jugendamt"
    author, recipient = (OFFICE, SCHOOL) if office else (SCHOOL, OFFICE)
    state = fates.get(name, "taken")
    return (
        Utterance(
            message=a_message_id(before + 1),
            position=before + 1,
            step=name,
            author=author,
            recipient=recipient,
            env=digest(f"env {before + 1}"),
            state=state,
            was_taken=state in {"taken", "acknowledged", "rejected"},
        ),
    )


def an_envelope(step: str, conversation: Conversation | None = None, **claims: Any) -> Envelope:
    """Return the claims of a message that fits, but for what ``claims`` change."""
    office = step in OFFICE_STEPS
    position = len(conversation.utterances) + 1 if conversation else 1
    plain: dict[str, Any] = {
        "suite": "SL1",
        "hub": "hub.invalid/probe",
        "iss": OFFICE if office else SCHOOL,
        "aud": SCHOOL if office else OFFICE,
        "jti": a_message_id(position),
        "iat": NOW,
        "end": NOW + 86_400,
        "proto": "erfunden/1.0.0",
        "step": step,
        "schema_digest": SCHEMAS.digest_of(f"erfunden/1.0.0/{step}")
        if step in ALL_STEPS
        else digest(step),
        "cnv": OPENER_ID,
        "pos": position,
        "prv": conversation.last.env if conversation else None,
        "urg": "planbar",
        "lb": "kkg-4-4" if step in FEEDBACK else "sgb8-8a-1" if office else "kkg-4-3",
        "readers": (
            ReaderClaim(classes=("main",), kid=digest("kid"), rel="now", wrap=digest("wrap")),
        ),
        "commit": {"main": digest("commitment")},
        "body": digest("body"),
        "sd_alg": "sha-256",
        "sd": (digest("leaf"),),
    }
    return Envelope(**{**plain, **claims})


def a_form(envelope: Envelope, office: Office | None = None) -> SoundForm:
    """Return the evidence that everything before the protocol was established."""
    jwk = PublicJwk(kty="OKP", crv="Ed25519", x="A" * 43)
    key = SigningKey(kid=digest("key"), alg="EdDSA", jwk=jwk, not_before=0, office=office)
    message = ParsedMessage(b"", "", {}, b"", envelope.iss, envelope.iat, None, b"", ())
    return SoundForm(SoundEnvelope(VerifiedSignature(message, key), envelope))
