# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log says which rules counted here since when, and a rule that was changed stops the hub."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import Connection, select

from hub.audit.tables import audit_body
from hub.audit.verify import verify_db
from hub.main.assembly import open_node
from hub.main.diagnosis import examine
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.genesis import create_hub
from hub.main.registering import PUBLISHED, RETIRED, register
from hub.main.starting import FORBIDDEN, check_before_serving
from hub.protocols.compiled import load_compiled
from hub.protocols.scaffold import scaffold
from hub.settings import Settings
from tests.databases import sqlite_only

HUB = "meldeweg.invalid/test"
URL = "http://localhost:8080"
OWN = "kreis-anliegen/1.0.0"
pytestmark = sqlite_only


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a protocol of its own."""
    folder = tmp_path / "verfahren"
    scaffold("kreis-anliegen", folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A hub that was set up and never ran."""
    made = DataDir(tmp_path / "hub")
    create_hub(made, HUB, ())
    return made


def start(data: DataDir, own: Path) -> list[tuple[str, str]]:
    """Enter what a start enters, and return all that the log knows of protocols."""
    with open_node(data, URL, own_protocols=own) as node:
        node.writer.commit_now(lambda connection: register(node, connection))
        entries: list[dict[str, Any]] = node.readers.run_now(_entries)
    return [(each["k"], each["obj"]["id"]) for each in entries if each["k"].startswith("protocol.")]


def _entries(connection: Connection) -> list[dict[str, Any]]:
    return [json.loads(body) for body in connection.execute(select(audit_body.c.body)).scalars()]


def rewrite(own: Path, old: str, new: str) -> None:
    path = own / "protocols" / OWN / "protocol.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def finding(data: DataDir, own: Path | None) -> Finding:
    [found] = [
        each
        for each in examine(data, Settings(protocols_dir=own), thorough=False)
        if each.id == "verfahren"
    ]
    return found


def test_a_start_enters_every_version_once(data: DataDir, own: Path) -> None:
    known = {each.name for each in load_compiled().all()} | {OWN}

    first = start(data, own)

    assert {name for kind, name in first if kind == PUBLISHED} == known
    assert len({name for kind, name in first if kind == PUBLISHED}) == len(first)
    assert start(data, own) == first
    assert verify_db(data.database) == []


def test_a_version_that_is_withdrawn_is_entered_as_such(data: DataDir, own: Path) -> None:
    before = start(data, own)
    rewrite(own, "status: entwurf", "status: zurueckgezogen")

    after = start(data, own)

    assert sorted(set(after) - set(before)) == [(RETIRED, OWN)]
    assert start(data, own) == after
    assert finding(data, own).level == "gut", "to be withdrawn changes no rule"


def test_a_changed_rule_stops_the_start(
    data: DataDir, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Controllers adopted other bytes; nothing may be spoken under these."""
    start(data, own)
    rewrite(own, "at_most: 3", "at_most: 4")

    found = finding(data, own)
    with pytest.raises(typer.Exit) as ended:
        check_before_serving(data, Settings(protocols_dir=own))

    assert (found.level, OWN in found.what) == ("schlimm", True)
    assert ended.value.exit_code == FORBIDDEN == 78
    assert f"Anders als veröffentlicht ist die Fassung: {OWN}" in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_stops_the_start(data: DataDir, own: Path) -> None:
    rewrite(own, "kkg-4-3", "kkg-99")

    found = finding(data, own)

    assert found.forbids
    assert "kkg-99 steht nicht in specs/law" in found.what


def test_protected_data_for_the_police_stop_the_start(data: DataDir, own: Path) -> None:
    """§ 65 SGB VIII: what nobody would publish counts no more because nobody checked it."""
    protocol = own / "protocols" / OWN / "protocol.yaml"
    protocol.write_text(protocol.read_text("utf-8").replace("jugendamt", "polizei"), "utf-8")
    schema = own / "schemas" / OWN / "mitteilung.schema.json"
    text = schema.read_text("utf-8")
    schema.write_text(text.replace('"anliegen": {', '"anliegen": {"x-class": "anvertraut",'))

    found = finding(data, own)

    assert found.forbids
    assert "Anvertrautes geht nur an" in found.what


def test_a_hub_that_never_ran_finds_nothing_changed(data: DataDir, own: Path) -> None:
    assert finding(data, own).level == "gut"
    assert finding(data, None).level == "gut"


def test_to_leave_a_protocol_out_is_no_change_of_it(data: DataDir, own: Path) -> None:
    start(data, own)

    found = finding(data, None)
    assert (found.level, found.forbids) == ("hinweis", False)
    assert OWN in found.what, "a folder that was forgotten stops its conversations"
