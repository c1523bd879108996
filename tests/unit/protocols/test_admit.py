# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every reason for which a protocol says no, and the one way in which it says yes."""

from typing import Any

import pytest

from hub.errors import (
    BasisNotAllowed,
    EnvelopeInvalid,
    ProtocolNotAdopted,
    ProtocolRetired,
    RecipientUnknown,
    Refusal,
    SchemaUnknown,
    SignerNotEntitled,
    StepNotAllowed,
    UrgencyNotAllowed,
)
from hub.model.conversation import Conversation
from hub.model.evidence import AdmittedStep
from hub.model.message import Envelope
from hub.model.participant import Office
from hub.model.parties import Parties
from hub.model.protocol import Protocol
from hub.protocols.admit import admit, schema_of_step
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import due
from hub.sealing.canonical import digest
from tests.unit.protocols.builders import (
    NOW,
    SCHEMAS,
    SCHOOL,
    a_catalogue,
    a_conversation,
    a_deadline,
    a_form,
    a_message_id,
    a_protocol,
    an_envelope,
    some_parties,
    the_steps,
    turned,
    without_feedback,
)

DAY = 86_400


def admitted(
    step: str,
    conversation: Conversation | None = None,
    *,
    parties: Parties | None = None,
    catalogue: Catalogue | None = None,
    **claims: Any,
) -> AdmittedStep:
    envelope = an_envelope(step, conversation, **claims)
    by_school = envelope.iss == SCHOOL
    sides = parties or (some_parties() if by_school else turned(some_parties()))
    return admit(a_form(envelope), conversation, sides, catalogue or a_catalogue())


def test_a_notice_that_fits_is_admitted() -> None:
    step = admitted("mitteilung")

    assert (step.protocol.name, step.step.id) == ("erfunden/1.0.0", "mitteilung")
    assert step.conversation is None


def test_a_step_in_a_conversation_is_admitted_with_it() -> None:
    conversation = a_conversation()

    assert admitted("rueckfrage", conversation).conversation is conversation


def test_an_unknown_protocol_has_no_schema() -> None:
    envelope = an_envelope("mitteilung", proto="unbekannt/1.0.0")

    with pytest.raises(SchemaUnknown) as by_schema:
        schema_of_step(envelope, a_catalogue())
    with pytest.raises(SchemaUnknown):
        admitted("mitteilung", proto="unbekannt/1.0.0")

    assert by_schema.value.allowed == ("erfunden/1.0.0",)


def test_the_schema_is_that_of_the_step() -> None:
    envelope = an_envelope("rueckfrage", a_conversation())

    assert schema_of_step(envelope, a_catalogue()) is SCHEMAS.by_digest(envelope.schema_digest)


def test_the_schema_of_another_step_is_refused() -> None:
    """Otherwise three booleans could be signed and a page of text be sent."""
    wrong = SCHEMAS.digest_of("erfunden/1.0.0/antwort")

    with pytest.raises(SchemaUnknown) as refused:
        schema_of_step(an_envelope("mitteilung", schema_digest=wrong), a_catalogue())

    assert refused.value.pointers == ("/schema",)


def test_a_withdrawn_version_opens_nothing_and_names_its_successor() -> None:
    old = a_protocol(status="zurueckgezogen")
    catalogue = a_catalogue(old, a_protocol(version="1.1.0"))

    with pytest.raises(ProtocolRetired) as refused:
        admitted("mitteilung", catalogue=catalogue)

    assert refused.value.allowed == ("erfunden/1.1.0",)


def test_a_conversation_under_a_withdrawn_version_is_spoken_to_its_end() -> None:
    catalogue = a_catalogue(a_protocol(status="zurueckgezogen"))

    assert admitted("rueckmeldung", a_conversation(), catalogue=catalogue).step.closes


def test_withdrawing_a_version_does_not_undo_its_adoption() -> None:
    assert a_protocol(status="zurueckgezogen").digest == a_protocol().digest


def test_an_unknown_step_is_refused_with_those_that_there_are() -> None:
    envelope = an_envelope("erfindung")

    with pytest.raises(StepNotAllowed) as by_schema:
        schema_of_step(envelope, a_catalogue())
    with pytest.raises(StepNotAllowed) as by_admission:
        admit(a_form(envelope), None, some_parties(), a_catalogue())

    assert by_schema.value.allowed == by_admission.value.allowed == ("mitteilung",)


def test_an_unknown_step_in_a_conversation_is_refused_with_what_may_follow() -> None:
    envelope = an_envelope("erfindung", a_conversation())

    with pytest.raises(StepNotAllowed) as refused:
        schema_of_step(envelope, a_catalogue(), a_conversation(), some_parties())

    assert refused.value.allowed == ("berichtigung", "ruecknahme")


