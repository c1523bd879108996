# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every schema can be sealed, speaks German to people, and lets nothing gratuitous through."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import ContentInvalid
from hub.model.json import JsonObject
from hub.protocols.guarded import GUARDED
from hub.protocols.schemas import explain, load_schemas
from hub.schemas import SCHEMAS
from hub.sealing.canonical import jcs
from hub.sealing.content import check_content
from hub.sealing.sealable import MAX_BODY, MAX_LEAVES
from hub.sealing.text import is_plain_text

REGISTRY = load_schemas(SCHEMAS)
EXAMPLES = sorted(SCHEMAS.glob("*/*/examples/*.json"))
VERSIONS = sorted({SCHEMAS / name.rpartition("/")[0] for name in REGISTRY.names})

GRATUITOUS = {
    "religion", "konfession", "staatsangehoerigkeit", "nationalitaet", "herkunft", "migration",
    "aufenthaltsstatus", "geburtsort", "foto", "bild", "anlage", "note", "noten", "zeugnis",
    "fehlzeiten", "klasse", "mitschueler", "hinweisgeber", "zeuge", "diagnose", "beruf",
    "arbeitgeber", "einkommen", "leistungen", "vorstrafen", "ermittlungsverfahren", "beweismittel",
    "strafanzeige", "vermerk", "hilfeplan", "bewertung", "einschaetzung", "ampel", "taeter",
}  # fmt: skip
"""Words that no name of a field may hold: not needed to act, so not collected (§ 62 SGB VIII)."""

ENUMERATED = {
    ("auskunftsersuchen/1.0.0", word): "§ 68 Abs. 1 SGB X zählt die Angabe auf."
    for word in ("geburtsort", "arbeitgeber")
}
"""Words by which a statute itself enumerates what is given, by protocol, each with why."""

SPELT_WITHOUT_UMLAUT = re.compile(
    r"\b(fuer|ueber|koenn|muess|moegl|naechst|rueck|geschaetz|strasse|massnahme|gefaehr)",
    re.IGNORECASE,
)


def fields(schema: JsonObject, place: str = "") -> Iterator[tuple[str, JsonObject]]:
    """Yield every part of a resolved schema with its place, slots of lists once."""
    yield place, schema
    members: Any = schema.get("properties", {})
    for name, member in members.items():
        yield from fields(member, f"{place}/{name}")
    items: Any = schema.get("items")
    if items is not None:
        yield from fields(items, f"{place}/*")


def an_example(name: str) -> JsonObject:
    folder, _, file = name.rpartition("/")
    content: JsonObject = json.loads((SCHEMAS / folder / "examples" / f"{file}.json").read_text())
    return content


@pytest.mark.parametrize("name", REGISTRY.names)
def test_every_schema_can_be_sealed_within_the_limits(name: str) -> None:
    schema = REGISTRY.by_name(name)

    assert REGISTRY.by_digest(schema.digest) is schema
    assert len(schema.leaves) <= MAX_LEAVES
    assert schema.body_bytes <= MAX_BODY
    assert "main" in schema.classes
    assert set(schema.classes) <= {"main", *GUARDED}


@pytest.mark.parametrize("name", REGISTRY.names)
def test_every_field_explains_itself_in_german(name: str) -> None:
    for place, field in fields(REGISTRY.by_name(name).resolved):
        title, description = field.get("title"), field.get("description")
        assert isinstance(title, str), place
        assert isinstance(description, str), place
        assert title[0].isupper(), place
        assert len(title) <= 60, place
        assert description[0].isupper(), place
        assert description[-1] in ".?", place
        assert SPELT_WITHOUT_UMLAUT.search(f"{title} {description}") is None, place


@pytest.mark.parametrize("name", REGISTRY.names)
def test_no_field_asks_for_what_nobody_needs_to_act(name: str) -> None:
    enumerated = {word for folder, word in ENUMERATED if name.startswith(f"{folder}/")}

    assert gratuitous(name) <= enumerated


def gratuitous(name: str) -> set[str]:
    """Return the words of that list that the names of a schema's fields hold."""
    places = (place for place, _ in fields(REGISTRY.by_name(name).resolved))
    return {word for place in places for word in re.split(r"[/_*]", place)} & GRATUITOUS


def test_no_exception_is_made_for_nothing() -> None:
    used = {(name.rpartition("/")[0], word) for name in REGISTRY.names for word in gratuitous(name)}

    assert used == set(ENUMERATED)


def test_the_list_of_gratuitous_fields_would_notice_one() -> None:
    schema: JsonObject = {"properties": {"kind": {"properties": {"religion": {}}}}}

    assert any("religion" in place.split("/") for place, _ in fields(schema))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-4]}/{path.stem}")
def test_every_example_holds_or_fails_as_its_name_says(path: Path) -> None:
    step, verdict, _ = path.stem.split(".")
    schema = REGISTRY.by_name(f"{path.parts[-4]}/{path.parts[-3]}/{step}")
    content = json.loads(path.read_text("utf-8"))

    if verdict == "valid":
        check_content(schema, content)
    else:
        assert verdict == "invalid"
        with pytest.raises(ContentInvalid):
            check_content(schema, content)


@pytest.mark.parametrize("name", REGISTRY.names)
def test_every_step_has_an_example_of_each_kind(name: str) -> None:
    folder, _, step = name.rpartition("/")
    verdicts = {path.stem.split(".")[1] for path in (SCHEMAS / folder).glob(f"examples/{step}.*")}

    assert verdicts == {"valid", "invalid"}


