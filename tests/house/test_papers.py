# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What operators copy from our papers exists: every command, every option, every setting."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from pydantic import SecretStr

from hub.main.cli import app_for
from hub.portal import settings as portal
from hub.settings import CONFIG, Settings

ROOT = Path(__file__).parents[2]
PAPERS = ("README.md", "docs/betrieb.md", "docs/portal.md")
TYPED = re.compile(r"^(?:\.venv/bin/)?meldeweg (.+)$", re.MULTILINE)


def typed(paper: str) -> list[str]:
    text = (ROOT / paper).read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return TYPED.findall("\n".join(blocks).replace("\\\n", " "))


@pytest.mark.parametrize("line", [line for paper in PAPERS for line in typed(paper)])
def test_a_command_in_our_papers_is_one_that_there_is(line: str) -> None:
    """Parsing refuses an unknown command or option, and an argument too many or too few."""
    arguments = shlex.split(line)
    command = typer.main.get_command(app_for(arguments))
    while hasattr(command, "commands") and not arguments[0].startswith("-"):
        command = command.commands[arguments.pop(0)]

    context = command.make_context(command.name, arguments)

    assert not context.args


def settings_in(example: str, prefix: str) -> dict[str, tuple[str, bool]]:
    """Return the value of each setting, and whether it is commented out."""
    text = (ROOT / "deploy" / example).read_text("utf-8")
    found = re.findall(rf"^(#?){prefix}(\w+)=(.+)$", text, re.MULTILINE)
    return {name.lower(): (value, mark == "#") for mark, name, value in found}


@pytest.mark.parametrize(
    ("example", "prefix", "settings", "config"),
    [
        ("example.env", "MELDEWEG_", Settings, CONFIG),
        ("portal.env", "MELDEWEG_PORTAL_", portal.PortalSettings, portal.CONFIG),
    ],
)
def test_the_example_has_every_setting_with_the_value_that_counts_without_it(
    example: str,
    prefix: str,
    settings: type[Settings | portal.PortalSettings],
    config: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in settings.model_fields:
        monkeypatch.delenv(f"{prefix}{name.upper()}", raising=False)

    monkeypatch.delenv(config, raising=False)
    said, defaults = settings_in(example, prefix), settings()

    # Where the file of settings is cannot stand in the file itself.
    assert said.pop("config")[1]
    assert said.keys() == settings.model_fields.keys()
    for name, (value, is_commented) in said.items():
        default = getattr(defaults, name)
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        assert is_commented == (default in (None, ""))
        assert is_commented or value == str(default)
