# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A new adapter is one that works, and the commands around it say what they find."""

import asyncio
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.adapters.contract_tests import keep
from hub.adapters.promises import PROMISES
from hub.adapters.scaffold import scaffold
from hub.main import adapters
from hub.schemas import SPECS

RUN = CliRunner()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[str]:
    """The name of an adapter that was made, importable while the test lasts."""
    scaffold("kreisablage", tmp_path)
    sys.path.insert(0, str(tmp_path))
    yield "kreisablage"
    sys.path.remove(str(tmp_path))


def test_a_new_adapter_keeps_every_promise(made: str, tmp_path: Path) -> None:
    stand = import_module(f"{made}.stand").stand
    for promise in PROMISES:
        folder = tmp_path / promise.__name__
        folder.mkdir()
        asyncio.run(keep(promise, stand, folder))


def test_a_new_adapter_bears_its_own_name_and_no_licence_of_ours(made: str, tmp_path: Path) -> None:
    texts = [path.read_text("utf-8") for path in (tmp_path / made).glob("*.*")]

    assert len(texts) == 4
    assert not any("SPDX" in text or "muster" in text.lower() for text in texts)
    assert any("class KreisablageAdapter" in text for text in texts)


def test_nothing_is_overwritten_and_no_name_leads_elsewhere(made: str, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        scaffold(made, tmp_path)
    for name in ("../x", "A", "a b", ""):
        with pytest.raises(ValueError, match="Adapter heißt"):
            scaffold(name, tmp_path)


def test_the_list_names_ways_and_samples_with_their_standing() -> None:
    said = RUN.invoke(adapters.app, ["list"])

    assert said.exit_code == 0


def test_a_mapping_with_faults_ends_with_one(tmp_path: Path) -> None:
    text = (SPECS / "adapters" / "gedok.yaml").read_text("utf-8")
    wrong = tmp_path / "falsch.yaml"
    wrong.write_text(text.replace("/sachverhalt", "/gibt_es_nicht"), "utf-8")

    assert RUN.invoke(adapters.app, ["map", str(wrong), "--check"]).exit_code == 1
    assert RUN.invoke(adapters.app, ["map", "gedok", "--check"]).exit_code == 0


def test_a_target_is_tried_with_something_invented(tmp_path: Path) -> None:
    (tmp_path / "eingang").mkdir(mode=0o750)
    config = tmp_path / "konnektor.toml"
    config.write_text('[[target]]\nkind = "folder"\npath = "eingang"\nforms = ["json"]\n', "utf-8")

    assert RUN.invoke(adapters.app, ["try", "--config", str(config), "--target", "x"]).exit_code
    sent = ["try", "--config", str(config), "--target", "folder", "--send"]
    assert RUN.invoke(adapters.app, sent).exit_code == 0
    assert len(list((tmp_path / "eingang").glob("*.json"))) == 1
