# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The paper for lawyers explains what there is, and hides nothing that is open."""

import re
from pathlib import Path

import pytest

from hub.model.protocol import Protocol, Step
from hub.protocols.guarded import GUARDED
from hub.protocols.legal import load_law
from hub.schemas import SPECS

PAPER = (SPECS / "README.md").read_text("utf-8")
LAW = load_law(SPECS / "law")

SHOWN_BY_ITSELF = {
    "id", "version", "number", "title", "purpose", "digest", "steps", "source",
    "schema_name", "schema_digest",
}  # fmt: skip
"""What needs no explanation, or belongs to the machine."""


def section(title: str) -> str:
    """Return the part of the paper under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAPER, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def short(statute: str) -> str:
    found = re.search(r"\(([^()]+)\)$", statute)
    assert found, statute
    return found[1]


@pytest.mark.parametrize(
    "member", sorted((set(Protocol.model_fields) | set(Step.model_fields)) - SHOWN_BY_ITSELF)
)
def test_every_member_of_a_protocol_is_explained(member: str) -> None:
    assert f"`{member}`" in section("Ein Verfahren lesen")


def test_every_guarded_class_is_explained() -> None:
    assert all(f"`{name}`" in section("Ein Verfahren lesen") for name in GUARDED)


@pytest.mark.parametrize(
    "statute", sorted({each.statute for each in LAW.values() if each.pruefstand != "geprueft"})
)
def test_a_statute_that_was_not_read_in_full_is_listed_as_open(statute: str) -> None:
    assert short(statute) in section("Vor Gebrauch zu lesen")


@pytest.mark.parametrize(
    "statute", sorted({each.statute for each in LAW.values() if each.kjsg.startswith("Neu")})
)
def test_a_statute_with_new_law_is_among_those_that_changed(statute: str) -> None:
    assert re.search(
        rf"^\| {short(statute)} \|", section("Was das KJSG geändert hat"), re.MULTILINE
    )


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", PAPER))))
def test_what_the_paper_points_to_is_there(target: str) -> None:
    assert (Path(SPECS) / target).exists()
