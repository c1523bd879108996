# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds for every schema, every content and every byte."""

import json
from typing import Final

import pytest
import rfc8785
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.errors import ContentInvalid, Refusal, SchemaNotSealable
from hub.model.json import Json
from hub.sealing.added import parse_addition
from hub.sealing.canonical import b64, jcs, parse_strict, unb64
from hub.sealing.content import check_content
from hub.sealing.disclosure import parse_presentation
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.form import check_form
from hub.sealing.opening import open_message
from hub.sealing.reader import ReaderPublicKey
from hub.sealing.seal import ReaderChoice, seal
from hub.sealing.sealable import parse_sealable
from hub.sealing.tree import expand, reduce
from specs.vectors.sl1.actors import CLERK, DESK, SCHOOL
from specs.vectors.sl1.forge import Parts, Spoiled, forge
from specs.vectors.sl1.messages import OPENER, Case, Reader
from tests.unit.sealing.builders import a_letter
from tests.unit.sealing.strategies import Drawn, json_values, letters
from tests.unit.sealing.verdicts import World

patiently: Final = settings(deadline=None, database=None, max_examples=60)
often: Final = settings(patiently, max_examples=300)

LETTER: Final = a_letter()
WORLD: Final = World.of(
    {
        "schemas": [LETTER.schema.plain],
        "signing": [{"iss": OPENER.iss, "alg": SCHOOL.alg, "kid": SCHOOL.kid, "jwk": SCHOOL.jwk}],
        "reader": {"seed": b64(DESK.seed), "parties": [OPENER.aud]},
        "hub_id": OPENER.hub,
        "now": OPENER.iat,
    }
)
WORDS: Final = (
    *("type", "properties", "items", "$ref", "$defs", "enum", "const", "maxLength", "maxItems"),
    *("pattern", "minimum", "maximum", "required", "additionalProperties", "x-class", "title"),
    *("object", "array", "string", "integer", "boolean", "#/$defs/N", "N", "a", "^a$", ""),
)


@patiently
@given(json_values)
def test_the_canonical_form_is_that_of_others(value: Json) -> None:
    assert jcs(value) == rfc8785.dumps(value)


@patiently
@given(json_values)
def test_what_is_written_is_read(value: Json) -> None:
    assert parse_strict(jcs(value)) == value


@patiently
@given(st.binary(max_size=40))
def test_bytes_have_one_spelling(data: bytes) -> None:
    assert unb64(b64(data)) == data


@patiently
@given(st.text("AQgw_-+/= \nä", max_size=6))
def test_a_text_is_the_spelling_of_its_bytes_or_of_none(text: str) -> None:
    try:
        data = unb64(text)
    except ValueError:
        return
    assert b64(data) == text


@patiently
@given(letters())
def test_a_content_comes_back_from_its_tree(drawn: Drawn) -> None:
    tree = expand(drawn.schema, drawn.content)

    assert check_content(drawn.schema, drawn.content) == tree
    assert reduce(drawn.schema, tree) == drawn.content


@patiently
@given(letters())
def test_what_is_sealed_is_opened(drawn: Drawn) -> None:
    first = drawn.schema.classes[:1]
    sealed = seal(
        drawn.schema,
        drawn.content,
        OPENER,
        SCHOOL,
        [ReaderChoice(DESK.public, drawn.schema.classes), ReaderChoice(CLERK.public, first)],
    )
    parsed = parse_message(sealed.raw)
    envelope = parse_claims(parsed)

    check_form(envelope, parsed, drawn.schema)
    whole = open_message(parsed, envelope, drawn.schema, DESK)
    part = open_message(parsed, envelope, drawn.schema, CLERK)

    assert whole.content == drawn.content
    assert whole.disclosures == sealed.disclosures
    assert part.values == {
        leaf.pointer: whole.values[leaf.pointer] for leaf in drawn.schema.leaves_of(first)
    }
    assert len(parsed.body_bytes) == drawn.schema.body_bytes
    assert jcs(parsed.body) == parsed.body_bytes


@often
@given(st.data())
def test_a_single_bit_is_enough_to_be_refused(data: st.DataObject) -> None:
    raw = bytearray(LETTER.sealed.raw)
    at = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[at // 8] ^= 1 << (at % 8)

    with pytest.raises(Refusal):
        WORLD.reader(bytes(raw), {})


@patiently
@given(letters(), st.data())
def test_no_leaf_can_stand_at_another_place(drawn: Drawn, data: st.DataObject) -> None:
    """Not even if the sender itself signs the exchange."""
    leaves = drawn.schema.leaves
    one = data.draw(st.sampled_from(leaves))
    same = [leaf for leaf in leaves if leaf is not one and leaf.padded == one.padded]
    assume(same)
    other = data.draw(st.sampled_from(same))
    layer = data.draw(st.sampled_from(("leaves", "plaintexts")))

    def swap(parts: Parts) -> None:
        parts[one.pointer], parts[other.pointer] = parts[other.pointer], parts[one.pointer]

    reader = Reader(DESK, drawn.schema.classes)
    case = Case(drawn.schema.plain, drawn.content, OPENER, SCHOOL, (reader,))
    parsed = parse_message(forge(case, Spoiled(**{layer: swap})))

    with pytest.raises(Refusal) as refused:
        open_message(parsed, parse_claims(parsed), drawn.schema, DESK)

    assert (
        refused.value.code == {"leaves": "leaf-unopenable", "plaintexts": "leaf-malformed"}[layer]
    )


@patiently
@given(json_values)
def test_a_content_that_says_something_else_is_refused_at_a_known_place(value: Json) -> None:
    with pytest.raises(ContentInvalid) as refused:
        check_content(LETTER.schema, value)

    assert set(refused.value.pointers) <= {"", *LETTER.schema.pointers}


@often
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-1, 5) | st.sampled_from(WORDS),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_a_schema_is_sealable_or_is_refused_with_its_place(value: Json) -> None:
    around: Json = {"type": "object", "additionalProperties": False, "properties": value}
    for schema in (value, around):
        places = _refused_places(schema)
        assert places is None or len(places) == 1


def _refused_places(schema: Json) -> tuple[str, ...] | None:
    try:
        parse_sealable(schema)
    except SchemaNotSealable as refusal:
        return refusal.pointers
    return None


@patiently
@given(st.binary(max_size=60) | json_values.map(jcs))
def test_any_bytes_are_a_message_or_are_refused(raw: bytes) -> None:
    for parse in (parse_message, parse_addition):
        with pytest.raises(Refusal):
            parse(raw)


@patiently
@given(st.sampled_from(("body", "env", "keys")), json_values)
def test_any_members_are_a_message_or_are_refused(name: str, value: Json) -> None:
    members = json.loads(LETTER.sealed.raw) | {name: value}
    try:
        parsed = parse_message(jcs(members))
        check_form(parse_claims(parsed), parsed, LETTER.schema)
    except Refusal:
        return
    assert members == json.loads(LETTER.sealed.raw)


@patiently
@given(st.text(max_size=40))
def test_any_text_is_a_presentation_or_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        parse_presentation(text)
    with pytest.raises(Refusal):
        parse_presentation(f"{LETTER.sealed.env}~{text.replace('~', '')}x~")


@patiently
@given(st.text(max_size=40) | st.binary(min_size=1216, max_size=1216).map(b64))
def test_any_text_is_a_reading_key_or_is_refused(text: str) -> None:
    """The chance that drawn bytes are reduced coefficients is nil."""
    with pytest.raises(Refusal):
        ReaderPublicKey.from_b64(text)
