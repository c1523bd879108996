# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By which exchanges a matter goes on, and who may say what once it has."""

from dataclasses import replace
from typing import Final

import pytest

from hub.errors import StepNotAllowed
from hub.model.conversation import Conversation
from hub.protocols.compiled import load_compiled
from hub.protocols.objection import NO_SUCH_CONVERSATION, objection
from hub.protocols.order import allowed_next, check_order, owed_by
from hub.protocols.passing import HANDED_OVER, PASSED_ON, WAYS, Way, way_of
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
    said,
)

PROTOCOL: Final = a_protocol()


def passed_on(conversation: Conversation, *later: str) -> Conversation:
    """Return a conversation that went on to another office, with what was said there since."""
    gone = replace(conversation, partner=STRANGER)
    for step in later:
        [utterance] = said(step, {}, len(gone.utterances))
        sides = {OFFICE: STRANGER, SCHOOL: SCHOOL}
        utterance = replace(
            utterance, author=sides[utterance.author], recipient=sides[utterance.recipient]
        )
        gone = replace(gone, utterances=(*gone.utterances, utterance))
    return gone


def check(step: str, conversation: Conversation, **claims: str) -> None:
    found = PROTOCOL.step(step)
    assert found is not None
    envelope = an_envelope(step, conversation, **claims)
    check_order(found, envelope, conversation, PROTOCOL, a_catalogue().cite)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.protocol)
def test_each_way_is_a_protocol_with_its_step_and_its_law(way: Way) -> None:
    catalogue = load_compiled()
    versions = [known for known in catalogue.all() if known.id == way.protocol]

    assert versions
    assert set(way.bases) <= catalogue.law.keys()
    for known in versions:
        assert way.completed_by is None or known.step(way.completed_by) is not None
        assert [step.id for step in known.steps if step.opens]


def test_a_way_is_known_in_every_version_and_nothing_else_is_one() -> None:
    assert way_of("jugendamt-mitteilung/1.0.0") is PASSED_ON
    assert way_of("krisendienst-uebergabe/2.1.0") is HANDED_OVER
    assert way_of("schule-mitteilung/1.0.0") is None


def test_the_new_office_owes_what_the_first_one_owed() -> None:
    before = a_conversation("rueckfrage", "antwort")
    after = passed_on(before)

    assert owed_by(PROTOCOL, before, OFFICE) == ("rueckmeldung",)
    assert owed_by(PROTOCOL, after, STRANGER) == ("rueckmeldung",)
    assert owed_by(PROTOCOL, after, OFFICE) == ()
    check("rueckmeldung", after, iss=STRANGER, aud=SCHOOL)


def test_the_first_office_speaks_no_more_and_is_not_spoken_to() -> None:
    after = passed_on(a_conversation())

    assert allowed_next(PROTOCOL, after, OFFICE) == ()
    with pytest.raises(StepNotAllowed) as refused:
        check("rueckfrage", after, iss=OFFICE, aud=SCHOOL)
    assert refused.value.detail == NO_SUCH_CONVERSATION
    asked = passed_on(a_conversation("rueckfrage"))
    with pytest.raises(StepNotAllowed):
        check("antwort", asked, iss=SCHOOL, aud=OFFICE)
    check("antwort", asked, iss=SCHOOL, aud=STRANGER)


def test_caps_count_for_the_side_and_not_for_the_office() -> None:
    """The cap is two questions: a school is not asked more because the office has changed."""
    after = passed_on(a_conversation("rueckfrage"), "rueckfrage")

    assert "rueckfrage" not in allowed_next(PROTOCOL, after, STRANGER)
    assert "rueckfrage" in allowed_next(PROTOCOL, passed_on(a_conversation("rueckfrage")), STRANGER)


def test_what_the_first_office_was_asked_the_new_one_answers() -> None:
    steps = (
        a_step("mitteilung", "schule", "jugendamt", opens=True),
        a_step("rueckfrage", "schule", "jugendamt", after=("mitteilung",)),
        a_step("antwort", "jugendamt", "schule", answers="rueckfrage"),
    )
    protocol = a_protocol(*steps)
    asked = a_conversation("rueckfrage")
    turned = replace(asked.utterances[1], author=SCHOOL, recipient=OFFICE)
    after = passed_on(replace(asked, utterances=(asked.utterances[0], turned)))

    assert objection(steps[2], STRANGER, after, protocol) is None
    assert objection(steps[2], OFFICE, after, protocol) == NO_SUCH_CONVERSATION
    assert objection(steps[2], SCHOOL, after, protocol) is not None


def test_who_wrote_it_corrects_it_whoever_is_responsible_now() -> None:
    after = passed_on(a_conversation("rueckfrage"), "rueckfrage")

    assert allowed_next(PROTOCOL, after, OFFICE) == ("berichtigung", "ruecknahme")
    check("berichtigung", after, iss=OFFICE, aud=SCHOOL, cau=a_message_id(2))
    with pytest.raises(StepNotAllowed):
        check("berichtigung", after, iss=STRANGER, aud=SCHOOL, cau=a_message_id(2))
    with pytest.raises(StepNotAllowed):
        check("berichtigung", after, iss=OFFICE, aud=SCHOOL, cau=a_message_id(3))
    with pytest.raises(StepNotAllowed) as refused:
        check("berichtigung", after, iss=OFFICE, aud=STRANGER, cau=a_message_id(2))
    assert refused.value.detail == NO_SUCH_CONVERSATION


def test_who_never_spoke_there_has_nothing_to_correct() -> None:
    after = passed_on(a_conversation())

    assert allowed_next(PROTOCOL, after, OFFICE) == ()


def test_what_the_sender_puts_right_it_tells_both_who_have_it() -> None:
    after = passed_on(a_conversation())

    for office in (OFFICE, STRANGER):
        check("ruecknahme", after, iss=SCHOOL, aud=office, cau=a_message_id(1))
    told_one = taken_back(after, STRANGER)
    check("ruecknahme", told_one, iss=SCHOOL, aud=OFFICE, cau=a_message_id(1))
    told_both = taken_back(told_one, OFFICE)
    with pytest.raises(StepNotAllowed):
        check("ruecknahme", told_both, iss=SCHOOL, aud=OFFICE, cau=a_message_id(1))


def taken_back(conversation: Conversation, to: str) -> Conversation:
    [utterance] = said("ruecknahme", {}, len(conversation.utterances))
    utterance = replace(utterance, recipient=to, cau=a_message_id(1))
    return replace(conversation, utterances=(*conversation.utterances, utterance))
