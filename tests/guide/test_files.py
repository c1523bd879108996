# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the guide gives to be copied is understood by the program, and by the system."""

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from hub.adapters.connector.configuration import Configuration, configuration_of
from hub.main.connector_init import TEXT
from tests.guide.player import blocks
from tests.house.source import ROOT

GUIDE = (ROOT / "docs" / "anbindung.md").read_text("utf-8")
EXAMPLE = (ROOT / "deploy" / "connector.toml").read_text("utf-8")
FIRST = TEXT.format(
    units="jugendamt:05170032.asd",
    hub="https://hub.example.invalid",
    file="anbindung/connector.toml",
    agencies='["/srv/jugendamt/asd"]',
    public_url='"http://localhost:8083"',
    port=8083,
    proxy='#behind_proxy = "127.0.0.1"',
    operator='#operator = "Stadt (erfunden)"',
)
FINDING = re.compile(r"\b(?:good|hint|bad)\(\s*\"([a-z-]+)\"")
NAMED = re.compile(r"`([a-z-]+)`")
SETTING = re.compile(r"^#(?=[\w\[])", re.MULTILINE)
"""A line that is a setting but for its first character; prose has a blank there."""


def understood(text: str) -> Configuration:
    return configuration_of(tomllib.loads(text), Path("/etc/meldeweg"))


@pytest.mark.parametrize("text", [EXAMPLE, FIRST], ids=["deploy", "init"])
def test_a_file_is_understood_as_it_is_and_with_all_that_it_offers(text: str) -> None:
    as_it_is = understood(text)
    with_everything = understood(SETTING.sub("", text))

    assert as_it_is.settings.inbox is not None
    assert [each.kind for each in as_it_is.targets] == ["inbox"]
    assert len(SETTING.findall(text)) > 5
    assert "inbox" not in {each.kind for each in with_everything.targets}
    assert with_everything.settings.inbox != as_it_is.settings.inbox


def test_the_example_has_every_kind_of_target_with_a_counterpart() -> None:
    targets = understood(SETTING.sub("", EXAMPLE)).targets

    assert [each.kind for each in targets] == ["folder", "sftp", "https", "mail"]


@pytest.mark.parametrize("block", blocks(GUIDE, "toml"))
def test_what_the_guide_shows_of_a_file_is_understood(block: str) -> None:
    assert understood(block).targets


def test_the_service_starts_the_program_with_the_file_that_the_guide_puts_there() -> None:
    # Some names stand there several times, which the form of these files allows.
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # names have capitals here
    unit.read(ROOT / "deploy" / "connector.service", "utf-8")
    service = unit["Service"]

    program, command, option, file = service["ExecStart"].split()
    assert (program.rpartition("/")[2], command, option) == ("meldeweg", "connector", "--config")
    assert file == "/etc/meldeweg/connector.toml"
    assert file in GUIDE
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    assert f"/var/lib/{service['StateDirectory']}/" in EXAMPLE
    assert int(service["TimeoutStopSec"]) > understood(EXAMPLE).settings.grace


def test_each_finding_of_the_check_is_in_the_guide_and_no_other() -> None:
    table = GUIDE[GUIDE.index("| Kennung |") :].split("\n\n", 1)[0]
    told = {each for row in table.splitlines()[2:] for each in NAMED.findall(row.split(" | ")[0])}
    sources = [path.read_text("utf-8") for path in (ROOT / "hub" / "main").glob("connector_*.py")]

    found = {name for source in sources for name in FINDING.findall(source)}
    assert told == found | {"ziel-"}
