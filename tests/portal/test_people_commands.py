# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does whoever runs a portal do with commands? Add a house, and let its first person in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.main.cli import app_for
from tests import databases
from tests.portal.world import PROTOCOLS
from tests.world import NETWORK, SCHOOL, World, founded


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with databases.given_back(), founded(tmp_path_factory.mktemp("hub"), NETWORK) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "portal"


def run(*said: str, place: Path) -> tuple[int, str]:
    """Return the exit code and what the command printed."""
    arguments = ["portal", *said, "--data-dir", str(place)]
    done = CliRunner().invoke(app_for(arguments), arguments)
    return done.exit_code, done.stdout


def told(*said: str, place: Path) -> Any:
    code, text = run(*said, "--json", place=place)
    assert code == 0, text
    return json.loads(text)


def test_a_house_is_added_and_its_first_person_invited(world: World, place: Path) -> None:
    added = told("houses", "add", SCHOOL, "--hub", world.url, place=place)
    assert [(each["unit"], each["state"]) for each in added] == [(SCHOOL, "einrichtung")]
    again = told("houses", "add", SCHOOL, "--hub", world.url, place=place)
    assert again[0]["fingerprint"] == added[0]["fingerprint"]
    invited = told(
        "invite", SCHOOL, "--name", "Schulleitung Erfunden-Beispiel", "--role", "verwalten",
        place=place,
    )  # fmt: skip
    assert "/portal/anmeldung/einmal#code=" in invited["link"]
    assert told("houses", "list", place=place)[0]["unit"] == SCHOOL


def test_only_the_owner_of_the_portal_can_read_its_keys(world: World, place: Path) -> None:
    told("houses", "add", SCHOOL, "--hub", world.url, place=place)
    files = [each for each in place.rglob("*") if each.is_file() and each.suffix in {".pem", ".db"}]
    assert files
    assert [each for each in files if each.stat().st_mode & 0o077] == []


def test_the_only_person_who_manages_a_house_is_let_begin_anew_by_command(
    world: World, place: Path
) -> None:
    told("houses", "add", SCHOOL, "--hub", world.url, place=place)
    name = "Schulleitung Erfunden-Allein"
    first = told("invite", SCHOOL, "--name", name, "--role", "verwalten", place=place)
    again = told("recover", SCHOOL, name, place=place)
    assert again["person"] == first["person"]
    assert again["link"] != first["link"]


@pytest.mark.parametrize(
    "command",
    [
        ("invite", "schule:999099", "--name", "Erfunden-Niemand"),
        ("invite", SCHOOL, "--name", "Erfunden-Rolle", "--role", "chefin"),
        ("houses", "settle", "schule:999099"),
        ("houses", "rules", "schule:999099", "--four-eyes"),
        ("houses", "adopt", "schule:999099", PROTOCOLS[0]),
        ("houses", "add", "schule:999099", "--hub", "http://127.0.0.1:1"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_what_cannot_be_is_said_in_a_sentence(place: Path, command: tuple[str, ...]) -> None:
    code, text = run(*command, place=place)
    assert code == 1, text
