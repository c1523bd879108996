# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§§ 36, 86c SGB VIII: a case with a Hilfeplan changes hands in a talk."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

TALK = ("fallabgabe", "gespraech")
RULE = "hilfeplanfall-nur-mit-gespraech"


@holds("rule:hilfeplanfall-nur-mit-gespraech")
@pytest.mark.parametrize(
    ("talk", "missing"),
    [
        ({"erfolgt": False, "grund": "Keine Zeit."}, {"/gespraech/erfolgt"}),
        ({"erfolgt": True}, {"/gespraech/am", "/gespraech/beteiligte"}),
    ],
)
def test_abs_2_with_a_hilfeplan_no_reason_replaces_the_talk(
    talk: dict[str, Any], missing: set[str]
) -> None:
    content = changed(an_example(*TALK), lambda it: it.update(hilfeplanfall=True, gespraech=talk))

    assert set(breaks(RULE, *TALK, content)) == missing


def test_abs_2_without_one_a_reason_is_enough() -> None:
    content = changed(
        an_example(*TALK),
        lambda it: it.update(
            hilfeplanfall=False, gespraech={"erfolgt": False, "grund": "Nur eine Beratung lief."}
        ),
    )

    keeps(RULE, *TALK, content)
