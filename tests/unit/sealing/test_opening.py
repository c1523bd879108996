# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a reader learns, and what it refuses without opening anything."""

from dataclasses import replace

import pytest

from hub.errors import Expired, NotAddressed, ReadersInvalid, ScopeExceeded
from hub.sealing.envelope import parse_message
from hub.sealing.form import cut
from hub.sealing.opening import Expectation, check_addressed, open_message
from hub.sealing.seal import ReaderChoice
from specs.vectors.sl1.actors import CLERK, DESK, DUTY, HUB, JUGENDAMT, OUTSIDER
from specs.vectors.sl1.contents import FULL
from specs.vectors.sl1.messages import REPLY
from specs.vectors.sl1.schemas import LARGE
from tests.unit.sealing.builders import Letter, a_letter, opening_claims


def for_two() -> Letter:
    readers = [
        ReaderChoice(DESK.public, ("akte", "main")),
        ReaderChoice(CLERK.public, ("main",)),
    ]
    return a_letter(FULL, LARGE, readers, claims=opening_claims())


def the_desk(**changes: object) -> Expectation:
    expected = Expectation(HUB, (JUGENDAMT,), DESK.kid, REPLY.end)
    return replace(expected, **changes)  # type: ignore[arg-type]


def test_a_partial_reader_gets_values_and_no_content() -> None:
    opened = for_two().opened_by(CLERK)

    assert opened.content is None
    assert opened.classes == ("main",)
    assert opened.values["/kind/vorname"] == "Jörg"
    assert opened.values["/telefon/1"] == "0999/1"
    assert "/beobachtung" not in opened.values
    assert "/personen/0/name" not in opened.disclosures


def test_a_full_reader_gets_the_content_and_proofs_of_every_field() -> None:
    letter = for_two()
    opened = letter.opened_by(DESK)

    assert opened.content == FULL
    assert opened.disclosures == letter.sealed.disclosures
    assert opened.values["/zusatz/sprache"] == "de"


def test_what_was_opened_does_not_show_itself() -> None:
    shown = repr(for_two().opened_by(DESK))

    assert "Jörg" not in shown
    assert "vorname" not in shown


def test_a_key_that_is_not_named_opens_nothing() -> None:
    with pytest.raises(NotAddressed):
        for_two().opened_by(OUTSIDER)


def test_a_reader_asks_again_what_the_hub_has_asked() -> None:
    """Opening includes the checks of form, so nobody can forget them."""
    letter = for_two()
    parsed = replace(letter.parsed, body={"kind": "Muster"})

    with pytest.raises(ScopeExceeded):
        open_message(parsed, letter.envelope, letter.schema, DESK)


def test_a_wrap_comes_once() -> None:
    letter = for_two()
    twice = replace(letter.parsed, keys=(*letter.parsed.keys, *letter.parsed.keys))
    without = parse_message(cut(letter.parsed, {CLERK.kid}))

    for parsed in (twice, without):
        with pytest.raises(ReadersInvalid):
            open_message(parsed, letter.envelope, letter.schema, DESK)


def test_a_message_is_addressed_to_the_key_that_it_names() -> None:
    named = check_addressed(a_letter().envelope, the_desk())

    assert (named.kid, named.classes, named.rel) == (DESK.kid, ("main",), "now")


@pytest.mark.parametrize(
    "expected",
    [the_desk(hub="hub.other.example"), the_desk(parties=()), the_desk(kid=DUTY.kid)],
    ids=["another hub", "another unit", "another key"],
)
def test_a_message_for_somebody_else_is_not_opened(expected: Expectation) -> None:
    with pytest.raises(NotAddressed):
        check_addressed(a_letter().envelope, expected)


def test_a_message_is_opened_until_its_end_and_not_after() -> None:
    envelope = a_letter().envelope

    check_addressed(envelope, the_desk(now=envelope.end))
    with pytest.raises(Expired):
        check_addressed(envelope, the_desk(now=envelope.end + 1))
