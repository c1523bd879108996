# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file, above it the environment, above that the command line; and no password in any text."""

import subprocess
import sys
from pathlib import Path

import pytest

from hub.main.cli import app_for
from hub.main.options import settings
from hub.settings import CONFIG, ConfigError, Settings
from tests.house.source import ROOT

SECRET = "postgresql://hub:geheim@localhost/meldeweg"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MELDEWEG_{name.upper()}", raising=False)
    monkeypatch.delenv(CONFIG, raising=False)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "meldeweg.toml"
    monkeypatch.setenv(CONFIG, str(path))
    return path


def test_the_file_counts_where_nothing_else_is_said(config: Path) -> None:
    config.write_text('port = 9000\nlog_level = "error"\n', encoding="utf-8")

    assert (Settings().port, Settings().log_level, Settings().host) == (9000, "error", "127.0.0.1")


def test_the_environment_stands_above_the_file_and_the_command_line_above_both(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("port = 9000\n", encoding="utf-8")
    monkeypatch.setenv("MELDEWEG_PORT", "9001")

    assert Settings().port == 9001
    assert settings(port=9002, host=None).port == 9002
    assert settings(host=None).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "nicht lesbar"),
        ("port = ", "kein TOML"),
        (b"\xff".decode("latin-1"), "kein TOML"),
        ("prot = 8080\n", "keine Einstellung ist: prot"),
        ("[hub]\nport = 8080\n", "keine Einstellung ist: hub"),
    ],
    ids=["missing", "broken", "no text", "misspelt", "nested"],
)
def test_a_file_that_is_not_usable_is_said_to_be(config: Path, text: str | None, said: str) -> None:
    if text is not None:
        config.write_text(text, encoding="latin-1")

    with pytest.raises(ConfigError, match=said):
        Settings()


def test_an_address_with_a_password_is_in_no_text(config: Path) -> None:
    config.write_text(f'database_url = "{SECRET}"\n', encoding="utf-8")
    said = Settings()

    assert said.database_url.get_secret_value() == SECRET
    assert "geheim" not in f"{said!r} {said} {said.model_dump()} {said.model_dump_json()}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--database", "mysql://hub:geheim@localhost/meldeweg"),
        ("status", "--database", SECRET),
        ("doctor", "--database", "geheim"),
        ("init", "--hub-id", "hub.invalid", "--database", "postgresql://hub:geheim@/x?host=/nie"),
    ],
)
def test_a_command_does_not_repeat_an_address(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = meldeweg(*arguments, "--data-dir", str(tmp_path / "hub"))

    assert done.returncode != 0
    assert "geheim" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_be_read_is_named_without_its_value(tmp_path: Path) -> None:
    config = tmp_path / "meldeweg.toml"
    config.write_text('port = "geheim"\n', encoding="utf-8")

    done = meldeweg("--config", str(config), "status")

    assert (done.returncode, "port" in done.stderr) == (1, True)
    assert "geheim" not in done.stdout + done.stderr


def test_the_file_can_be_named_before_the_command(tmp_path: Path) -> None:
    config = tmp_path / "meldeweg.toml"
    config.write_text(f'data_dir = "{tmp_path / "anderswo"}"\n', encoding="utf-8")

    said = meldeweg(f"--config={config}", "status").stderr

    assert f"In {tmp_path / 'anderswo'} ist kein Hub" in said


@pytest.mark.parametrize(
    "arguments", [["status"], ["--config", "x", "status"], ["--config=x", "status", "--json"]]
)
def test_only_the_module_of_the_command_is_loaded(arguments: list[str]) -> None:
    names = {command.name for command in app_for(arguments).registered_commands}

    assert names == {"doctor", "status"}


def meldeweg(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
