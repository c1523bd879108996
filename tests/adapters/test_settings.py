# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The guide explains every setting of a connector's file, each with the default that holds."""

import re

import pytest
from pydantic import BaseModel

from hub.adapters.connector.configuration import configuration_of
from hub.adapters.registry import SHIPPED, SettingsUnfit, kind_of
from hub.client.pkcs11 import PIN_FILE
from hub.client.wrapped import VARIABLE
from tests.adapters.settings_paper import TABLES, members, shown
from tests.house.source import ROOT

PAPER = (ROOT / "docs" / "adapter.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def explained(heading: str) -> dict[str, tuple[str, str]]:
    """Return the members that the guide explains under a heading: default and meaning."""
    sections = re.split(r"^### ", PAPER, flags=re.MULTILINE)
    for section in sections:
        first, _, rest = section.partition("\n")
        if first.replace("`", "") == heading:
            return {row[1]: (row[2], row[3]) for row in ROW.finditer(rest)}
    return {}


@pytest.mark.parametrize(("heading", "model"), TABLES.items(), ids=list(TABLES))
def test_every_setting_is_explained_with_its_default(heading: str, model: type[BaseModel]) -> None:
    said = explained(heading)

    assert {name: default for name, (default, _) in said.items()} == {
        name: shown(field) for name, field in members(model)
    }


def test_every_shipped_target_with_settings_of_its_own_has_a_table() -> None:
    own = {kind_of(name).settings_type for name in SHIPPED}

    assert own <= set(TABLES.values())


def test_what_stands_in_the_environment_is_explained() -> None:
    assert all(f"| `{name}` |" in PAPER for name in (VARIABLE, PIN_FILE))


def test_a_setting_that_nobody_knows_is_refused_by_its_place_and_not_repeated() -> None:
    for said, place in (
        ({"Erfunden": 1}, "/Erfunden"),
        ({"leases": {"secounds": 5}}, "/leases/secounds"),
        ({"keeping": {"days": 0}}, "/keeping/days"),
    ):
        with pytest.raises(SettingsUnfit) as unfit:
            configuration_of(said, ROOT)
        assert str(unfit.value).startswith(place)
