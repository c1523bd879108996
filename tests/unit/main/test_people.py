# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator lets people in by command, with a hub that runs and with one that does not."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.main.assembly import create_hub
from hub.main.cli import app_for
from hub.main.folder import DataDir
from tests.world import HUB_ID, NETWORK


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    monkeypatch.setenv("MELDEWEG_PUBLIC_URL", "http://localhost:8080")
    made = DataDir(tmp_path / "hub")
    create_hub(made, HUB_ID, (NETWORK,))
    return made


def run(data: DataDir, *words: str, code: int = 0) -> Any:
    arguments = ["people", *words, "--data-dir", str(data.path), "--json"]
    ran = CliRunner().invoke(app_for(arguments), arguments)
    assert ran.exit_code == code, ran.output
    return json.loads(ran.stdout) if code == 0 else ran.output


def test_somebody_is_let_in_given_another_role_and_loses_it(data: DataDir) -> None:
    made = run(data, "add", "Koordination", "--role", "koordination", "--for", "koordination:05170")
    run(data, "grant", made["person"], "--role", "betrieb")
    before = run(data, "list")
    run(data, "revoke", made["person"], "--role", "koordination", "--for", "koordination:05170")
    after = run(data, "list")

    assert made["link"].startswith("http://localhost:8080/anmeldung/einmal?code=")
    assert [role["role"] for role in before[0]["roles"]] == ["koordination", "betrieb"]
    assert [role["role"] for role in after[0]["roles"]] == ["betrieb"]
    assert after[0]["passkeys"] == 0


def test_each_link_is_another(data: DataDir) -> None:
    made = run(data, "add", "Betrieb", "--role", "betrieb")
    newer = run(data, "link", made["person"])
    locked = run(data, "lock-out", made["person"])

    assert len({made["link"], newer["link"], locked["link"]}) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Aufsicht", "--role", "aufsicht", "--for", "aufsicht:ldi-nrw"),
        ("add", "Niemand", "--role", "verfassen", "--for", "schule:999001"),
        ("add", "   ", "--role", "betrieb"),
        ("grant", "0193f5f0-0000-7000-8000-000000000001", "--role", "betrieb"),
        ("revoke", "0193f5f0-0000-7000-8000-000000000001", "--role", "betrieb"),
        ("link", "0193f5f0-0000-7000-8000-000000000001"),
    ],
)
def test_what_does_not_fit_is_refused(data: DataDir, words: tuple[str, ...]) -> None:
    assert "Zurückgewiesen" in run(data, *words, code=1)
    assert run(data, "list") == []


def test_a_supervisor_comes_for_some_time(data: DataDir) -> None:
    words = ("--role", "aufsicht", "--for", "aufsicht:ldi-nrw", "--until", "2099-12-31")
    run(data, "add", "Aufsicht", *words)

    assert run(data, "list")[0]["roles"][0]["until"] == 4102441199, "23:59:59 in Berlin"
