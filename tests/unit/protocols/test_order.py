# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may follow what, and what the sender is told if it may not."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import ConversationMovedOn, EnvelopeInvalid, StepNotAllowed
from hub.model.conversation import Conversation, Utterance
from hub.model.message import Envelope
from hub.protocols.objection import is_closed, objection, stands
from hub.protocols.order import allowed_next, allowed_openers, check_order, owed_by
from hub.sealing.canonical import digest
from tests.unit.protocols.builders import (
    OFFICE,
    SCHOOL,
    STRANGER,
    a_catalogue,
    a_conversation,
    a_message_id,
    a_protocol,
    a_step,
    an_envelope,
    the_steps,
)

PROTOCOL = a_protocol()


def check(step: str, conversation: Conversation | None, envelope: Envelope | None = None) -> None:
    found = PROTOCOL.step(step)
    assert found
    sent = envelope or an_envelope(step, conversation)
    check_order(found, sent, conversation, PROTOCOL, a_catalogue().cite)


def correct(step: str, conversation: Conversation, number: int, by: str = SCHOOL) -> None:
    """Say a correction of the message at that position."""
    other = SCHOOL if by == OFFICE else OFFICE
    check(
        step,
        conversation,
        an_envelope(step, conversation, iss=by, aud=other, cau=a_message_id(number)),
    )


def test_a_notice_opens_a_conversation() -> None:
    check("mitteilung", None)


def test_a_notice_does_not_open_the_same_conversation_twice() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        check("mitteilung", a_conversation(), an_envelope("mitteilung"))

    assert refused.value.allowed == ("berichtigung", "ruecknahme")


def test_a_notice_does_not_slip_into_a_conversation() -> None:
    envelope = an_envelope("mitteilung", jti=a_message_id(7))

    with pytest.raises(StepNotAllowed):
        check("mitteilung", None, envelope)


@pytest.mark.parametrize("claim", [{"pos": 2}, {"prv": digest("x")}, {"cau": a_message_id(9)}])
def test_a_notice_follows_nothing(claim: dict[str, object]) -> None:
    with pytest.raises(EnvelopeInvalid):
        check("mitteilung", None, an_envelope("mitteilung", None, **claim))


def test_a_question_needs_a_conversation() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        check("rueckfrage", None)

    assert refused.value.allowed == ()


def test_a_stranger_learns_nothing_of_a_conversation_of_others() -> None:
    """That two units are in contact is itself confidential (§ 35 SGB I)."""
    theirs = an_envelope("rueckfrage", a_conversation(), iss=STRANGER)

    with pytest.raises(StepNotAllowed) as told_of_one:
        check("rueckfrage", a_conversation(), theirs)
    with pytest.raises(StepNotAllowed) as told_of_none:
        check("rueckfrage", None, theirs)

    assert told_of_one.value.__dict__ == told_of_none.value.__dict__


def test_a_conversation_stays_under_its_version() -> None:
    newer = an_envelope("rueckfrage", a_conversation(), proto="erfunden/2.0.0")

    with pytest.raises(StepNotAllowed) as refused:
        check("rueckfrage", a_conversation(), newer)

    assert refused.value.pointers == ("/proto",)


@pytest.mark.parametrize("claim", [{"pos": 1}, {"pos": 3}, {"prv": digest("older")}])
def test_whoever_has_not_seen_the_last_message_looks_again(claim: dict[str, object]) -> None:
    with pytest.raises(ConversationMovedOn) as refused:
        check("rueckfrage", a_conversation(), an_envelope("rueckfrage", a_conversation(), **claim))

    assert refused.value.allowed == ("rueckfrage", "rueckmeldung")


def test_the_other_side_speaks_its_own_steps() -> None:
    envelope = an_envelope("rueckfrage", a_conversation(), iss=SCHOOL, aud=OFFICE)

    with pytest.raises(StepNotAllowed, match="die andere Seite"):
        check("rueckfrage", a_conversation(), envelope)


def test_the_third_question_is_one_too_many() -> None:
    asked = a_conversation("rueckfrage", "rueckfrage")

    with pytest.raises(StepNotAllowed, match="höchstens 2-mal"):
        check("rueckfrage", asked)


def test_an_answer_needs_an_open_question() -> None:
    check("antwort", a_conversation("rueckfrage"))

    with pytest.raises(StepNotAllowed, match="rueckfrage"):
        check("antwort", a_conversation("rueckfrage", "antwort"))


def test_an_answer_names_a_question_and_no_other_message() -> None:
    conversation = a_conversation("rueckfrage")

    check("antwort", conversation, an_envelope("antwort", conversation, cau=a_message_id(2)))
    with pytest.raises(StepNotAllowed):
        check("antwort", conversation, an_envelope("antwort", conversation, cau=a_message_id(1)))


