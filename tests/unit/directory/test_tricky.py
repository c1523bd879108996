# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where people err about who is responsible: a table that does not come out of the tables."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hub.directory.land import Land
from hub.errors import RecipientUnknown

TODAY = date(2026, 11, 22)
CASES: list[dict[str, str]] = YAML(typ="safe", pure=True).load(
    (Path(__file__).parent / "tricky.yaml").read_text("utf-8")
)
LAND = Land.shipped()


def test_there_are_at_least_forty_and_each_has_its_reason() -> None:
    assert len(CASES) >= 40
    assert all(case["because"] for case in CASES)
    assert len({(case["kind"], case["where"]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']} {case['where']}")
def test_the_office_is_the_right_one_and_says_why(case: dict[str, str]) -> None:
    office = LAND.responsible(case["kind"], LAND.municipality(case["where"]).ags, TODAY)

    assert office.organisation == case["office"]
    assert case["says"] in office.reason


@pytest.mark.parametrize("name", ["Wesel", "Kleve", "Aachen", "Soest", "Unna", "Kreis Steinfurt"])
def test_a_name_of_a_town_and_its_kreis_is_asked_about(name: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        LAND.municipality(name)

    assert len(refused.value.allowed) > 1
