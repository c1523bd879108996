# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``connector init`` spoils nothing, and ``connector check`` names what is wrong and what helps."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.client.enrolment import enrol
from hub.client.wrapped import VARIABLE
from hub.enrol.invitation import invite
from hub.main.cli import app_for
from tests import databases
from tests.world import RHEINBERG, World, a_world, free_port

OFFICE = "jugendamt:05170032"
NEW = "jugendamt:05170000"
BAD = ["schlimm"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub with one Jugendamt."""
    with databases.given_back(), a_world(tmp_path / "welt", OFFICE) as made:
        yield made


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    """The file of a connector for the day desk and the night, as ``init`` writes it."""
    folders = [str(path) for unit, path in world.folders.items() if unit.startswith(OFFICE)]
    units = [part for folder in folders for part in ("--agency", folder)]
    made = tmp_path / "anbindung" / "connector.toml"
    code, said = run("init", made.parent, *units, "--port", free_port())
    assert code == 0, said
    return made


def run(*words: object, **environment: str) -> tuple[int, str]:
    arguments = ["connector", *map(str, words)]
    done = CliRunner().invoke(app_for(arguments), arguments, env=environment)
    return done.exit_code, done.output


def checked(file: Path, **environment: str) -> dict[str, list[str]]:
    """Return the levels of the findings by their ids, and hold them against the exit code."""
    code, said = run("--config", file, "check", "--json", **environment)
    found: dict[str, list[str]] = {}
    for each in json.loads(said):
        found.setdefault(each["id"], []).append(each["level"])
        assert each["level"] == "gut" or each["advice"], each
    assert code == any("schlimm" in levels for levels in found.values())
    return found


def test_a_file_that_somebody_has_altered_is_not_written_over(file: Path, world: World) -> None:
    file.write_text("mein eigener Text", "utf-8")

    code, said = run("init", file.parent, "--agency", world.folders[RHEINBERG])

    assert code == 1
    assert "Das gibt es schon" in said
    assert file.read_text("utf-8") == "mein eigener Text"


def test_where_all_is_well_only_hints_are_left(file: Path) -> None:
    found = checked(file)

    assert found["hub"] == found["verfahren"] == ["gut"]
    assert found["anmeldung"] == ["gut", "gut"]
    assert found["eingang"] == found["ziel-inbox"] == ["gut"]
    assert found["leseschluessel"] == ["hinweis", "hinweis"]
    assert found["menschen"] == ["hinweis"]
    assert "andere-einheit" not in found


def test_a_unit_that_lies_beside_and_nobody_works_for_is_named(file: Path) -> None:
    text = file.read_text("utf-8")
    first, _, _ = text.partition(', "')
    assert first != text
    file.write_text(first + "]\n[inbox]\n", "utf-8")

    assert checked(file)["andere-einheit"] == ["hinweis"]


def test_a_port_that_is_taken_is_a_hint(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        lines = file.read_text("utf-8").splitlines()
        said = [f"port = {port}" if line.startswith("port =") else line for line in lines]
        file.write_text("\n".join(said), "utf-8")

        assert checked(file)["eingang"] == ["hinweis"]


def test_a_key_that_others_can_read_stops_it(file: Path, world: World) -> None:
    (world.folders[RHEINBERG] / "keys" / "signing.pem").chmod(0o644)

    assert "schlimm" in checked(file)["einheit"]


def test_locked_keys_are_opened_with_their_passphrase_and_not_without(
    file: Path, world: World, tmp_path: Path
) -> None:
    phrase = tmp_path / "passphrase"
    phrase.write_text("sieben erfundene Wörter", "utf-8")
    phrase.chmod(0o600)
    named = {VARIABLE: str(phrase)}
    for unit, folder in world.folders.items():
        if unit.startswith(OFFICE):
            locked = run("keys", "lock", "--agency", folder, "--passphrase", **named)
            assert locked[0] == 0, locked

    assert checked(file, **named)["leseschluessel"] == ["gut", "gut"]
    assert checked(file, **{VARIABLE: ""})["einheit"] == BAD


def test_a_unit_that_nobody_has_confirmed_is_told_so(world: World, tmp_path: Path) -> None:
    made = world.node.writer.commit_now(
        lambda connection: invite(NEW, int(world.clock()), connection)
    )
    folder, *_ = enrol(tmp_path / "neu", NEW, world.url, made.code).folders
    code, said = run("init", tmp_path / "a", "--agency", folder, "--port", free_port())
    assert code == 0, said

    found = checked(tmp_path / "a" / "connector.toml")

    assert (found["hub"], found["anmeldung"], found["verfahren"]) == (["gut"], BAD, BAD)


def test_a_hub_that_is_away_is_named_for_the_unit_that_it_is_away_for(
    file: Path, world: World
) -> None:
    other = world.folders[RHEINBERG] / "stelle.json"
    said = json.loads(other.read_bytes())
    address = f"http://localhost:{free_port()}"
    other.write_text(json.dumps({**said, "hub": {**said["hub"], "url": address}}), "utf-8")

    assert checked(file)["hub"].count("schlimm") == 1
    assert checked(file)["anmeldung"] == ["gut"]
