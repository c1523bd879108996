# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub is made as a whole, for its owner alone, under a name that messages can bear."""

from pathlib import Path

import pytest

from hub.directory.network import NetworkInvalid
from hub.main.assembly import create_hub
from hub.main.diagnosis import examine
from hub.main.folder import DataDir
from hub.schemas import SPECS
from tests.databases import a_data_dir, sqlite_only

NETWORK = SPECS / "networks" / "kreis-wesel.yaml"
HUB = "meldeweg.invalid/test"


@pytest.fixture(params=["absent", "empty"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataDir:
    """A data directory that is not there, or that somebody made open for all."""
    path = tmp_path / "new" / "hub"
    if request.param == "empty":
        path.mkdir(parents=True)
        path.chmod(0o755)
    return a_data_dir(path)


def left(data: DataDir) -> list[str]:
    """Return what lies in the data directory and beside it."""
    return sorted(
        path.name
        for path in data.path.parent.rglob("*")
        if path not in {data.path, data.path.parent}
    )


def half_a_hub(data: DataDir) -> None:
    data.keys.mkdir()
    data.database.touch()
    raise InterruptedError


@sqlite_only
def test_what_a_hub_has_is_readable_by_its_owner_alone(data: DataDir) -> None:
    create_hub(data, HUB, (NETWORK,))

    folders = data.path, data.keys, data.networks
    files = data.database, *data.keys.iterdir()
    assert [path.stat().st_mode & 0o777 for path in folders] == [0o700] * len(folders)
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * len(files)
    assert data.network_files() == (data.networks / NETWORK.name,)
    assert not list(data.path.parent.rglob(".entsteht-*"))


@pytest.mark.parametrize(
    "name", ["", "ab", "Hub.example.invalid", "-hub", "hub example", "hübe", "a" * 129, "hub\n"]
)
def test_a_name_that_no_message_could_bear_makes_nothing(data: DataDir, name: str) -> None:
    """A hub takes its name into every checkpoint and receipt, so it could not be put right."""
    with pytest.raises(ValueError, match="Der Name des Hubs"):
        create_hub(data, name, (NETWORK,))

    assert left(data) == []


def test_where_making_a_hub_ends_early_nothing_of_it_is_left(data: DataDir) -> None:
    with pytest.raises(InterruptedError), data.being_made() as made:
        half_a_hub(made)

    assert left(data) == []
    create_hub(data, HUB, (NETWORK,))


def test_a_network_file_that_is_not_usable_makes_nothing(data: DataDir, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.yaml"
    spoiled.write_text("title: 1\n", encoding="utf-8")

    with pytest.raises(NetworkInvalid):
        create_hub(data, HUB, (spoiled,))

    assert left(data) == []


@sqlite_only
def test_a_hub_that_is_there_stays_as_it_is(data: DataDir) -> None:
    create_hub(data, HUB, ())
    before = data.database.read_bytes()

    with pytest.raises(FileExistsError):
        create_hub(data, HUB, (NETWORK,))

    assert data.database.read_bytes() == before


@sqlite_only
def test_keys_without_a_database_are_not_overwritten(data: DataDir) -> None:
    create_hub(data, HUB, ())
    key = data.key("log").read_bytes()
    data.database.unlink()

    with pytest.raises(FileExistsError):
        create_hub(data, HUB, ())

    assert data.key("log").read_bytes() == key


@sqlite_only
@pytest.mark.parametrize(
    ("folder", "file", "is_open"),
    [(0o700, 0o600, False), (0o700, 0o644, False), (0o755, 0o600, False), (0o755, 0o644, True)],
)
def test_doctor_says_when_others_can_read_the_database(
    tmp_path: Path, folder: int, file: int, is_open: bool
) -> None:
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB, ())
    data.database.chmod(file)
    data.path.chmod(folder)

    said = {finding.what for finding in examine(data) if finding.level == "schlimm"}

    assert ("Die Datenbank ist für andere zugänglich." in said) is is_open
