# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 82a SGB X: that somebody is not told is a decision, and a decision has a reason."""

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds
from tests.law.shipped import STEPS

RULE = "ohne-hinweis-nur-mit-grund"
NAMING = [(protocol.id, step.id) for protocol, step in STEPS if RULE in step.rules]


@holds("rule:ohne-hinweis-nur-mit-grund")
@pytest.mark.parametrize(("protocol", "step"), NAMING)
def test_abs_3_whoever_does_not_tell_those_concerned_says_why(protocol: str, step: str) -> None:
    content = an_example(protocol, step)
    content["information"] = {"betroffene_informiert": "nein-schutz"}

    assert breaks(RULE, protocol, step, content) == ("/information/grund",)


def test_abs_3_whoever_told_them_owes_no_reason() -> None:
    content = an_example("jugendamt-mitteilung", "mitteilung")
    content["information"] = {"betroffene_informiert": "ja"}

    keeps(RULE, "jugendamt-mitteilung", "mitteilung", content)


def test_abs_3_a_reason_is_enough() -> None:
    content = changed(
        an_example("jugendamt-mitteilung", "mitteilung"),
        lambda it: it.update(
            information={"betroffene_informiert": "nein-schutz", "grund": "Sie drohten dem Kind."}
        ),
    )

    keeps(RULE, "jugendamt-mitteilung", "mitteilung", content)
