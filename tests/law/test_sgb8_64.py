# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 64 SGB VIII: what the Jugendamt may tell those who told it."""

import re
from dataclasses import replace

import pytest

from hub.errors import ContentInvalid, SchemaUnknown, StepNotAllowed
from hub.model.conversation import Conversation
from hub.model.json import JsonObject
from hub.protocols.compiled import load_compiled
from hub.protocols.order import check_order
from hub.sealing.content import check_content
from tests.law.breaking import breaks
from tests.law.holds import holds
from tests.unit.protocols.builders import (
    FEEDBACK,
    OFFICE,
    SCHOOL,
    a_conversation,
    an_envelope,
)

CATALOGUE = load_compiled()
REGISTRY = CATALOGUE.schemas
P01 = CATALOGUE.known("schule-mitteilung/1.0.0")
RUECKMELDUNG = REGISTRY.by_name("schule-mitteilung/1.0.0/rueckmeldung")
CORRECTED = REGISTRY.by_name("schule-mitteilung/1.0.0/rueckmeldung-berichtigung")
BERICHTIGUNG = REGISTRY.by_name("schule-mitteilung/1.0.0/berichtigung")

WHAT_ABS_4_NAMES: JsonObject = {
    "anhaltspunkte_bestaetigt": True,
    "taetig_geworden": True,
    "noch_taetig": False,
}


def test_abs_4_a_rueckmeldung_says_whether_and_nothing_else() -> None:
    """The word in the statute is „ausschließlich“: one field more is a disclosure."""
    assert {leaf.pointer for leaf in RUECKMELDUNG.leaves} == {
        f"/{name}" for name in WHAT_ABS_4_NAMES
    }
    assert {leaf.kind for leaf in RUECKMELDUNG.leaves} == {"boolean"}


def test_abs_4_the_kind_of_help_is_refused_and_not_repeated() -> None:
    """The refusal names the place and keeps to itself what stood there."""
    with pytest.raises(ContentInvalid) as refused:
        check_content(RUECKMELDUNG, WHAT_ABS_4_NAMES | {"massnahme": "Inobhutnahme"})

    assert refused.value.pointers == ("",)
    assert not re.search("massnahme|Inobhutnahme", str(refused.value))


@pytest.mark.parametrize("missing", WHAT_ABS_4_NAMES)
def test_abs_4_all_three_questions_are_answered(missing: str) -> None:
    said = {name: value for name, value in WHAT_ABS_4_NAMES.items() if name != missing}

    with pytest.raises(ContentInvalid):
        check_content(RUECKMELDUNG, said)


def test_abs_4_whoever_looks_from_outside_cannot_tell_yes_from_no() -> None:
    assert {leaf.sealed_length for leaf in RUECKMELDUNG.leaves} == {167}


def test_abs_4_a_corrected_rueckmeldung_says_no_more_than_the_first() -> None:
    first, second = ([leaf.pointer for leaf in each.leaves] for each in (RUECKMELDUNG, CORRECTED))

    assert second == first
    assert {leaf.kind for leaf in CORRECTED.leaves} == {"boolean"}
    check_content(CORRECTED, WHAT_ABS_4_NAMES)


@pytest.mark.parametrize("missing", WHAT_ABS_4_NAMES)
def test_abs_4_a_corrected_rueckmeldung_says_all_three_again(missing: str) -> None:
    """What is left out would be a hint at which of the three was wrong."""
    said = {name: value for name, value in WHAT_ABS_4_NAMES.items() if name != missing}

    with pytest.raises(ContentInvalid):
        check_content(CORRECTED, said)


@pytest.mark.parametrize("fourth", ["grund", "richtig", "nummer", "massnahme"])
def test_abs_4_a_correction_of_it_gives_no_reason(fourth: str) -> None:
    with pytest.raises(ContentInvalid):
        check_content(CORRECTED, WHAT_ABS_4_NAMES | {fourth: "Erfunden: Die Hilfe ist beendet."})


