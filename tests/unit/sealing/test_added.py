# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sender lets one more reader in, and nobody else can."""

from typing import Any

import pytest

from hub.errors import EnvelopeInvalid, NotAddressed, ReadersInvalid, TooLarge
from hub.model.json import Json, JsonObject
from hub.sealing.added import (
    Addition,
    Original,
    add_reader,
    check_addition,
    check_statement,
    delivery_of,
    parse_addition,
    parse_statement,
)
from hub.sealing.canonical import digest, jcs
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.jws import READER_TYP, write_jws
from hub.sealing.opening import Expectation, check_addressed, open_message
from hub.sealing.seal import ReaderChoice
from specs.vectors.sl1.actors import CLERK, DESK, HUB, OUTSIDER, SCHOOL
from specs.vectors.sl1.contents import CONFIRMED
from tests.unit.sealing.builders import Letter, a_letter

STATEMENT_ID = "0193504f-7c2a-7d41-8e5b-000000000009"


def an_addition(letter: Letter, at: int | None = None) -> Addition:
    return add_reader(
        Original(letter.envelope, letter.sealed.env, letter.sealed.secret),
        ReaderChoice(CLERK.public, ("main",)),
        SCHOOL,
        statement_id=STATEMENT_ID,
        iat=letter.envelope.iat if at is None else at,
    )


def restated(letter: Letter, **changes: Any) -> Addition:
    """Sign another statement around the same wrap."""
    honest = an_addition(letter)
    statement = write_jws(READER_TYP, honest.statement.jws.claims | changes, SCHOOL)
    return Addition(parse_statement(statement), honest.key)


def check(letter: Letter, addition: Addition, named: frozenset[str] | None = None) -> None:
    kids = frozenset({DESK.kid}) if named is None else named
    check_addition(addition, letter.envelope, letter.sealed.env, kids)


def test_an_added_reader_opens_what_was_sent_before() -> None:
    letter = a_letter()
    addition = an_addition(letter)
    delivered = parse_message(delivery_of(letter.parsed, addition), delivered=True)
    envelope = parse_claims(delivered)
    statement = parse_statement(delivered.added).claims
    expected = Expectation(HUB, (envelope.aud,), CLERK.kid, envelope.iat)

    check_statement(statement, envelope, delivered.env)
    named = check_addressed(envelope, expected, statement.reader)
    opened = open_message(delivered, envelope, letter.schema, CLERK, named)

    assert opened.content == CONFIRMED
    assert envelope == letter.envelope


def test_without_the_statement_the_key_is_not_named() -> None:
    letter = a_letter()
    delivered = parse_message(delivery_of(letter.parsed, an_addition(letter)), delivered=True)

    with pytest.raises(NotAddressed):
        open_message(delivered, letter.envelope, letter.schema, CLERK)


def test_what_a_sender_puts_is_read_as_it_was_written() -> None:
    addition = an_addition(a_letter())

    assert parse_addition(addition.raw) == addition


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "schule:999002"},
        {"aud": "jugendamt:99999998"},
        {"sub": "0193504f-7c2a-7d41-8e5b-00000000000f"},
        {"env": digest("x")},
        {"iat": 1},
        {"iat": 2**52},
    ],
    ids=["iss", "aud", "sub", "env", "before the message", "after its end"],
)
def test_a_statement_about_another_message_is_refused(changes: dict[str, Any]) -> None:
    letter = a_letter()

    with pytest.raises(ReadersInvalid):
        check(letter, restated(letter, **changes))


def test_a_statement_about_another_class_or_wrap_is_refused() -> None:
    letter = a_letter()
    reader = an_addition(letter).statement.jws.claims["reader"]
    assert isinstance(reader, dict)

    changes: list[JsonObject] = [
        {"classes": ["fremd"]},
        {"wrap": digest("x")},
        {"kid": OUTSIDER.kid},
    ]
    for change in changes:
        with pytest.raises(ReadersInvalid):
            check(letter, restated(letter, reader=reader | change))


def test_a_reader_is_added_once_and_there_are_at_most_eight() -> None:
    letter = a_letter()
    addition = an_addition(letter)
    others = frozenset(digest(str(number)) for number in range(8))

    check(letter, addition)
    check(letter, addition, frozenset(sorted(others)[:7]))
    for named in (frozenset({DESK.kid, CLERK.kid}), others):
        with pytest.raises(ReadersInvalid):
            check(letter, addition, named)


def test_a_reader_cannot_be_added_after_the_end() -> None:
    letter = a_letter()

    an_addition(letter, letter.envelope.end)
    with pytest.raises(ReadersInvalid):
        an_addition(letter, letter.envelope.end + 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"suite": "SL2"},
        {"sub": None},
        {"exp": 1},
        {"iat": True},
        {"iss": 1},
        {"jti": "x"},
        {"reader": None},
    ],
)
def test_a_statement_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    letter = a_letter()

    with pytest.raises(EnvelopeInvalid):
        restated(letter, **changes)


def test_an_added_reader_waits_for_no_escalation() -> None:
    letter = a_letter()
    reader = an_addition(letter).statement.jws.claims["reader"]
    assert isinstance(reader, dict)

    changes: list[JsonObject] = [{"rel": "escalation"}, {"classes": ["b", "a"]}, {"classes": []}]
    for change in changes:
        with pytest.raises(EnvelopeInvalid):
            restated(letter, reader=reader | change)


def test_an_envelope_is_no_statement() -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_statement(a_letter().sealed.env)


def test_what_is_put_has_exactly_two_members() -> None:
    addition = an_addition(a_letter())
    key: Json = {"kid": addition.key.kid, "wrap": addition.key.wrap}
    text = addition.statement.text
    wrong: list[Json] = [
        [],
        {"key": key},
        {"key": key, "statement": text, "zusatz": 1},
        {"key": {"kid": "x"}, "statement": text},
        {"key": [], "statement": text},
        {"key": key, "statement": 1},
    ]

    for members in wrong:
        with pytest.raises(EnvelopeInvalid):
            parse_addition(jcs(members))
    with pytest.raises(EnvelopeInvalid):
        parse_addition(addition.raw + b"\n")
    with pytest.raises(TooLarge):
        parse_addition(addition.raw.ljust(262_145))