def test_who_is_not_named_gets_no_feedback_and_reads_why() -> None:
    """§ 4 Abs. 4 KKG names the persons of Abs. 1, and neither police nor customs."""
    protocol = without_feedback(a_protocol())
    envelope = an_envelope("rueckmeldung", a_conversation())

    with pytest.raises(StepNotAllowed, match="nennt diese Stelle nicht") as refused:
        schema_of_step(envelope, a_catalogue(protocol))

    assert refused.value.basis == "§ 4 Abs. 4 KKG"


def test_a_step_of_the_other_role_is_refused_with_ones_own_and_the_basis() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        admitted("rueckmeldung", a_conversation(), parties=some_parties())

    assert refused.value.basis == "§ 4 Abs. 4 KKG"
    assert refused.value.allowed == ("rueckfrage", "rueckmeldung")


def test_a_role_without_any_step_is_offered_none() -> None:
    police = some_parties(sender_roles=frozenset({"polizei"}))

    with pytest.raises(StepNotAllowed) as refused:
        admitted("mitteilung", parties=police)

    assert refused.value.allowed == ()
    assert refused.value.basis == "§ 4 Abs. 3 KKG"


@pytest.mark.parametrize("roles", [frozenset(), frozenset({"schule"})])
def test_a_recipient_without_the_role_is_none(roles: frozenset[str]) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        admitted("mitteilung", parties=some_parties(recipient_roles=roles))

    assert refused.value.pointers == ("/aud",)


@pytest.mark.parametrize(
    ("missing", "claim"), [("schule:999001", "/iss"), ("jugendamt:05978040", "/aud")]
)
def test_both_controllers_have_to_have_adopted(missing: str, claim: str) -> None:
    adoptions = frozenset(each for each in some_parties().adoptions if each[0] != missing)

    with pytest.raises(ProtocolNotAdopted) as refused:
        admitted("mitteilung", parties=some_parties(adoptions=adoptions))

    assert refused.value.pointers == (claim,)


def test_an_adoption_is_of_exactly_this_digest() -> None:
    other = a_protocol(purpose="Ein anderer Zweck")

    with pytest.raises(ProtocolNotAdopted):
        admitted("mitteilung", parties=some_parties(other))


def test_a_basis_that_the_step_does_not_name_is_refused_with_those_it_names() -> None:
    with pytest.raises(BasisNotAllowed) as refused:
        admitted("mitteilung", lb="sgb8-8a-1")

    assert refused.value.allowed == ("kkg-4-3",)
    assert refused.value.pointers == ("/lb",)


def test_an_urgency_that_the_step_does_not_name_is_refused_with_those_it_names() -> None:
    with pytest.raises(UrgencyNotAllowed) as refused:
        admitted("rueckmeldung", a_conversation(), urg="sofort")

    assert refused.value.allowed == ("planbar",)


def test_the_content_may_stay_to_the_limit_and_no_longer() -> None:
    admitted("mitteilung", end=NOW + 14 * DAY)

    with pytest.raises(EnvelopeInvalid, match="14 Tage") as refused:
        admitted("mitteilung", end=NOW + 14 * DAY + 1)

    assert refused.value.pointers == ("/end",)


def test_the_content_may_not_go_before_its_sender_would_hear_of_silence() -> None:
    """It would expire unread and unreported, by a claim that the sender alone chose."""
    own = an_envelope("mitteilung")
    clocks = next(each for urg, each in a_protocol().clocks.items() if urg == own.urg)
    overdue = due(clocks, own.iat).overdue_at

    admitted("mitteilung", end=overdue)
    with pytest.raises(EnvelopeInvalid, match="Kenntnisnahme") as refused:
        admitted("mitteilung", end=overdue - 1)

    assert refused.value.pointers == ("/end",)


def test_what_goes_to_a_school_may_stay_over_the_holidays() -> None:
    *steps, ruecknahme = the_steps()
    longer = {"content_limit_to": {"schule": a_deadline(days=60)}}
    protocol = a_protocol(*steps, ruecknahme.model_copy(update=longer))
    conversation, catalogue = a_conversation("rueckfrage"), a_catalogue(protocol)
    parties = some_parties(protocol)
    claims = {"cau": a_message_id(2), "end": NOW + 60 * DAY}
    office = an_envelope("rueckfrage").iss

    to_school = {"iss": office, "aud": SCHOOL, **claims}
    admitted("ruecknahme", conversation, parties=turned(parties), catalogue=catalogue, **to_school)
    with pytest.raises(EnvelopeInvalid, match="14 Tage"):
        admitted("ruecknahme", conversation, parties=parties, catalogue=catalogue, **claims)


def test_the_order_is_checked_last_and_cites_the_basis_of_the_step() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        admitted("rueckmeldung", a_conversation("rueckmeldung"))

    assert refused.value.basis == "§ 4 Abs. 4 KKG"


def test_a_correction_of_another_kind_cites_the_place_that_forbids_it() -> None:
    office = an_envelope("rueckmeldung").iss

    with pytest.raises(StepNotAllowed) as refused:
        admitted(
            "berichtigung",
            a_conversation("rueckmeldung"),
            parties=turned(some_parties()),
            iss=office,
            aud=SCHOOL,
            cau=a_message_id(2),
        )

    assert refused.value.basis == "§ 64 Abs. 4 SGB VIII"
    assert refused.value.allowed == ("rueckmeldung-berichtigung", "ruecknahme")


