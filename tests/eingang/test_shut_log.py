# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log of reading that cannot be opened costs an office its view of contents, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from hub.adapters.connector.rows import HANDED_OVER
from hub.adapters.connector.status import status_of
from hub.adapters.reading.log import DATABASE, FOLDER
from hub.main.cli import app_for
from tests.adapters.world import until
from tests.eingang.acting import a_notice, acts, do
from tests.eingang.world import Inbox, an_inbox, words_of
from tests.world import World

TARGET = '[[target]]\nkind = "memory"\nname = "fachverfahren"\n'
WORD = "Das Lesebuch lässt sich nicht öffnen"


@pytest.fixture(scope="module")
def damaged(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """An office whose log of reading was written over while its connector was not running."""
    home = tmp_path_factory.mktemp("stelle")
    with an_inbox(world, home, TARGET) as before:
        file = before.house.state / FOLDER / DATABASE
    file.write_bytes(b"Das ist keine Datenbank. " * 400)
    with an_inbox(world, home, TARGET) as made:
        yield made


def test_what_comes_is_taken_in_and_handed_over(damaged: Inbox) -> None:
    notice = a_notice(damaged)

    def is_handed_over() -> bool:
        row = damaged.row(notice.id)
        return row is not None and row.state == HANDED_OVER

    damaged.run(until(is_handed_over))


def test_nothing_of_a_content_is_shown_and_the_page_says_why(damaged: Inbox) -> None:
    notice, duty = a_notice(damaged), damaged.visitor("fachkraft")

    for path in ("", "/druck", ".pdf"):
        answer = duty.get(f"mitteilung/{notice.id}{path}")
        assert answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE, path
        assert WORD in words_of(answer.text), path
    for path in ("?zweck=sicherheit", "/pruefung"):
        answer = damaged.visitor("datenschutz").get(f"lesebuch{path}")
        assert answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE, path


def test_a_notice_is_acknowledged_all_the_same(damaged: Inbox) -> None:
    notice, duty = a_notice(damaged), damaged.visitor("fachkraft")

    do(duty, notice.id, "kenntnis")

    assert [each.state for each in acts(damaged, notice.id)] == ["gesendet"]


def test_page_and_command_say_it_loudly(damaged: Inbox, tmp_path: Path) -> None:
    house = damaged.house

    def said() -> str:
        return status_of(house.books, damaged.unit, ()).log_trouble

    damaged.run(until(lambda: bool(said())))
    file = tmp_path / "anbindung.toml"
    file.write_text(
        f'data_dir = "{house.state.parent}"\nagencies = ["{house.agency.path}"]\n{TARGET}',
        encoding="utf-8",
    )
    arguments = ["connector", "status", "--config", str(file)]
    texts = CliRunner().invoke(app_for(arguments), arguments)
    told = CliRunner().invoke(app_for([*arguments, "--json"]), [*arguments, "--json"])

    assert (texts.exit_code, told.exit_code) == (1, 1)
    assert WORD in texts.output
    [status] = json.loads(told.output)
    assert (status["well"], WORD in status["log"]) == (False, True)
    page = damaged.visitor("verwalten").text("zustand")
    assert "Jemand muss nachsehen" in page
    assert WORD in page
