# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two programs that share no code and no library agree about SL1, so it is its text that is right.

One is ``hub.sealing``, the other the JavaScript of the portal, here under Node.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hub.schemas import SCHEMAS
from hub.sealing.canonical import b64, jcs, unb64
from hub.sealing.content import check_content
from hub.sealing.disclosure import parse_presentation, present
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.opening import open_message
from hub.sealing.sealable import SealableSchema, parse_sealable
from specs.vectors.sl1.actors import DESK
from specs.vectors.sl1.schemas import SEALABLE
from tests.interop.drawn import seeded
from tests.interop.letters import (
    CLASSES,
    EXPECTATION,
    PUBLISHED,
    REGISTRY,
    Letter,
    a_letter,
    delivered,
    open_there,
    verdict_here,
    verdict_there,
    world_of,
)
from tests.interop.mutated import a_spoiled_message
from tests.interop.node import ROOT, Peer, Refused, a_peer, run_tests

IS_LONG: Final = os.environ.get("MELDEWEG_INTEROP") == "required"
LETTERS: Final = 500 if IS_LONG else 150
FLIPS: Final = 400 if IS_LONG else 200
SPOILED: Final = 400 if IS_LONG else 200
FEWEST_VECTORS: Final = 400
LIBRARY: Final = ROOT / "hub/web/static/sl1"


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with a_peer() as asked:
        yield asked


def some_letters(seed: int, count: int) -> list[Letter]:
    """Draw letters over every published schema, and one of two classes, in turn."""
    random = seeded(seed)
    schemas = (*PUBLISHED, CLASSES)
    return [a_letter(random, schemas[number % len(schemas)]) for number in range(count)]


def opened_here(raw: bytes, schema: SealableSchema) -> Any:
    parsed = parse_message(raw)
    return open_message(parsed, parse_claims(parsed), schema, DESK)


def test_every_vector_is_answered_alike_in_javascript() -> None:
    run = run_tests("sl1.test.js")

    counted = re.search(r"^# tests (\d+)$", run.stdout, re.MULTILINE)
    assert run.returncode == 0, "\n".join(re.findall(r"^ *not ok .*$", run.stdout, re.MULTILINE))
    assert counted is not None
    assert int(counted[1]) > FEWEST_VECTORS


@pytest.mark.parametrize("name", [*REGISTRY.names, *SEALABLE])
def test_a_schema_has_one_sealed_form(peer: Peer, name: str) -> None:
    schema = parse_sealable(SEALABLE[name]) if name in SEALABLE else REGISTRY.by_name(name)

    derived = peer.ask("derive", schema=schema.plain)

    leaves = [
        [leaf.pointer, leaf.class_name, leaf.max_bytes, leaf.padded, leaf.sealed_length]
        for leaf in schema.leaves
    ]
    assert derived == {
        "digest": schema.digest,
        "leaves": leaves,
        "classes": [*schema.classes],
        "sealed": schema.sealed,
        "bodyBytes": schema.body_bytes,
    }


def test_what_is_sealed_in_python_opens_in_javascript(peer: Peer) -> None:
    for letter in some_letters(1, LETTERS):
        opened = open_there(peer, delivered(letter.seal_here()), letter.schema)

        assert opened["content"] == letter.content
        assert opened["values"] == check_content(letter.schema, letter.content)


def test_what_is_sealed_in_javascript_opens_in_python(peer: Peer) -> None:
    worlds = {schema.digest: world_of(schema) for schema in (*PUBLISHED, CLASSES)}

    for letter in some_letters(2, LETTERS):
        raw = _sealed_there(peer, letter)
        opened = worlds[letter.schema.digest].reader(delivered(raw), {})

        assert opened.content == letter.content
        assert opened.values == check_content(letter.schema, letter.content)


def test_the_length_of_a_body_says_nothing_but_its_schema(peer: Peer) -> None:
    for letter in some_letters(3, 3 * (len(PUBLISHED) + 1)):
        for raw in (letter.seal_here(), _sealed_there(peer, letter)):
            assert len(parse_message(raw).body_bytes) == letter.schema.body_bytes


