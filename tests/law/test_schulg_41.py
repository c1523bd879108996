# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 41 SchulG NRW: before a child is fetched to school, somebody warned in writing."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed
from tests.law.holds import holds

STEPS = ["unterrichtung", "ersuchen", "antrag"]
RULE = "zufuehrung-nur-nach-mahnung"


@holds("rule:zufuehrung-nur-nach-mahnung")
@pytest.mark.parametrize("step", ["unterrichtung", "ersuchen"])
@pytest.mark.parametrize(
    ("warning", "where"),
    [
        ({"schriftlich": False}, "/mahnung/schriftlich"),
        ({"schriftlich": True}, "/mahnung/am"),
        ({"schriftlich": True, "am": "2026-03-24"}, "/mahnung/am"),
    ],
    ids=["by word of mouth", "on no day", "afterwards"],
)
def test_abs_4_a_warning_in_writing_comes_first(
    step: str, warning: dict[str, Any], where: str
) -> None:
    content = changed(
        an_example("schulabsentismus", step),
        lambda it: it.update(massnahme={"art": "zufuehrung", "ab": "2026-03-24"}, mahnung=warning),
    )

    assert breaks(RULE, "schulabsentismus", step, content) == (where,)