FORBIDDEN: list[dict[str, Any]] = [
    {"proto": "unbekannt/1.0.0"},
    {"step": "erfindung"},
    {"lb": "sgb8-8a-1"},
    {"urg": "unverzueglich"},
    {"end": NOW + 15 * DAY},
    {"pos": 2},
    {"cau": a_message_id(5)},
]


@pytest.mark.parametrize("claims", FORBIDDEN)
def test_no_refusal_repeats_what_was_sent(claims: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        admitted("mitteilung", **claims) if "step" not in claims else admitted("erfindung")

    value = str(next(iter(claims.values())))
    assert value not in str(refused.value)


def test_another_schema_than_the_one_adopted_makes_another_protocol() -> None:
    changed = the_steps()[0].model_copy(update={"schema_digest": digest("another")})

    assert a_protocol(changed, *the_steps()[1:]).digest != a_protocol().digest


def admitted_under(
    protocol: Protocol,
    envelope: Envelope,
    office: Office | None = None,
    by: str = "schule",
    to: str = "jugendamt",
) -> AdmittedStep:
    """Admit an opening message under another protocol than the usual one."""
    roles = {"sender_roles": frozenset({by}), "recipient_roles": frozenset({to})}
    sides = some_parties(protocol, **roles)
    return admit(a_form(envelope, office), None, sides, a_catalogue(protocol))


def opening_with(**members: Any) -> Protocol:
    opening = the_steps()[0].model_copy(update=members)
    return a_protocol(opening, *the_steps()[1:])


ORDERED = opening_with(signed_by=("richter", "staatsanwalt"))


@pytest.mark.parametrize("office", ["richter", "staatsanwalt"])
def test_what_a_judge_or_prosecutor_orders_bears_their_signature(office: Office) -> None:
    """§ 5 Abs. 1 S. 3 KKG."""
    assert admitted_under(ORDERED, an_envelope("mitteilung"), office).step.id == "mitteilung"


def test_a_registry_does_not_order_it_with_its_own_key() -> None:
    with pytest.raises(SignerNotEntitled) as refused:
        admitted_under(ORDERED, an_envelope("mitteilung"))

    assert refused.value.basis == "§ 4 Abs. 3 KKG"
    assert refused.value.allowed == ("richter", "staatsanwalt")


UNLINKED = a_protocol(the_steps()[0], unlinked=True)
BY_CHANCE = "1e0b5c7a-9d39-4c5e-8f31-6f2a1b0c9d8e"


def test_a_pseudonymous_message_has_an_id_of_chance_alone() -> None:
    """§ 4 Abs. 2 KKG: an id that tells the time ties two exchanges to each other."""
    opened = an_envelope("mitteilung", jti=BY_CHANCE, cnv=BY_CHANCE)

    assert admitted_under(UNLINKED, opened).protocol.unlinked
    with pytest.raises(EnvelopeInvalid) as refused:
        admitted_under(UNLINKED, an_envelope("mitteilung"))
    assert refused.value.pointers == ("/jti",)


def test_a_pseudonymous_message_names_no_other() -> None:
    opened = an_envelope("mitteilung", jti=BY_CHANCE, cnv=BY_CHANCE, cau=a_message_id(1))

    with pytest.raises(EnvelopeInvalid) as refused:
        admitted_under(UNLINKED, opened)
    assert refused.value.pointers == ("/cau",)


def test_each_role_speaks_on_its_own_basis() -> None:
    """No one borrows the power of another: police and school may do the same for other reasons."""
    protocol = opening_with(
        sender=("schule", "polizei"), basis_sender_of={"polizei": ("sgb8-8a-1",)}
    )

    admitted_under(protocol, an_envelope("mitteilung", lb="kkg-4-3"))
    admitted_under(protocol, an_envelope("mitteilung", lb="sgb8-8a-1"), by="polizei")
    with pytest.raises(BasisNotAllowed) as by_police:
        admitted_under(protocol, an_envelope("mitteilung", lb="kkg-4-3"), by="polizei")
    with pytest.raises(BasisNotAllowed) as by_school:
        admitted_under(protocol, an_envelope("mitteilung", lb="sgb8-8a-1"))
    assert by_police.value.allowed == ("sgb8-8a-1",)
    assert by_school.value.allowed == ("kkg-4-3",)


def test_nobody_opens_towards_the_own_side() -> None:
    sides = (("schule",), ("jugendamt", "polizei"))
    protocol = a_protocol(
        the_steps()[0].model_copy(update={"recipient": ("jugendamt", "schule")}), sides=sides
    )

    with pytest.raises(RecipientUnknown) as refused:
        admitted_under(protocol, an_envelope("mitteilung"), to="schule")
    assert refused.value.pointers == ("/aud",)