def test_no_two_messages_in_javascript_share_randomness(peer: Peer) -> None:
    letter = some_letters(4, 1)[0]

    first, second = (peer.ask("seal", **letter.question) for _ in range(2))
    assert first["secret"] != second["secret"]
    assert not set(first["disclosures"].values()) & set(second["disclosures"].values())


def test_one_field_shown_by_one_is_believed_by_the_other(peer: Peer) -> None:
    for letter in some_letters(5, len(PUBLISHED)):
        raw = letter.seal_here()
        pointer = letter.schema.leaves[-1].pointer
        disclosure = opened_here(raw, letter.schema).disclosures[pointer]
        shown_here = present(parse_message(raw).env, [disclosure])
        sealed = peer.ask("seal", **letter.question)
        shown_there = present(sealed["env"], [sealed["disclosures"][pointer]])
        signatories = EXPECTATION["signatories"]

        stated = {pointer: check_content(letter.schema, letter.content)[pointer]}
        shown = peer.ask("shown", presentation=shown_here, signatories=signatories)
        assert shown == {"values": stated}
        assert dict(parse_presentation(shown_there).values) == stated


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*/*/examples/*.json")), ids=lambda p: p.stem)
def test_an_example_is_judged_alike(peer: Peer, path: Path) -> None:
    step, verdict, _ = path.stem.split(".", 2)
    schema = REGISTRY.by_name(f"{path.parents[1].relative_to(SCHEMAS)}/{step}")
    content = json.loads(path.read_text("utf-8"))

    if verdict == "valid":
        assert peer.ask("check", schema=schema.plain, content=content)["tree"]
        return
    with pytest.raises(Refused) as refused:
        peer.ask("check", schema=schema.plain, content=content)
    assert refused.value.code == "content-invalid"


def test_a_flipped_bit_is_refused_alike(peer: Peer) -> None:
    random = seeded(6)
    refusals = set()

    for letter in some_letters(7, FLIPS // 20):
        raw = delivered(letter.seal_here())
        world = world_of(letter.schema)
        for _ in range(20):
            flipped = bytearray(raw)
            flipped[random.randrange(len(raw))] ^= 1 << random.randrange(8)
            here = verdict_here(world, bytes(flipped))
            assert here is not None
            assert verdict_there(peer, bytes(flipped), letter.schema) == here
            refusals.add(here)
    assert refusals >= {"not-a-message", "envelope-invalid", "scope-exceeded", "body-mismatch"}


def test_whoever_signs_something_wrong_is_refused_alike(peer: Peer) -> None:
    random = seeded(8)
    refusals = set()

    for _ in range(SPOILED):
        case, raw = a_spoiled_message(random)
        schema = parse_sealable(case.schema)
        here = verdict_here(world_of(schema), raw)
        assert verdict_there(peer, raw, schema) == here, b64(raw)
        refusals.add(here)
    assert refusals >= {"envelope-invalid", "scope-exceeded", "leaf-malformed", "readers-invalid"}


def test_the_library_runs_in_a_browser_as_it_is() -> None:
    """Nothing of Node, and nothing of others but HPKE."""
    files = sorted(LIBRARY.glob("*.js"))
    text = "\n".join(path.read_text("utf-8") for path in files)
    imported = set(re.findall(r'(?:from |import\()"([^"]+)"', text))

    assert imported - {f"./{path.name}" for path in files} == {
        "@hpke/core",
        "@hpke/hybridkem-x-wing",
    }
    assert re.findall(r"\b(?:require|Buffer|process)\b|node:", text) == []


def test_the_packages_are_locked_by_content_and_without_an_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in json.dumps(lock)


def _sealed_there(peer: Peer, letter: Letter) -> bytes:
    sealed = peer.ask("seal", **letter.question)
    raw = unb64(sealed["raw"])
    assert raw == jcs(json.loads(raw))
    return raw
