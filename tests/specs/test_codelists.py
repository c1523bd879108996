# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every value that a schema offers is one of a code list, and says where it comes from."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.model.json import JsonObject
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS, SPECS

REGISTRY = load_schemas(SCHEMAS)
FILES = sorted((SPECS / "codelists").glob("*.yaml"))
NAMED = re.compile(r"(Auswahl aus )?Codeliste ([a-z-]+)\.")


def load(path: Path) -> dict[str, Any]:
    codelist: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return codelist


LISTS = {path.stem: load(path) for path in FILES}


def choices() -> list[tuple[str, JsonObject]]:
    leaves = [(name, leaf) for name in REGISTRY.names for leaf in REGISTRY.by_name(name).leaves]
    return [
        (f"{name}{leaf.pointer}", leaf.schema) for name, leaf in leaves if "enum" in leaf.schema
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_code_list_says_what_it_is_and_where_it_comes_from(path: Path) -> None:
    codelist = LISTS[path.stem]

    assert codelist.keys() <= {
        "id", "title", "version", "status", "urn", "source", "remark", "values",
    }  # fmt: skip
    assert codelist["id"] == path.stem
    assert codelist["status"] in {"geprueft", "teilweise", "eigen"}
    assert codelist["source"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", codelist["version"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_code_is_there_once_and_has_a_title(path: Path) -> None:
    values = LISTS[path.stem]["values"]
    codes = [value["code"] for value in values]

    assert len(set(codes)) == len(codes)
    for value in values:
        assert value.keys() <= {"code", "title", "xjustiz"}
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value["code"])
        assert isinstance(value["title"], str)


@pytest.mark.parametrize(("place", "leaf"), choices(), ids=lambda each: str(each)[:60])
def test_what_a_schema_offers_is_what_the_code_list_has(place: str, leaf: JsonObject) -> None:
    named = NAMED.match(str(leaf["$comment"]))
    assert named, place
    codes = [value["code"] for value in LISTS[named[2]]["values"]]
    offered: Any = leaf["enum"]

    if named[1]:
        assert set(offered) < set(codes), place
        assert offered == [code for code in codes if code in offered], place
    else:
        assert offered == codes, place


def test_every_code_list_is_used() -> None:
    named = {NAMED.match(str(leaf["$comment"])) for _, leaf in choices()}

    assert {match[2] for match in named if match} == LISTS.keys()
