# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One word for each thing: every role, step and protocol is in the glossary."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.protocols.legal import load_law
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS, SPECS

ENTRIES: list[dict[str, str]] = YAML(typ="safe", pure=True).load(SPECS / "glossary.yaml")["entries"]
IDS = {kind: {entry["id"] for entry in ENTRIES if entry["kind"] == kind} for kind in
       ("noun", "urgency", "role", "step", "protocol")}  # fmt: skip
PROTOCOLS = sorted((SPECS / "protocols").glob("*/*/protocol.yaml"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['kind']}-{entry['id']}")
def test_an_entry_has_a_word_an_id_and_a_note(entry: dict[str, str]) -> None:
    assert entry.keys() <= {"word", "id", "kind", "statute", "note"}
    assert entry["kind"] in IDS
    assert entry["word"][0].isupper()
    assert re.fullmatch(r"[a-z][A-Za-z0-9-]+", entry["id"])
    assert entry["note"].endswith(".")


def test_nothing_has_two_words() -> None:
    ids = Counter((entry["kind"], entry["id"]) for entry in ENTRIES)

    assert ids.most_common(1)[0][1] == 1


def test_every_statute_named_is_in_the_law() -> None:
    known = {basis.citation for basis in load_law(SPECS / "law").values()}

    assert {entry["statute"] for entry in ENTRIES if "statute" in entry} <= known


def test_every_step_with_a_schema_is_in_the_glossary() -> None:
    names = load_schemas(SCHEMAS).names

    assert {name.rpartition("/")[2] for name in names} <= IDS["step"]
    assert {name.partition("/")[0] for name in names} <= IDS["protocol"]


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_every_role_and_step_of_a_protocol_is_in_the_glossary(path: Path) -> None:
    protocol: dict[str, Any] = YAML(typ="safe", pure=True).load(path)

    assert protocol["id"] in IDS["protocol"]
    assert {role["id"] for role in protocol["roles"]} <= IDS["role"]
    assert {step["id"] for step in protocol["steps"]} <= IDS["step"]


def test_the_catalogue_has_twenty_protocols() -> None:
    assert len(IDS["protocol"]) == 20
