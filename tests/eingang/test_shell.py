# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame around every page of the inbox, its files, and what it says of the house."""

import asyncio
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx2
import pytest

from hub.adapters.inbox.room import SIGN_IN
from tests.adapters.world import PATIENCE, until
from tests.eingang.world import Inbox, words_of
from tests.house.source import ROOT
from tests.world import KREIS, World, free_port

HTML = {"accept": "text/html"}
PUBLIC = ("datenschutz", "barrierefreiheit")


def test_whoever_is_signed_in_sees_who_they_are_and_whom_to_call(inbox: Inbox) -> None:
    boss = inbox.visitor("leitung", name="Leitung Erfunden")

    page = boss.text("zustand")

    assert "Leitung Erfunden · Leitung" in page
    assert "VORFÜHRUNG" in page
    assert "110 anrufen" in page


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (("bereitschaft",), ["Eingang", "Übergabe", "Konto"]),
        (("leitung",), ["Eingang", "Übergabe", "Zustand", "Konto"]),
        (("verwalten",), ["Leute", "Zustand", "Konto"]),
        (("datenschutz",), ["Lesebuch", "Konto"]),
    ],
)
def test_the_bar_shows_what_the_roles_open(
    inbox: Inbox, roles: tuple[str, ...], words: list[str]
) -> None:
    page = inbox.visitor(*roles).get("datenschutz").text

    bar = page.partition('aria-label="Bereiche"')[2].partition("</nav>")[0]
    assert words_of(bar).split()[1:] == words


def test_it_says_that_the_hub_answers_and_that_nobody_has_to_look(inbox: Inbox) -> None:
    page = inbox.visitor("verwalten").text("zustand")

    assert "Alles in Ordnung" in page
    assert "Hub erreichbar" in page
    assert "Übergeben: 2" in page


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_for_everybody_need_nobody_to_be_signed_in(inbox: Inbox, name: str) -> None:
    with inbox.stranger() as browser:
        answer = browser.get(f"/eingang/{name}")

    assert answer.status_code == 200
    assert "Abmelden" not in answer.text


def test_a_page_runs_nothing_but_its_own_files_and_is_kept_nowhere(inbox: Inbox) -> None:
    answer = inbox.visitor("leitung").get("zustand")

    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert " style=" not in answer.text
    assert not re.search(r"\son[a-z]+=", answer.text)


def test_files_are_named_by_their_content(inbox: Inbox) -> None:
    with inbox.stranger() as browser:
        page = browser.get("/eingang/datenschutz").text
        paths = re.findall(r'(?:href|src)="(/eingang/static/[^"]+)"', page)
        assert len(paths) >= 2
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
        assert browser.get("/eingang/static/../settings.py").status_code == 404


def test_a_monitor_hears_that_it_is_well_and_nothing_else(inbox: Inbox) -> None:
    with inbox.stranger() as browser:
        for path in ("/health/live", "/health/ready"):
            answer = browser.get(path)
            assert (answer.status_code, answer.content) == (204, b"")


def test_a_refusal_is_a_page_for_people_and_a_code_for_scripts(inbox: Inbox) -> None:
    someone = inbox.visitor("bereitschaft")

    page = someone.get("gibt-es-nicht")
    script = someone.get("gibt-es-nicht", accept="application/json")

    assert page.status_code == script.status_code == 404
    assert "Das gibt es hier nicht" in words_of(page.text)
    assert "Abmelden" not in script.text
    assert script.json()["code"] == "not-found"


def test_a_request_for_another_host_is_refused(inbox: Inbox) -> None:
    with inbox.stranger() as browser:
        answer = browser.get("/eingang/datenschutz", headers={"host": "anderswo.example"})

    assert answer.status_code == 421


def test_the_process_serves_beside_its_work_and_ends_in_order(world: World, tmp_path: Path) -> None:
    """As somebody runs it: one file, one command, a signal at the end."""
    url = f"http://localhost:{free_port()}"
    config = tmp_path / "anbindung.toml"
    port = url.rpartition(":")[2]
    config.write_text(
        f'data_dir = "zustand"\n[inbox]\nport = {port}\npublic_url = "{url}"\n', "utf-8"
    )
    inside = tmp_path / "zustand" / "eingang"
    named = ["--config", str(config), "--agency", str(world.folders[KREIS])]
    with subprocess.Popen([sys.executable, "-m", "hub", "connector", *named], cwd=ROOT) as process:
        try:
            asyncio.run(until(partial(answers, url)))
            with httpx2.Client(base_url=url, headers=HTML) as browser:
                assert browser.get("/eingang").headers["location"].startswith(SIGN_IN)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert (inside / "eingang.db").stat().st_mode & 0o077 == 0


def answers(url: str) -> bool:
    """Tell whether the pages of a process are there yet."""
    try:
        return httpx2.get(f"{url}/health/ready").status_code == httpx2.codes.NO_CONTENT
    except httpx2.TransportError:
        return False
