# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub whose database was set back is there to be read, and signs no second history."""

import shutil
import signal
from pathlib import Path

import httpx2
import pytest

from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.main.starting import SET_BACK
from hub.protocols.compiled import load_compiled
from tests.databases import sqlite_only
from tests.journeys.processes import Place, command, started
from tests.journeys.signers import until
from tests.world import HUB_ID, free_port

pytestmark = sqlite_only


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A hub whose database is older than its guard file."""
    data = DataDir(tmp_path / "hub")
    create_hub(data, HUB_ID, ())
    made = Place(data, free_port(), {}, load_compiled())
    shutil.copyfile(data.database, tmp_path / "older.sqlite")
    with started(made) as hub:
        hub.end(signal.SIGTERM)
    for beside in data.path.glob("meldeweg.sqlite-*"):
        beside.unlink()
    shutil.copyfile(tmp_path / "older.sqlite", data.database)
    return made


def test_it_reads_and_writes_nothing_until_somebody_has_looked(
    place: Place, tmp_path: Path
) -> None:
    hub = command(place)
    try:
        until(lambda: place.ready() != 0)
        assert place.ready() == 503
        for path in ("/v1/log/checkpoint", "/v1/directory", "/.well-known/meldeweg"):
            assert httpx2.get(place.url + path).status_code == 200, path
        written = httpx2.post(f"{place.url}/token", data={"grant_type": "client_credentials"})
        assert written.status_code != 200
    finally:
        code, _ = hub.end(signal.SIGTERM)

    assert code == 0
    older = (tmp_path / "older.sqlite").read_bytes()
    assert len(place.data.database.read_bytes()) == len(older)


def test_asked_to_be_strict_it_does_not_start(place: Place) -> None:
    hub = command(place, strict=True)

    assert hub.process.wait(60) == SET_BACK
