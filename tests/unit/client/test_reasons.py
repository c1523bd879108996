# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The reasons that the SDK knows are those of the code lists, word for word."""

from collections.abc import Mapping

import pytest
from ruamel.yaml import YAML

from hub.client import addressing, incidents
from hub.schemas import SPECS


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("adressierung-grund", addressing.REASONS),
        ("nicht-fuer-uns-grund", incidents.REASONS),
    ],
)
def test_the_reasons_are_those_of_the_code_list(name: str, reasons: Mapping[str, str]) -> None:
    said = YAML(typ="safe", pure=True).load(SPECS / "codelists" / f"{name}.yaml")

    assert {each["code"]: each["title"] for each in said["values"]} == dict(reasons)
