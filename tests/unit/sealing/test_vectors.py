# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every published vector of SL1 says what this implementation does."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from hub.errors import ContentInvalid, ReaderKeyInvalid, Refusal, SchemaNotSealable
from hub.model.json import Json
from hub.sealing.added import check_statement, delivery_of, parse_addition, parse_statement
from hub.sealing.canonical import digest, jcs, parse_strict, unb64
from hub.sealing.content import check_content
from hub.sealing.disclosure import parse_presentation
from hub.sealing.envelope import env_digest, parse_claims, parse_message
from hub.sealing.form import check_form, cut
from hub.sealing.opening import open_message
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey
from hub.sealing.sealable import parse_sealable
from hub.sealing.text import is_plain_text
from hub.sealing.tree import reduce
from specs.vectors.sl1 import make
from tests.unit.sealing.verdicts import Vector, World, verify

FOLDER: Final = make.HERE


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def named(vectors: list[Vector]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


CANONICAL: Final = load("canonical.json")
SEALABLE: Final = load("sealable.json")
CONTENTS: Final = load("contents.json")
TEXT: Final = load("text.json")
KEYS: Final = load("reader-keys.json")
EXAMPLE: Final = load("example.json")
MESSAGES: Final = load("messages.json")
ADDITION: Final = load("addition.json")
REFUSALS: Final = load("refusals.json")
WORLD: Final = World.of(REFUSALS)


@cache
def built() -> dict[str, Json]:
    return make.build()


def test_the_script_makes_exactly_the_published_vectors() -> None:
    for name, value in built().items():
        assert make.write(value) == (FOLDER / name).read_text("utf-8"), name


def test_there_is_no_vector_without_its_script() -> None:
    assert {path.name for path in Path(FOLDER).glob("*.json")} == built().keys()


@named(CANONICAL["canonical"])
def test_a_value_has_one_form(vector: Vector) -> None:
    assert jcs(vector["value"]) == vector["jcs"].encode()
    assert parse_strict(vector["jcs"].encode()) == vector["value"]


@named(CANONICAL["strict"])
def test_a_form_at_the_limit_is_read(vector: Vector) -> None:
    assert jcs(parse_strict(vector["text"].encode())) == vector["text"].encode()


@named(CANONICAL["not_strict"])
def test_another_form_is_not_read(vector: Vector) -> None:
    with pytest.raises(ValueError, match="canonical form"):
        parse_strict(vector["text"].encode())


@named(CANONICAL["not_base64url"])
def test_another_spelling_of_bytes_is_not_read(vector: Vector) -> None:
    with pytest.raises(ValueError, match="base64url"):
        unb64(vector["text"])


@named(SEALABLE["sealable"])
def test_a_sealable_schema_determines_every_length(vector: Vector) -> None:
    schema = parse_sealable(vector["schema"])

    leaves = [
        {
            "pointer": leaf.pointer,
            "class": leaf.class_name,
            "max": leaf.max_bytes,
            "L": leaf.padded,
            "N": leaf.sealed_length,
        }
        for leaf in schema.leaves
    ]
    assert schema.digest == vector["digest"]
    assert leaves == vector["leaves"]
    assert schema.body_bytes == vector["body"]
    assert schema.sealed == vector["sealed"]


@named(SEALABLE["not_sealable"])
def test_a_schema_outside_the_profile_is_refused_with_its_place(vector: Vector) -> None:
    with pytest.raises(SchemaNotSealable) as refused:
        parse_sealable(vector["schema"])

    assert refused.value.code == vector["code"]
    assert refused.value.pointers == (vector["pointer"],)


@named([vector for vector in CONTENTS if "tree" in vector])
def test_a_content_has_one_tree(vector: Vector) -> None:
    schema = parse_sealable(vector["schema"])

    assert check_content(schema, vector["content"]) == vector["tree"]
    assert reduce(schema, vector["tree"]) == vector["content"]


@named([vector for vector in CONTENTS if "code" in vector])
def test_another_content_is_refused_with_its_places(vector: Vector) -> None:
    with pytest.raises(ContentInvalid) as refused:
        check_content(parse_sealable(vector["schema"]), vector["content"])

    assert list(refused.value.pointers) == vector["pointers"]


def test_what_nobody_sees_is_forbidden_in_text() -> None:
    assert [point for point in TEXT["forbidden"] if is_plain_text(f"a{chr(point)}")] == []


def test_what_stands_beside_it_is_allowed() -> None:
    assert [point for point in TEXT["allowed"] if not is_plain_text(f"a{chr(point)}")] == []


@pytest.mark.parametrize("vector", KEYS["keys"], ids=lambda vector: vector["kid"])
def test_a_seed_has_one_key(vector: Vector) -> None:
    key = ReaderPrivateKey.from_seed(unb64(vector["seed"]))

    assert key.public.b64 == vector["pub"]
    assert key.kid == ReaderPublicKey.from_b64(vector["pub"]).kid == vector["kid"]


@named(KEYS["invalid"])
def test_a_key_that_fails_a_check_is_refused(vector: Vector) -> None:
    with pytest.raises(ReaderKeyInvalid):
        ReaderPublicKey.from_b64(vector["pub"])


@named([EXAMPLE, *MESSAGES])
def test_a_message_opens_for_each_of_its_readers(vector: Vector) -> None:
    raw, schema = vector["message"].encode(), parse_sealable(vector["schema"])
    parsed = parse_message(raw)
    envelope = parse_claims(parsed)

    check_form(envelope, parsed, schema)

    assert env_digest(parsed.env) == vector["env_digest"]
    assert digest(raw) == vector["request"]
    assert verify(
        vector["signer"]["jwk"],
        vector["signer"]["alg"],
        parsed.env.rpartition(".")[0].encode(),
        unb64(parsed.env.rpartition(".")[2]),
    )
    for reader in vector["readers"]:
        key = ReaderPrivateKey.from_seed(unb64(reader["seed"]))
        delivered = cut(parsed, {key.kid})
        opened = open_message(parse_message(delivered, delivered=True), envelope, schema, key)
        assert digest(delivered) == reader["delivered"]
        assert opened.content == reader["content"]
        assert opened.values == reader["values"]
        assert list(opened.classes) == reader["classes"]
        assert opened.disclosures.items() <= vector["disclosures"].items()


@named([EXAMPLE, *MESSAGES])
def test_a_presentation_states_one_field(vector: Vector) -> None:
    presented = parse_presentation(vector["presentation"])

    (pointer,) = presented.values
    assert vector["disclosures"][pointer] in vector["presentation"]


def test_the_worked_example_has_every_published_value() -> None:
    """The values stand in § 11 of the specification."""
    schema = parse_sealable(EXAMPLE["schema"])
    leaf, steps = schema.pointers["/taetig"], EXAMPLE["steps"]
    body = json.loads(EXAMPLE["message"])["body"]
    disclosure = EXAMPLE["disclosures"]["/taetig"]

    assert schema.digest == "bi_Jqtf2AStReEnF7KBaaTCrJ3uGD-wNBA7OIXmMALs"
    assert EXAMPLE["secret"] == "0tcmO-haJC49nFEJ9dQWeI4p85ZwSecBkCGnozhOKtQ"
    assert EXAMPLE["claims"]["jti"] == "0193504f-7c2a-7d41-8e5b-000000000002"
    assert steps["class_key"] == "eQKOZsugL8mE55cs2NPSPD3TmsvQoY1P_RJE1lHlgNo"
    assert steps["commitment"] == "YBV8aryDmBjqR9TgytTL_iefnLNy22ZEhKrL_fb2vkk"
    assert (leaf.max_bytes, leaf.padded, leaf.sealed_length) == (5, 64, 167)
    assert steps["leaf_key"] == "aMuYFJTIv89KyPkE2OD4kWQmoVtZdu2y6hl_gKnCY28"
    assert disclosure == (
        "WyJ6YUdUdU5UbDRtVnZyQURiaEZCc193IiwiL3RhZXRpZyIsdHJ1ZV0gICAgICAgICAgICAgICAgICAgICAgIA"
    )
    assert digest(disclosure) == "4xx9OG5UXAMj3u5ZRLQ0wcFL609wqWG8epgY4Qgl-XQ"
    assert body["taetig"] == (
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..hAHPwK96b5L4xVT_."
        "Yc41_NmB0ZoaJnGl8thAu38BeFi2f0Kb89PCOvzBJlZIYxaBOwS6XNVdKT-YEKXOiysDTwvnY3u7bOaKe6RBZA."
        "64rEijMvgJ8qBP2MUXJWRA"
    )
    assert EXAMPLE["readers"][0]["seed"] == "LFvuPg5BXkyNixitz_JJO9UVTkdIBLAynWxtN2cloZY"
    assert EXAMPLE["readers"][0]["kid"] == "Gwd2xvhSYtPIqxkpcIgk9SMStF5vCgVHmfIXKpZigGY"


def test_an_added_reader_opens_with_the_statement() -> None:
    parsed = parse_message(ADDITION["message"].encode())
    addition = parse_addition(ADDITION["request"].encode())
    delivered = parse_message(ADDITION["delivered"].encode(), delivered=True)
    envelope = parse_claims(delivered)
    statement = parse_statement(delivered.added)
    key = ReaderPrivateKey.from_seed(unb64(ADDITION["seed"]))

    check_statement(statement.claims, envelope, delivered.env)
    opened = open_message(
        delivered, envelope, parse_sealable(ADDITION["schema"]), key, statement.claims.reader
    )

    assert opened.values == ADDITION["values"]
    assert delivery_of(parsed, addition) == delivered.raw
    assert addition.statement_digest == ADDITION["statement_digest"]
    assert addition.key.kid == key.kid == ADDITION["kid"]


def _raw(vector: Vector) -> bytes:
    if "message_b64" in vector:
        return unb64(vector["message_b64"])
    raw: bytes = vector["message"].encode()
    return raw.ljust(vector.get("padded_with_spaces_to", 0))


@named(REFUSALS["at_the_hub"])
def test_the_hub_gives_the_code_of_the_first_failure(vector: Vector) -> None:
    if vector["code"] is None:
        WORLD.hub(_raw(vector), vector["about"])
        return

    with pytest.raises(Refusal) as refused:
        WORLD.hub(_raw(vector), vector["about"])

    assert refused.value.code == vector["code"]


@named(REFUSALS["at_the_reader"])
def test_the_reader_gives_the_code_of_the_first_failure(vector: Vector) -> None:
    if vector["code"] is None:
        assert WORLD.reader(_raw(vector), vector["about"]).values
        return

    with pytest.raises(Refusal) as refused:
        WORLD.reader(_raw(vector), vector["about"])

    assert refused.value.code == vector["code"]


def test_there_is_a_vector_for_every_code_of_the_verification() -> None:
    at_the_hub = {vector["code"] for vector in REFUSALS["at_the_hub"]}
    at_the_reader = {vector["code"] for vector in REFUSALS["at_the_reader"]}

    assert at_the_hub == {
        None,
        "too-large",
        "not-a-message",
        "envelope-invalid",
        "signature-invalid",
        "suite-unsupported",
        "id-mismatch",
        "sender-mismatch",
        "hub-mismatch",
        "id-reused",
        "issued-outside-window",
        "schema-unknown",
        "scope-exceeded",
        "body-mismatch",
        "commitments-invalid",
        "readers-invalid",
        "reader-key-stale",
    }
    assert at_the_reader >= {
        "not-addressed",
        "expired",
        "id-reused",
        "readers-invalid",
        "wrap-unopenable",
        "secret-mismatch",
        "leaf-unopenable",
        "leaf-mismatch",
        "leaf-malformed",
        "content-invalid",
    }


def test_no_refusal_names_what_the_sender_made_up() -> None:
    """Pointers lead to places we know; what else stands there may be a person's name."""
    for vector in REFUSALS["at_the_hub"]:
        if vector["code"] in {"scope-exceeded", "envelope-invalid"}:
            with pytest.raises(Refusal) as refused:
                WORLD.hub(_raw(vector), vector["about"])
            for pointer in refused.value.pointers:
                assert not {"name", "exp", "schema_digest", "Main"} & set(pointer.split("/"))
