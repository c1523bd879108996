# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every value that a schema offers is one of a code list, and says where it comes from."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from typer.testing import CliRunner

from hub.main.cli import app_for
from hub.model.codelist import CodeList
from hub.model.json import JsonObject
from hub.protocols.codelists import GENERICODE, genericode, load_codelists
from hub.protocols.rules.kkg import NAMED_IN_ABS_1
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS, SPECS

REGISTRY = load_schemas(SCHEMAS)
LISTS = load_codelists(SPECS / "codelists")
NAMED = re.compile(r"(Auswahl aus )?Codeliste ([a-z0-9-]+)\.")
OUR_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

each_list = pytest.mark.parametrize(
    "codelist", [pytest.param(each, id=each.id) for each in LISTS.values()]
)


def choices() -> list[tuple[str, JsonObject]]:
    leaves = [(name, leaf) for name in REGISTRY.names for leaf in REGISTRY.by_name(name).leaves]
    return [
        (f"{name}{leaf.pointer}", leaf.schema) for name, leaf in leaves if "enum" in leaf.schema
    ]


def codes_of(codelist: CodeList) -> list[str]:
    return [value.code for value in codelist.values]


def written(folder: Path, text: str, name: str = "erfunden.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def parsed(codelist: CodeList) -> Element:
    return fromstring(genericode(codelist))  # noqa: S314  our own text


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app_for(arguments), list(arguments))
    return done.exit_code, done.output


SOUND = """\
id: erfunden
title: Erfundene Liste
version: "1.0.0"
status: eigen
source: Vorgabe des Projekts.
values:
  - {code: a, title: Erstes & <Letztes>}
"""


@each_list
def test_a_code_list_that_is_not_ours_says_where_it_was_read(codelist: CodeList) -> None:
    if codelist.status != "eigen":
        assert codelist.source.strip() != "Vorgabe des Projekts."
    if codelist.list_version or codelist.part:
        assert codelist.urn


@each_list
def test_a_code_is_a_word_of_ours_or_an_official_key(codelist: CodeList) -> None:
    for code in codes_of(codelist):
        assert codelist.urn or OUR_CODE.fullmatch(code), code


@each_list
def test_titles_are_there_once(codelist: CodeList) -> None:
    """Two entries that look alike in a form are one entry, or one of them is wrong."""
    titles = [value.title for value in codelist.values]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("place", "leaf"), choices(), ids=lambda each: str(each)[:60])
def test_what_a_schema_offers_is_what_the_code_list_has(place: str, leaf: JsonObject) -> None:
    named = NAMED.match(str(leaf["$comment"]))
    assert named, place
    codes = codes_of(LISTS[named[2]])
    offered: Any = leaf["enum"]

    if named[1]:
        assert set(offered) < set(codes), place
        assert offered == [code for code in codes if code in offered], place
    else:
        assert offered == codes, place


def test_a_code_list_is_used_by_a_schema_or_says_what_it_is_for() -> None:
    matches = (NAMED.match(str(leaf["$comment"])) for _, leaf in choices())
    used = {match[2] for match in matches if match}

    assert used == {each.id for each in LISTS.values() if not each.used_for}


def test_the_professions_that_get_feedback_are_those_of_the_list() -> None:
    """§ 4 Abs. 1 KKG names seven; whoever is none of them is „sonstige“."""
    assert set(codes_of(LISTS["kkg-person"])) == NAMED_IN_ABS_1 | {"sonstige"}
    assert set(codes_of(LISTS["kkg-berufsgruppe"])) <= set(codes_of(LISTS["kkg-person"]))


def test_the_kinds_of_danger_are_those_of_the_statistics() -> None:
    """§ 99 Abs. 6 SGB VIII: whoever counted otherwise would have to ask a second time."""
    kinds = codes_of(LISTS["gefaehrdung-art"])

    assert set(kinds) <= set(codes_of(LISTS["vsm-anlass"]))
    assert len(kinds) == 4
    assert len(codes_of(LISTS["kwg-bekannt-machende-stelle"])) == 14


def test_the_key_of_xjustiz_beside_a_role_is_one_that_xjustiz_has() -> None:
    known = set(codes_of(LISTS["xjustiz-rolle"]))

    assert {value.xjustiz for value in LISTS["sorge-rolle"].values} <= known


def test_an_extract_has_the_keys_and_titles_of_the_whole_list() -> None:
    whole = {value.code: value.title for value in LISTS["xoev-erreichbarkeit"].values}

    for value in LISTS["kontaktkanal"].values:
        assert whole[value.code] == value.title