def test_a_question_is_not_answered_twice_while_another_waits() -> None:
    """With two questions open, the answer to the first leaves the second to be answered."""
    asked = a_conversation("rueckfrage", "rueckfrage", "antwort")
    answer = replace(asked.last, cau=a_message_id(2))
    conversation = replace(asked, utterances=(*asked.utterances[:-1], answer))

    check("antwort", conversation, an_envelope("antwort", conversation, cau=a_message_id(3)))
    with pytest.raises(StepNotAllowed):
        check("antwort", conversation, an_envelope("antwort", conversation, cau=a_message_id(2)))


def test_no_message_points_into_another_conversation() -> None:
    """A link between two conversations would be a link between two exchanges about a child."""
    conversation = a_conversation("rueckfrage")

    with pytest.raises(EnvelopeInvalid) as refused:
        check("antwort", conversation, an_envelope("antwort", conversation, cau=a_message_id(99)))

    assert refused.value.pointers == ("/cau",)


def test_an_answer_to_a_question_that_was_taken_back_before_delivery_is_none() -> None:
    conversation = a_conversation("rueckfrage", rueckfrage="withdrawn")

    with pytest.raises(StepNotAllowed):
        check("antwort", conversation)


def test_after_the_feedback_only_corrections_follow() -> None:
    """No second Rückmeldung: § 64 Abs. 4 SGB VIII says "ausschließlich"."""
    closed = a_conversation("rueckmeldung")

    assert allowed_next(PROTOCOL, closed, OFFICE) == ("rueckmeldung-berichtigung", "ruecknahme")
    assert allowed_next(PROTOCOL, closed, SCHOOL) == ("berichtigung", "ruecknahme")
    with pytest.raises(StepNotAllowed, match="abgeschlossen"):
        check("rueckfrage", closed)


def test_a_closing_step_closes_before_anybody_took_it() -> None:
    assert is_closed(a_conversation("rueckmeldung", rueckmeldung="accepted"), PROTOCOL)
    assert not is_closed(a_conversation("rueckfrage"), PROTOCOL)


def test_after_its_time_only_corrections_follow() -> None:
    silent = a_conversation(closed=True)

    assert allowed_next(PROTOCOL, silent, OFFICE) == ()
    assert allowed_next(PROTOCOL, silent, SCHOOL) == ("berichtigung", "ruecknahme")


@pytest.mark.parametrize("fate", ["withdrawn", "rejected", "expired"])
def test_a_feedback_that_did_not_come_through_may_be_said_again(fate: str) -> None:
    """§ 4 Abs. 4 KKG owes it to a person, and that person has heard nothing."""
    conversation = a_conversation("rueckmeldung", rueckmeldung=fate)

    assert not is_closed(conversation, PROTOCOL)
    check("rueckmeldung", conversation)


def test_after_its_time_a_feedback_that_did_not_come_through_is_not_said_again() -> None:
    silent = a_conversation("rueckmeldung", closed=True, rueckmeldung="expired")

    assert is_closed(silent, PROTOCOL)
    with pytest.raises(StepNotAllowed, match="abgeschlossen"):
        check("rueckmeldung", silent)


def test_what_did_not_come_through_too_often_needs_a_telephone() -> None:
    conversation = a_conversation("rueckmeldung", "rueckmeldung", rueckmeldung="rejected")

    with pytest.raises(StepNotAllowed, match="telefonisch"):
        check("rueckmeldung", conversation)


@pytest.mark.parametrize("fate", ["withdrawn", "expired"])
def test_after_a_notice_that_never_arrived_nothing_follows(fate: str) -> None:
    gone = a_conversation(mitteilung=fate)

    assert allowed_next(PROTOCOL, gone, OFFICE) == ()
    assert allowed_next(PROTOCOL, gone, SCHOOL) == ()
    with pytest.raises(StepNotAllowed, match="neuen Vorgang"):
        check("rueckfrage", gone)


def test_a_notice_that_was_rejected_after_it_was_taken_can_only_be_corrected() -> None:
    unusable = a_conversation(mitteilung="rejected")

    assert allowed_next(PROTOCOL, unusable, OFFICE) == ()
    assert allowed_next(PROTOCOL, unusable, SCHOOL) == ("berichtigung", "ruecknahme")


@pytest.mark.parametrize("step", ["berichtigung", "ruecknahme"])
@pytest.mark.parametrize("closed", [False, True])
def test_an_author_corrects_what_was_taken_at_any_time(step: str, *, closed: bool) -> None:
    """Art. 16 DSGVO knows no end of a conversation."""
    correct(step, a_conversation("rueckmeldung", closed=closed), 1)


