# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever types what docs/anbindung.md says has a notice before them at the end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import a_page, chromium
from tests.databases import sqlite_only
from tests.faults.hub import wait_until
from tests.guide.player import Player, a_player, commands
from tests.house.source import ROOT
from tests.portal.visits import Visit
from tests.trace import traced

pytestmark = sqlite_only
GUIDE = (ROOT / "docs" / "anbindung.md").read_text("utf-8")
CONFIG = "var/probe/anbindung/connector.toml"
PATIENCE = 60


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """Somebody who has done everything that the guide says, but for the browser."""
    with a_player(tmp_path_factory.mktemp("neu")) as player:
        for words in commands(GUIDE):
            player.type(words)
        yield player


def answer(player: Player, to: str) -> str:
    """Return the last answer to a command of the guide, found by its words."""
    asked = [" ".join(words) for words in commands(GUIDE)]
    answered = [each for each in asked if " serve " not in each and not each.endswith(CONFIG)]
    return next(
        said for each, said in reversed(list(zip(answered, player.said, strict=True))) if to in each
    )


def test_the_check_finds_nothing_bad_and_names_what_is_left_to_do(followed: Player) -> None:
    said = answer(followed, "check")

    assert "[schlimm]" not in said
    assert "antwortet und ist der richtige Hub" in said
    assert "Der Hub kennt jugendamt:05170032.asd." in said
    assert "Angenommen: schule-mitteilung/1.0.0." in said
    assert "Niemand verwaltet die Menschen im Eingang." in said


def test_a_notice_is_there_and_waits_for_nobody(followed: Player) -> None:
    def taken() -> bool:
        return "1 übergeben" in followed.run("connector", "--config", CONFIG, "status")

    wait_until(taken, "the notice is taken", PATIENCE)
    assert "jugendamt:05170032.bereitschaft" in answer(followed, "status")


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
def test_the_first_person_comes_in_by_the_link_and_takes_note(
    followed: Player, tmp_path: Path
) -> None:
    [link] = re.findall(r"(/eingang/\S+#code=\S+)", answer(followed, "people add"))
    with a_page(tmp_path) as page:
        page.give_authenticator()
        visit = Visit(page, followed.inbox, traced(page), "anbindung")
        page.open(followed.inbox + link, width=1280)
        visit.await_text("Willkommen, Erfunden-Beispiel")
        visit.press("Passkey einrichten und anmelden")
        page.wait_for("location.pathname", "/eingang")
        visit.await_text("Eine Mitteilung wartet")
        visit.js("document.querySelector('a[href*=\"/eingang/mitteilung/\"]').click();0")
        page.wait_for("location.pathname", "/eingang/mitteilung/")
        visit.press("Zur Kenntnis genommen")
        page.wait_for("location.search", "getan=")
        assert not visit.sees("Noch nicht zur Kenntnis genommen")
