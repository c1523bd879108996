# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contents that their schema allows and a rule does not."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import ContentInvalid
from hub.model.protocol import Step
from hub.protocols.rules import RULES, Saying, check_rules
from hub.sealing.content import check_content
from tests.law.shipped import CATALOGUE, examples_of, read, schema_of, the_step

Change = Callable[[dict[str, Any]], object]


def an_example(protocol: str, step: str, word: str = "") -> dict[str, Any]:
    """Return a valid example of a step: that with the word in its name, or the first."""
    paths = [path for path in examples_of(the_step(protocol, step)) if word in path.stem]
    content: dict[str, Any] = read(paths[0])
    return content


def changed(content: dict[str, Any], change: Change) -> dict[str, Any]:
    change(content)
    return content


def keeps(rule: str, protocol: str, step: str, content: dict[str, Any], **claims: str) -> None:
    """Hold a content against one rule of a step, which it keeps."""
    check_rules((rule,), _saying(rule, the_step(protocol, step), content, claims), CATALOGUE.cite)


def breaks(
    rule: str, protocol: str, step: str, content: dict[str, Any], **claims: str
) -> tuple[str, ...]:
    """Hold a content against one rule of a step, and return where it is broken.

    The schema alone would let it pass, and the refusal says the sentence and the law of the rule.
    """
    saying = _saying(rule, the_step(protocol, step), content, claims)
    with pytest.raises(ContentInvalid) as refused:
        check_rules((rule,), saying, CATALOGUE.cite)

    basis = RULES[rule].basis
    assert str(refused.value) == RULES[rule].says
    assert refused.value.basis == (CATALOGUE.cite(basis) if basis else None)
    return refused.value.pointers


def _saying(rule: str, step: Step, content: dict[str, Any], claims: dict[str, str]) -> Saying:
    assert rule in step.rules, f"{step.schema_name} does not name {rule}"
    check_content(schema_of(step), content)
    return Saying(
        content,
        claims.get("basis", step.basis_sender[0]),
        claims.get("urgency", step.urgencies[0]),
        frozenset({claims["by"]} if "by" in claims else ()),
    )
