# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing that the catalogue demands is left without a test that would miss it."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from hub.errors import ContentInvalid
from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.rules import RULES, Saying, check_rules
from tests.law.holds import demanded
from tests.law.shipped import CATALOGUE, STEPS, examples_of, name_of, read

FOLDERS = (Path(__file__).parent, Path(__file__).parents[1] / "journeys" / "protocols")
WITH_RULES = [pytest.param(*each, id=name_of(*each)) for each in STEPS if each[1].rules]


def held() -> Iterator[str]:
    """Yield the demands that tests say they hold, read from the tests themselves."""
    for folder in FOLDERS:
        for path in sorted(folder.glob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "holds":
                    yield from (str(ast.literal_eval(each)) for each in node.args)


@pytest.mark.parametrize("demand", sorted(set(demanded())))
def test_every_demand_has_a_test(demand: str) -> None:
    assert demand in set(held())


def test_no_test_holds_what_nobody_demands() -> None:
    assert set(held()) <= set(demanded())


def test_every_rule_is_named_by_a_step() -> None:
    named = {rule for _, step in STEPS for rule in step.rules}

    assert named == set(RULES)


@pytest.mark.parametrize(("protocol", "step"), WITH_RULES)
def test_every_valid_example_keeps_the_rules_of_its_step(protocol: Protocol, step: Step) -> None:
    """With one of the bases and urgencies at least: a rule may tie a content to either.

    A later version may refuse by a rule what the version of its schema let pass.
    """
    kept = {path.name: can_be_said(step, read(path)) for path in examples_of(step)}

    if step.schema_name.startswith(f"{protocol.name}/"):
        assert all(kept.values()), [name for name, holds in kept.items() if not holds]
    assert any(kept.values())


def can_be_said(step: Step, content: JsonObject) -> bool:
    bases = {code for role in step.sender for code in step.bases_of({role})}
    claims = product(bases, step.urgencies)
    return any(is_kept(step, Saying(content, basis, urgency)) for basis, urgency in claims)


def is_kept(step: Step, saying: Saying) -> bool:
    try:
        check_rules(step.rules, saying, CATALOGUE.cite)
    except ContentInvalid:
        return False
    return True