def test_a_correction_says_which_message_it_is_about() -> None:
    with pytest.raises(EnvelopeInvalid) as refused:
        check("berichtigung", a_conversation())

    assert refused.value.pointers == ("/cau",)


def test_nobody_corrects_the_message_of_another() -> None:
    with pytest.raises(StepNotAllowed, match="verfasst"):
        correct("berichtigung", a_conversation("rueckfrage"), 2)


def test_nobody_learns_why_the_message_of_another_is_corrected_otherwise() -> None:
    with pytest.raises(StepNotAllowed, match="verfasst") as refused:
        correct("berichtigung", a_conversation("rueckmeldung"), 2, by=SCHOOL)

    assert refused.value.basis == "§ 4 Abs. 3 KKG"


@pytest.mark.parametrize("said", [("rueckmeldung",), ("rueckmeldung", "rueckmeldung-berichtigung")])
@pytest.mark.parametrize("fate", ["taken", "accepted"])
def test_a_feedback_is_not_corrected_with_a_text(said: tuple[str, ...], fate: str) -> None:
    """§ 64 Abs. 4 SGB VIII: "ausschließlich" is said of a corrected Rückmeldung too."""
    before = a_conversation("rueckfrage", *said)
    last = replace(before.last, state=fate, was_taken=fate == "taken")
    conversation = replace(before, utterances=(*before.utterances[:-1], last))

    with pytest.raises(StepNotAllowed, match="eigener Schritt") as refused:
        correct("berichtigung", conversation, 2 + len(said), by=OFFICE)

    assert refused.value.basis == "§ 64 Abs. 4 SGB VIII"


def test_the_refusal_names_the_steps_that_correct_this_message() -> None:
    """The question before could be corrected with a text, and was not meant."""
    with pytest.raises(StepNotAllowed) as refused:
        correct("berichtigung", a_conversation("rueckfrage", "rueckmeldung"), 3, by=OFFICE)

    assert refused.value.allowed == ("rueckmeldung-berichtigung", "ruecknahme")


def test_a_feedback_is_corrected_by_its_own_step_and_that_again() -> None:
    conversation = a_conversation("rueckmeldung", "rueckmeldung-berichtigung")

    for number in (2, 3):
        correct("rueckmeldung-berichtigung", conversation, number, by=OFFICE)


def test_the_step_for_the_feedback_corrects_nothing_else() -> None:
    conversation = a_conversation("rueckfrage", "rueckmeldung")

    with pytest.raises(StepNotAllowed, match="dieser Schritte: rueckmeldung") as refused:
        correct("rueckmeldung-berichtigung", conversation, 2, by=OFFICE)

    assert refused.value.allowed == ("berichtigung", "ruecknahme")


def test_a_feedback_that_was_not_said_is_not_corrected() -> None:
    asked = a_conversation("rueckfrage")

    assert allowed_next(PROTOCOL, asked, OFFICE) == (
        "rueckfrage",
        "rueckmeldung",
        "berichtigung",
        "ruecknahme",
    )


def test_after_feedback_and_question_both_kinds_of_correction_are_offered() -> None:
    conversation = a_conversation("rueckfrage", "rueckmeldung")

    offered = allowed_next(PROTOCOL, conversation, OFFICE)

    assert offered == ("rueckmeldung-berichtigung", "berichtigung", "ruecknahme")


def test_what_was_not_taken_is_withdrawn_and_not_taken_back() -> None:
    waiting = a_conversation(mitteilung="accepted")

    with pytest.raises(StepNotAllowed, match="zurückgezogen"):
        correct("ruecknahme", waiting, 1)


def test_what_was_taken_back_is_not_corrected() -> None:
    with pytest.raises(StepNotAllowed, match="zurückgenommen"):
        correct("berichtigung", taken_back(a_conversation()), 1)


def test_taking_back_is_not_taken_back() -> None:
    conversation = taken_back(a_conversation())

    with pytest.raises(StepNotAllowed, match="dieser Schritte"):
        correct("ruecknahme", conversation, 2)
    assert allowed_next(PROTOCOL, conversation, SCHOOL) == ()


def test_a_side_that_the_protocol_gives_no_correction_has_none() -> None:
    *steps, _, _ = the_steps()
    one_sided = a_protocol(
        *steps, a_step("ruecknahme", "schule", "jugendamt", corrects=("mitteilung",))
    )
    asked = a_conversation("rueckfrage")

    assert "ruecknahme" in allowed_next(one_sided, asked, SCHOOL)
    assert "ruecknahme" not in allowed_next(one_sided, asked, OFFICE)


def test_an_opener_is_offered_to_those_whose_role_opens() -> None:
    assert allowed_openers(PROTOCOL, {"schule"}) == ("mitteilung",)
    assert allowed_openers(PROTOCOL, {"jugendamt", "polizei"}) == ()


