# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An approval is good for one act, one subject, one hub, and thirty days."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.audit.approval import (
    ACTS,
    Approval,
    Claim,
    approved_by,
    origin_of_approvals,
    parse_approval,
    sign_approval,
    verify_approval,
)
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier
from hub.sealing.canonical import digest
from tests.unit.audit.builders import HUB, a_signer

OFFICER = a_signer("officer", "dsb.invalid")
OTHER = a_signer("other", "dsb.invalid")
AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CLAIM = Claim("prune", digest("range"))
NOTE = sign_approval(HUB, CLAIM, AT, OFFICER)


def test_it_says_who_may_do_what_to_what_and_since_when() -> None:
    approval, verifier = verify_approval(NOTE, [OTHER.verifier, OFFICER.verifier])

    assert approval == Approval(origin_of_approvals(HUB), CLAIM, AT)
    assert verifier == OFFICER.verifier


def test_the_entry_names_note_and_key() -> None:
    said = approved_by(NOTE, OFFICER.verifier)

    assert said.rule == digest(NOTE.encode())
    assert said.actor(HUB) == {
        "org": HUB,
        "role": "datenschutz",
        "auth": f"key:{digest(OFFICER.verifier.vkey)}",
    }


@pytest.mark.parametrize("approvers", [[], [OTHER.verifier]], ids=["nobody", "somebody else"])
def test_whoever_is_not_entered_approves_nothing(approvers: list[Verifier]) -> None:
    with pytest.raises(Unproven):
        verify_approval(NOTE, approvers)


def test_a_second_signature_makes_no_second_approval() -> None:
    """With another line the note has another digest, and would pass for one not yet used."""
    second = OTHER.sign(parse_approval(NOTE.partition("\n\n")[0] + "\n").text).rpartition("\n\n")[2]

    with pytest.raises(Unproven):
        verify_approval(NOTE + second, [OFFICER.verifier])


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("/freigabe", "/log"),
        ("\nprune\n", "\nprunes\n"),
        (CLAIM.subject, CLAIM.subject[:-1]),
        ("08:00:00Z", "08:00:00+00:00"),
        ("2026-11-21", "2026-11-31"),
        ("Z\n", "Z\n\n"),
    ],
)
def test_it_has_one_spelling(said: str, instead: str) -> None:
    text = Approval(origin_of_approvals(HUB), CLAIM, AT).text
    assert said in text

    with pytest.raises(Unproven):
        parse_approval(text.replace(said, instead))


@pytest.mark.parametrize(
    ("later", "is_timely"),
    [
        (timedelta(), True),
        (timedelta(days=30), True),
        (timedelta(days=30, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_it_is_good_for_thirty_days_and_not_before_it_was_made(
    later: timedelta, *, is_timely: bool
) -> None:
    assert Approval(origin_of_approvals(HUB), CLAIM, AT).is_timely(AT + later) is is_timely


def test_only_what_is_not_the_operators_alone_is_approved() -> None:
    for act in ACTS:
        Claim(act, CLAIM.subject)
    with pytest.raises(ValueError, match="approved"):
        Claim("send", CLAIM.subject)
