# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the bytes of a message say, and where they are wrong."""

import json
from typing import Any

import pytest

from hub.errors import EnvelopeInvalid, NotAMessage, SchemaUnknown, ScopeExceeded
from hub.model.message import WrappedKey
from hub.sealing.canonical import digest, jcs
from hub.sealing.envelope import env_digest, parse_claims, parse_message, write_message
from hub.sealing.form import check_form, check_shape, cut
from hub.sealing.seal import ReaderChoice
from specs.vectors.sl1.actors import CLERK, DESK, DUTY
from specs.vectors.sl1.cases import LISTS, PLAIN
from specs.vectors.sl1.contents import SMALLEST
from specs.vectors.sl1.forge import Spoiled, forge
from specs.vectors.sl1.schemas import LARGE
from specs.vectors.sl1.spoil import body, claims, first_reader
from tests.unit.sealing.builders import a_letter, opening_claims


def refused_claims(spoiled: Spoiled) -> tuple[str, ...]:
    with pytest.raises(EnvelopeInvalid) as refused:
        parse_claims(parse_message(forge(PLAIN, spoiled)))
    return refused.value.pointers


@pytest.mark.parametrize(
    ("spoiled", "pointers"),
    [
        (claims(Muster=1), ("",)),
        (claims(pos="1", urg=1), ("/pos", "/urg")),
        (first_reader(Muster=1), ("/readers/0",)),
        (first_reader(kid=1), ("/readers/0/kid",)),
        (first_reader(classes=["b", "a"]), ("/readers/0/classes",)),
        (claims(commit={"Muster": "x"}), ("/commit",)),
        (claims(schema="x", _sd_alg="x"), ("/_sd_alg", "/schema")),
        (claims(end=0, iat=1), ("/end",)),
    ],
)
def test_a_claim_is_named_and_never_quoted(spoiled: Spoiled, pointers: tuple[str, ...]) -> None:
    assert refused_claims(spoiled) == pointers


def test_a_missing_claim_is_named() -> None:
    def without_hub(signed: dict[str, Any]) -> None:
        del signed["hub"]

    assert refused_claims(Spoiled(claims=without_hub)) == ("/hub",)


@pytest.mark.parametrize(
    ("case", "spoiled", "pointers"),
    [
        (PLAIN, body(Muster="x"), ("/body",)),
        (PLAIN, body(taetig="x"), ("/body/taetig",)),
        (PLAIN, body(taetig={"Muster": "x"}), ("/body/taetig",)),
        (LISTS, body(feld=[]), ("/body/feld",)),
        (LISTS, body(feld=["x", "y"]), ("/body/feld/0", "/body/feld/1")),
    ],
)
def test_a_scope_is_exceeded_at_a_place_that_we_named(
    case: Any, spoiled: Spoiled, pointers: tuple[str, ...]
) -> None:
    parsed = parse_message(forge(case, spoiled))
    schema = a_letter(case.content, case.schema, claims=case.claims).schema

    with pytest.raises(ScopeExceeded) as refused:
        check_form(parse_claims(parsed), parsed, schema)

    assert refused.value.pointers == pointers
    assert "Muster" not in str(refused.value)


def test_the_digest_of_an_envelope_leaves_out_its_signature() -> None:
    """ES256 has two signatures for the same claims, and both are valid."""
    env = a_letter().sealed.env
    header, payload, _ = env.split(".")

    assert env_digest(env) == env_digest(f"{header}.{payload}.AA") == digest(f"{header}.{payload}")


def test_the_body_is_hashed_as_it_came() -> None:
    parsed = a_letter(SMALLEST, LARGE).parsed

    assert parsed.body_bytes == jcs(parsed.body)
    assert parsed.body_bytes in parsed.raw


@pytest.mark.parametrize("added", [None, "a.b.c", 'ä"\\'])
def test_a_message_is_taken_apart_as_it_was_put_together(added: str | None) -> None:
    letter = a_letter()
    raw = write_message(letter.parsed.env, letter.parsed.body_bytes, letter.parsed.keys, added)

    parsed = parse_message(raw, delivered=True)

    assert raw == jcs(json.loads(raw))
    assert parsed.body_bytes == letter.parsed.body_bytes
    assert parsed.added == added
    assert parsed.keys == letter.parsed.keys


def test_a_statement_travels_in_deliveries_only() -> None:
    parsed = a_letter().parsed
    raw = write_message(parsed.env, parsed.body_bytes, parsed.keys, "a.b.c")

    with pytest.raises(NotAMessage):
        parse_message(raw)
    with pytest.raises(NotAMessage):
        parse_message(jcs(json.loads(raw) | {"added": 1}), delivered=True)


def test_a_delivery_has_no_wrap_but_the_readers_own() -> None:
    keys = (DESK, DUTY, CLERK)
    readers = [ReaderChoice(key.public, ("akte", "main")) for key in keys]
    letter = a_letter(SMALLEST, LARGE, readers, claims=opening_claims())

    delivered = parse_message(cut(letter.parsed, {DUTY.kid}), delivered=True)

    assert [key.kid for key in delivered.keys] == [DUTY.kid]
    assert delivered.env == letter.parsed.env
    assert delivered.body_bytes == letter.parsed.body_bytes
    assert cut(letter.parsed, [key.kid for key in keys]) == letter.sealed.raw
    check_shape(letter.envelope, delivered, letter.schema)


def test_a_wrapped_key_keeps_what_came() -> None:
    parsed = a_letter().parsed

    assert parsed.keys == (WrappedKey(DESK.kid, parsed.keys[0].wrap),)


def test_a_message_is_held_against_the_schema_that_it_names() -> None:
    letter = a_letter()
    other = a_letter(SMALLEST, LARGE).schema

    with pytest.raises(SchemaUnknown):
        check_form(letter.envelope, letter.parsed, other)