@each_list
def test_others_can_read_the_list_as_genericode(codelist: CodeList) -> None:
    root = parsed(codelist)
    rows = [
        {str(cell.get("ColumnRef")): cell.findtext("SimpleValue") for cell in row}
        for row in root.iterfind("SimpleCodeList/Row")
    ]
    declared = {str(column.get("Id")): column for column in root.iterfind("ColumnSet/Column")}

    assert root.tag == f"{{{GENERICODE}}}CodeList"
    assert [row["code"] for row in rows] == codes_of(codelist)
    assert [row["name"] for row in rows] == [value.title for value in codelist.values]
    for name, column in declared.items():
        assert column.get("Use") == "optional" or all(name in row for row in rows)
    assert {name for row in rows for name in row} == declared.keys()


@each_list
def test_genericode_names_list_and_version(codelist: CodeList) -> None:
    identity = parsed(codelist).find("Identification")
    assert isinstance(identity, Element)

    assert [part.tag for part in identity] == [
        "ShortName", "LongName", "Version", "CanonicalUri", "CanonicalVersionUri",
    ]  # fmt: skip
    uri, version = identity.findtext("CanonicalUri"), identity.findtext("Version")
    assert uri == codelist.canonical_uri
    assert identity.findtext("CanonicalVersionUri") == f"{uri}_{version}"
    assert not re.search(r"\s", str(identity.findtext("ShortName")))


def test_only_a_whole_list_bears_the_official_name() -> None:
    """Whoever read an extract under that name would take what is missing for wrong."""
    official = "urn:de:xoev:codeliste:erreichbarkeit"
    whole, extract, own = (
        LISTS[name] for name in ("xoev-erreichbarkeit", "kontaktkanal", "sorge-rolle")
    )

    assert (whole.canonical_uri, whole.canonical_version) == (official, "3")
    assert extract.urn == official
    assert extract.canonical_uri == "urn:meldeweg:codeliste:kontaktkanal"
    assert extract.canonical_version == extract.version
    assert own.canonical_uri == "urn:meldeweg:codeliste:sorge-rolle"


def test_no_two_lists_have_the_same_name_outside() -> None:
    uris = [each.canonical_uri for each in LISTS.values()]

    assert len(set(uris)) == len(uris)


def test_a_title_can_hold_what_xml_reserves(tmp_path: Path) -> None:
    codelist = load_codelists(written(tmp_path, SOUND))["erfunden"]

    assert parsed(codelist).findtext(".//Row/Value[2]/SimpleValue") == ("Erstes & <Letztes>")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (SOUND.replace("id: erfunden", "id: anders"), "not named after"),
        (SOUND + "  - {code: a, title: Noch einmal}\n", "there twice"),
        (SOUND + "colour: red\n", "says too much"),
        (SOUND.replace("status: eigen", "status: sicher"), "incomplete"),
        (SOUND.replace("code: a", "code: ä"), "incomplete"),
        (SOUND.replace("source: Vorgabe des Projekts.\n", ""), "incomplete"),
        (SOUND + "title: zweimal\n", "not YAML"),
        ("- nur eine Aufzählung\n", "incomplete"),
        (SOUND + "remark: 2026-11-22\n", "incomplete"),
    ],
)
def test_a_list_that_does_not_hold_is_named(tmp_path: Path, broken: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"erfunden\.yaml.*{reason}"):
        load_codelists(written(tmp_path, broken))


def test_the_lists_can_be_looked_up_at_the_command_line() -> None:
    code, listed = run("codelists", "list", "--json")

    assert code == 0
    assert [each["id"] for each in json.loads(listed)] == list(LISTS)
    assert "gefaehrdung-art" in run("codelists", "list")[1]


def test_a_list_is_shown_to_people_and_to_programs() -> None:
    read = run("codelists", "show", "kontaktkanal")[1]
    _, told = run("codelists", "show", "kontaktkanal", "--json")
    _, published = run("codelists", "show", "kontaktkanal", "--genericode")

    assert "Auszug aus urn:de:xoev:codeliste:erreichbarkeit, Version 3" in read
    assert "02  Telefon Festnetz" in read
    assert json.loads(told)["values"][0] == {"code": "01", "title": "E-Mail"}
    assert published == genericode(LISTS["kontaktkanal"])


def test_an_unknown_list_is_no_list() -> None:
    code, said = run("codelists", "show", "gibt-es-nicht")

    assert code == 1
    assert "meldeweg codelists list" in said
