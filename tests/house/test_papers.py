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
from hub.settings import CONFIG, Settings

ROOT = Path(__file__).parents[2]
PAPERS = ("README.md", "docs/betrieb.md")
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
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]

    context = command.make_context(command.name, arguments)

    assert not context.args


def settings_in_the_example() -> dict[str, tuple[str, bool]]:
    """Return the value of each setting, and whether it is commented out."""
    text = (ROOT / "deploy" / "example.env").read_text("utf-8")
    found = re.findall(r"^(#?)MELDEWEG_(\w+)=(.+)$", text, re.MULTILINE)
    return {name.lower(): (value, mark == "#") for mark, name, value in found}


def test_the_example_has_every_setting_with_the_value_that_counts_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MELDEWEG_{name.upper()}", raising=False)

    monkeypatch.delenv(CONFIG, raising=False)
    example, defaults = settings_in_the_example(), Settings()

    # Where the file of settings is cannot stand in the file itself.
    assert example.pop("config")[1]
    assert example.keys() == Settings.model_fields.keys()
    for name, (value, is_commented) in example.items():
        default = getattr(defaults, name)
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        assert is_commented == (default in (None, ""))
        assert is_commented or value == str(default)
