# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same list where the database is a server; what it says of itself counts."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from sqlalchemy import make_url

from hub.main.assembly import open_node
from hub.main.diagnosis import count, examine
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.genesis import create_hub
from hub.main.guarding import RollbackSuspected, guard_file
from hub.main.starting import FORBIDDEN, SET_BACK, check_before_serving
from hub.main.work import note
from hub.settings import Settings
from tests.databases import (
    a_data_dir,
    given_back,
    postgresql_only,
    server,
    with_its_database,
)

URL = "http://localhost:8080"
pytestmark = [pytest.mark.anyio, postgresql_only]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataDir]:
    """A hub that has run once."""
    with given_back():
        made = a_data_dir(tmp_path / "hub")
        create_hub(made, "meldeweg.invalid/test", ())
        with open_node(made, URL):
            pass
        yield made


def found(data: DataDir) -> dict[str, Finding]:
    return {finding.id: finding for finding in examine(data)}


def test_of_a_sound_hub_nothing_bad_is_found(data: DataDir) -> None:
    findings = found(data)

    assert not [each for each in findings.values() if each.level == "schlimm"]
    assert findings["datenbank-treiber"].what.startswith("PostgreSQL ")
    assert not findings.keys() & {"datenbank-rechte", "unversehrt"}, "there is no file to look at"
    check_before_serving(data, Settings())
    assert count(data)["Einträge im Protokoll"] == 4


@pytest.mark.parametrize("setting", ["synchronous_commit = off", "synchronous_commit = local"])
def test_a_server_that_promises_what_it_does_not_keep_is_not_served_from(
    data: DataDir, setting: str
) -> None:
    server().run(f'ALTER DATABASE "{make_url(data.url).database}" SET {setting}')

    assert found(data)["datenbank-schreibweise"].level == "schlimm"
    with pytest.raises(typer.Exit) as ended:
        check_before_serving(data, Settings())
    assert ended.value.exit_code == FORBIDDEN


async def test_an_older_copy_of_the_database_is_not_served_nor_written_to(
    data: DataDir, tmp_path: Path
) -> None:
    shutil.copytree(data.path, tmp_path / "copy")
    copy = with_its_database(data, tmp_path / "copy")
    with open_node(data, URL) as node:
        await note(node, "log.heartbeat")
    shutil.copyfile(guard_file(data), guard_file(copy))

    assert found(copy)["waechterdatei"].level == "schlimm"
    with pytest.raises(typer.Exit) as ended:
        check_before_serving(copy, Settings(), is_strict=True)
    assert ended.value.exit_code == SET_BACK
    with pytest.raises(RollbackSuspected), open_node(copy, URL):
        pass


def test_a_server_that_is_not_there_is_found(tmp_path: Path, data: DataDir) -> None:
    nowhere = DataDir(data.path, f"postgresql://hub@/hub?host={tmp_path}")

    assert found(nowhere)["datenbank"].level == "schlimm"
