# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A form lets every valid example through as it is, and stops every other one or leaves it out."""

import json
import re
import subprocess
from dataclasses import dataclass
from typing import Any, Final

import pytest

from hub.forms.form import describe
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS
from tests.interop.node import ROOT, node

HARNESS: Final = ROOT / "tests/portal/js/forms.js"


@dataclass(frozen=True)
class Tried:
    """One example under one step, and what the form made of it."""

    name: str
    is_valid: bool
    content: Any
    made: Any
    errors: list[dict[str, Any]]
    rows: list[str]


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    catalogue = load_compiled()
    forms, asked, named = {}, [], []
    for protocol in catalogue.all():
        for step in protocol.steps:
            key = f"{protocol.name}/{step.id}"
            forms[key] = describe(catalogue, protocol, step)
            folder, _, name = step.schema_name.rpartition("/")
            for path in sorted((SCHEMAS / folder / "examples").glob(f"{name}.*.json")):
                content = json.loads(path.read_bytes())
                named.append((f"{key}: {path.name}", ".valid." in path.name, content))
                asked.append({"form": key, "content": content})
    ran = subprocess.run(
        [node(), str(HARNESS)],
        input=json.dumps({"forms": forms, "asked": asked}),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return [
        Tried(*name, answer["content"], answer["errors"], answer["rows"])
        for name, answer in zip(named, json.loads(ran.stdout), strict=True)
    ]


def test_a_valid_example_goes_through_a_form_unchanged(tried: list[Tried]) -> None:
    valid = [each for each in tried if each.is_valid]

    changed = [(each.name, each.content, each.made) for each in valid if each.content != each.made]

    assert len(valid) > 100
    assert changed == []


def test_nothing_is_wrong_with_a_valid_example(tried: list[Tried]) -> None:
    stopped = [(each.name, each.errors) for each in tried if each.is_valid and each.errors]

    assert stopped == []


def test_an_invalid_example_is_stopped_or_loses_what_has_no_place(tried: list[Tried]) -> None:
    let_through = [
        each.name
        for each in tried
        if not each.is_valid and not each.errors and each.made == each.content
    ]

    assert let_through == []


def test_every_error_leads_to_a_page_and_is_a_sentence(tried: list[Tried]) -> None:
    errors = [error for each in tried for error in each.errors]

    assert errors
    for error in errors:
        assert error["fieldId"].startswith("feld")
        assert re.search(r"[.!?)]$", error["message"]), error["message"]
        assert "undefined" not in error["message"]


def test_every_value_of_a_valid_example_is_shown_before_it_leaves(tried: list[Tried]) -> None:
    for each in tried:
        if each.is_valid:
            shown = {re.sub(r"/\d+$", "", pointer) for pointer in each.rows}
            assert {_asked(pointer) for pointer in _leaves(each.content)} <= shown, each.name


def _leaves(part: Any, pointer: str = "") -> list[str]:
    if isinstance(part, dict):
        return [
            leaf for name, member in part.items() for leaf in _leaves(member, f"{pointer}/{name}")
        ]
    if isinstance(part, list):
        return [leaf for i, item in enumerate(part) for leaf in _leaves(item, f"{pointer}/{i}")]
    return [pointer]


def _asked(pointer: str) -> str:
    """Return the pointer of the question: a birth is one, and so are several boxes to tick."""
    birth = re.sub(r"/(geburt[a-z_]*)/(jahr|monat|tag)$", r"/\1", pointer)
    return re.sub(r"/\d+$", "", birth)