def test_abs_4_the_free_correction_has_no_place_for_a_rueckmeldung() -> None:
    said: JsonObject = {"teil": "anschrift", "grund": "irrtum", "richtig": "Erfundene Straße 21"}

    check_content(BERICHTIGUNG, said)
    with pytest.raises(ContentInvalid):
        check_content(BERICHTIGUNG, said | {"teil": "rueckmeldung"})
    with pytest.raises(ContentInvalid):
        check_content(BERICHTIGUNG, said | {"rueckmeldung": WHAT_ABS_4_NAMES})


@pytest.mark.parametrize("wrong", ["rueckmeldung", "rueckmeldung-berichtigung"])
def test_abs_4_no_text_can_be_sent_about_a_rueckmeldung(wrong: str) -> None:
    """Not even "doch nicht tätig, weil": the hub cannot see the ink, so the step decides."""
    before = () if wrong == "rueckmeldung" else ("rueckmeldung",)
    conversation = under_p01(a_conversation("rueckfrage", *before, wrong))

    with pytest.raises(StepNotAllowed, match="ausschließlich") as refused:
        say_about_the_last("berichtigung", conversation)

    assert refused.value.basis == "§ 64 Abs. 4 SGB VIII"
    assert refused.value.allowed == ("rueckmeldung-berichtigung", "ruecknahme")
    say_about_the_last("rueckmeldung-berichtigung", conversation)


def test_abs_4_whatever_is_said_about_a_rueckmeldung_is_answered_by_ticking() -> None:
    """A step that corrects one has yes, no and codes, and nowhere to write."""
    about = [step for step in P01.steps if set(FEEDBACK) & set(step.corrects)]

    assert [step.id for step in about] == ["rueckmeldung-berichtigung", "ruecknahme"]
    for step in about:
        leaves = REGISTRY.by_name(step.schema_name).leaves
        assert all(leaf.kind == "boolean" or "enum" in leaf.schema for leaf in leaves)
        assert step.person_only or step.withdraws


def under_p01(conversation: Conversation) -> Conversation:
    return replace(conversation, proto=P01.name)


def say_about_the_last(step_id: str, conversation: Conversation) -> None:
    """Let the Jugendamt correct its last message by this step."""
    step = P01.step(step_id)
    assert step
    envelope = an_envelope(
        step_id,
        conversation,
        proto=P01.name,
        iss=OFFICE,
        aud=SCHOOL,
        cau=conversation.last.message,
    )
    check_order(step, envelope, conversation, P01, CATALOGUE.cite)


def test_abs_4_the_police_get_a_receipt_and_no_rueckmeldung() -> None:
    """Abs. 4 speaks of notices under § 4 Abs. 3 KKG; the police is not named there."""
    with pytest.raises(SchemaUnknown):
        REGISTRY.by_name("polizei-mitteilung/1.0.0/rueckmeldung")

    for name in REGISTRY.names:
        if name.startswith("polizei-mitteilung/"):
            pointers = {leaf.pointer for leaf in REGISTRY.by_name(name).leaves}
            assert not any("rueckmeldung" in pointer for pointer in pointers), name


@holds("rule:noch-taetig-nur-nach-taetig-geworden")
@pytest.mark.parametrize(
    "protocol", ["schule-mitteilung", "gesundheit-mitteilung", "traeger-mitteilung"]
)
@pytest.mark.parametrize("step", FEEDBACK)
def test_abs_4_still_active_is_who_became_active(protocol: str, step: str) -> None:
    """„tätig geworden ist und noch tätig ist“."""
    said = {"anhaltspunkte_bestaetigt": True, "taetig_geworden": False, "noch_taetig": True}

    rule = "noch-taetig-nur-nach-taetig-geworden"

    assert breaks(rule, protocol, step, said) == ("/noch_taetig",)