def test_a_stranger_may_say_nothing() -> None:
    assert allowed_next(PROTOCOL, a_conversation(), STRANGER) == ()


@given(st.data())
def test_no_conversation_leaves_its_caps(data: st.DataObject) -> None:
    """Whatever happens to the messages, everything said was allowed, and at some time it ends."""
    conversation = a_conversation(mitteilung=data.draw(fates()))
    longest = 50
    for _ in range(longest):
        choices = [
            (unit, step)
            for unit in (SCHOOL, OFFICE)
            for step in allowed_next(PROTOCOL, conversation, unit)
        ]
        if not choices:
            break
        unit, step = data.draw(st.sampled_from(choices))
        conversation = spoken(conversation, unit, step, data.draw(fates()), data)
        assert_within_caps(conversation)
    else:
        pytest.fail("the conversation goes on and on")


def fates() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["accepted", "taken", "acknowledged", "rejected", "withdrawn", "expired"]
    )


def spoken(
    conversation: Conversation, unit: str, step: str, fate: str, data: st.DataObject
) -> Conversation:
    """Say a step as a sender would, through the check."""
    rule = PROTOCOL.step(step)
    assert rule
    correctable = [
        each.message
        for each in conversation.utterances
        if objection(rule, unit, conversation, PROTOCOL, each.message) is None
    ]
    cau = data.draw(st.sampled_from(correctable)) if rule.corrects else None
    other = SCHOOL if unit == OFFICE else OFFICE
    check(step, conversation, an_envelope(step, conversation, iss=unit, aud=other, cau=cau))
    position = len(conversation.utterances) + 1
    utterance = Utterance(
        message=a_message_id(position),
        position=position,
        step=step,
        author=unit,
        recipient=other,
        env=digest(f"env {position}"),
        state=fate,
        was_taken=fate in {"taken", "acknowledged"},
        cau=cau,
    )
    return replace(conversation, utterances=(*conversation.utterances, utterance))


def assert_within_caps(conversation: Conversation) -> None:
    standing = Counter((u.step, u.author) for u in conversation.utterances if stands(u))
    fallen = Counter((u.step, u.author) for u in conversation.utterances if not stands(u))
    for (step, _), times in standing.items():
        rule = PROTOCOL.step(step)
        assert rule
        assert rule.at_most is None or times <= rule.at_most
    assert all(times <= PROTOCOL.repeats + 1 for times in fallen.values())
    assert standing["antwort", SCHOOL] <= standing["rueckfrage", OFFICE]


def taken_back(conversation: Conversation) -> Conversation:
    utterance = replace(
        conversation.last,
        message=a_message_id(2),
        position=2,
        step="ruecknahme",
        cau=conversation.last.message,
        env=digest("env 2"),
    )
    return replace(conversation, utterances=(*conversation.utterances, utterance))


def test_a_step_waits_for_each_of_those_that_it_follows() -> None:
    """A case is taken over once data and talk are there (§ 86c Abs. 2 SGB VIII)."""
    question, answer = (s for s in the_steps() if s.id in {"rueckfrage", "antwort"})
    taking = a_step("rueckmeldung", "jugendamt", "schule", after_each=("rueckfrage", "antwort"))
    protocol = a_protocol(the_steps()[0], question, answer, taking)

    early = objection(taking, OFFICE, a_conversation("rueckfrage"), protocol)
    late = objection(taking, OFFICE, a_conversation("rueckfrage", "antwort"), protocol)

    assert early == "Vor diesem Schritt fehlt noch: antwort."
    assert late is None


def test_where_both_hold_one_role_only_the_named_side_speaks() -> None:
    both = {"sender": ("schule",), "recipient": ("schule",)}
    opening = a_step("mitteilung", "schule", "schule", opens=True)
    taking = a_step(
        "antwort", "schule", "schule", speaker="partner", after=("mitteilung",), at_most=1, **both
    )
    protocol = a_protocol(opening, taking)

    assert allowed_next(protocol, a_conversation(), OFFICE) == ("antwort",)
    assert allowed_next(protocol, a_conversation(), SCHOOL) == ()


def test_the_office_owes_a_rueckmeldung_until_it_has_said_it() -> None:
    """§ 4 Abs. 4 KKG: "zeitnah", and nobody is released from it by silence."""
    assert owed_by(PROTOCOL, a_conversation(), OFFICE) == ("rueckmeldung",)
    assert owed_by(PROTOCOL, a_conversation(), SCHOOL) == ()
    assert owed_by(PROTOCOL, a_conversation("rueckmeldung"), OFFICE) == ()
    assert owed_by(PROTOCOL, a_conversation("rueckmeldung", rueckmeldung="expired"), OFFICE) == (
        "rueckmeldung",
    )
