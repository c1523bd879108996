# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every refusal and every failure can be told to those whom it meets."""

from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.errors import Failure, Refusal
from hub.protocols.legal import load_law
from hub.schemas import SPECS
from hub.web.problems import STATUS

PROBLEMS: dict[str, dict[str, str]] = YAML(typ="safe", pure=True).load(SPECS / "problems.yaml")


def kinds(root: type[Any]) -> Iterator[type[Any]]:
    for kind in root.__subclasses__():
        yield kind
        yield from kinds(kind)


# What tests define for themselves is nothing that a sender can meet.
CODES = {
    kind.code
    for root in (Refusal, Failure)
    for kind in kinds(root)
    if kind.__module__.startswith("hub.")
}


def test_every_code_is_explained_and_no_other() -> None:
    """Some are said by the HTTP edge alone, before anything of the house is asked."""
    assert set(PROBLEMS) == CODES | STATUS.keys()


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_an_explanation_says_what_is_and_what_to_do(code: str) -> None:
    explained = PROBLEMS[code]

    assert explained.keys() - {"basis"} == {"title_de", "advice_de", "title_en"}
    assert all(text == text.strip() and text for text in explained.values())
    assert explained["advice_de"].endswith(".")
    assert not explained["title_de"].endswith(".")


def test_a_statute_that_decides_is_in_the_law() -> None:
    cited = {explained["basis"] for explained in PROBLEMS.values() if "basis" in explained}

    assert cited <= load_law(SPECS / "law").keys()