def test_the_persons_in_the_examples_are_invented() -> None:
    """Telephone numbers come from blocks that the Bundesnetzagentur keeps free for the media."""
    reserved = re.compile(r"0221 4710\d{3}|0171 39200\d{2}")
    for path in EXAMPLES:
        for place, value in strings(json.loads(path.read_text("utf-8"))):
            if place.endswith("/familienname"):
                assert "Erfunden" in value, path.name
            if place.endswith("/kennung"):
                assert reserved.fullmatch(value), path.name


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_published_version_has_not_changed(folder: Path) -> None:
    lines = (folder / "published.sha256").read_text("utf-8").splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    prefix = folder.relative_to(SCHEMAS).as_posix()

    assert {step: digest for digest, step in entries} == {
        name.removeprefix(f"{prefix}/"): REGISTRY.digest_of(name)
        for name in REGISTRY.names
        if name.startswith(f"{prefix}/")
    }


def test_a_school_describes_at_most_five_observations_of_two_thousand_characters() -> None:
    schema = REGISTRY.by_name("schule-mitteilung/1.0.0/mitteilung")
    texts = [
        leaf for leaf in schema.leaves if re.fullmatch(r"/beobachtungen/\d/text", leaf.pointer)
    ]

    assert len(texts) == 5
    assert {leaf.schema["maxLength"] for leaf in texts} == {2000}


def test_two_thousand_umlauts_fit_into_an_observation() -> None:
    """An umlaut has two bytes, and so has a quotation mark or a line feed once it is escaped."""
    schema = REGISTRY.by_name("schule-mitteilung/1.0.0/mitteilung")
    content = an_example("schule-mitteilung/1.0.0/mitteilung.valid.minimal")

    for text in ("ä" * 2000, '"' * 2000, "Zeile\n" * 333):
        content["beobachtungen"] = [{"datum": "2026-03-17", "quelle": "kind", "text": text}]
        check_content(schema, content)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn-Erfunden", "D’Erfunden", "'t Erfunden", "Đan", "Şükrü", "Łukasz", "M̀usterkind", "Ƌ"],
)
def test_names_keep_their_letters(name: str) -> None:
    """DIN 91379 has letters that only exist as a sequence of two characters."""
    assert unicodedata.is_normalized("NFC", name)
    assert accepts_name(name)


@pytest.mark.parametrize("name", ["", " Leerzeichen", "Zahl 7", "Mail@erfunden", "<b>", "Имя"])
def test_a_name_is_a_name(name: str) -> None:
    assert not accepts_name(name)


@pytest.mark.parametrize("name", REGISTRY.names)
def test_a_schema_can_be_explained_in_german(name: str) -> None:
    schema = REGISTRY.by_name(name)

    assert f"Felder: {len(schema.leaves)} von höchstens 160" in explain(schema)
    for known in schema.classes:
        assert f"{known} ({len(schema.leaves_of((known,)))})" in explain(schema)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(REGISTRY.names))
def test_whatever_the_schema_describes_is_a_content(data: st.DataObject, name: str) -> None:
    schema = REGISTRY.by_name(name)
    content = data.draw(contents(schema.resolved))

    assert len(check_content(schema, content)) == len(schema.leaves)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(REGISTRY.names))
def test_a_member_that_the_schema_does_not_name_is_refused(data: st.DataObject, name: str) -> None:
    schema = REGISTRY.by_name(name)
    content = data.draw(contents(schema.resolved))
    place = data.draw(st.sampled_from(list(objects(content))))
    place["unbekannt"] = "erfunden"

    with pytest.raises(ContentInvalid) as refused:
        check_content(schema, content)

    assert "unbekannt" not in str(refused.value) + str(refused.value.pointers)
    assert "erfunden" not in str(refused.value) + str(refused.value.pointers)


def accepts_name(name: str) -> bool:
    schema = REGISTRY.by_name("schule-mitteilung/1.0.0/mitteilung")
    return schema.pointers["/kind/name/vorname"].validator.is_valid(name)


def strings(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    if isinstance(value, (dict, list)):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            yield from strings(member, f"{place}/{name}")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            yield from objects(member)


def contents(schema: Any) -> st.SearchStrategy[Any]:
    """Describe every value of a part of a schema in its one spelling."""
    match schema["type"]:
        case "object":
            return objects_of(schema)
        case "array":
            items = contents(schema["items"]).filter(lambda item: item != {})
            least = max(1, schema.get("minItems", 0))
            return st.lists(items, min_size=least, max_size=schema["maxItems"])
        case "boolean":
            return st.just(schema["const"]) if "const" in schema else st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case _:
            return texts_of(schema)


@st.composite
def objects_of(draw: st.DrawFn, schema: Any) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    content = {}
    for name, member in schema["properties"].items():
        if name in required or draw(st.booleans()):
            value = draw(contents(member))
            # An optional part that states nothing is not written (SL1 § 4).
            if name in required or value not in ({}, []):
                content[name] = value
    return content


def texts_of(schema: Any) -> st.SearchStrategy[str]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    pattern = schema.get("pattern", "")
    if pattern and pattern.isascii():
        return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii")).filter(
            lambda text: schema["minLength"] <= len(text) <= schema["maxLength"]
        )
    alphabet = "aäßỹĐ’-" if pattern else 'aäß„\n"\\€ 1🙂'
    room = 2 + schema["x-bytes-per-char"] * schema["maxLength"]
    return st.text(alphabet, min_size=1, max_size=schema["maxLength"]).filter(
        lambda text: is_plain_text(text) and len(jcs(text)) <= room
    )
