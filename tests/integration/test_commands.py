# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every command that looks into a hub's database finds it, whichever it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hub.audit.verify import verify_db
from hub.main.folder import DataDir
from tests.databases import a_data_dir, postgresql_only, server, sqlite_only
from tests.house.source import ROOT
from tests.world import HUB_ID, NETWORK


def meldeweg(data: DataDir, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command as the operator types it."""
    where = ("--data-dir", data.path, *(("--database", data.url) if data.url else ()))
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments, *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A hub that the command has set up."""
    made = a_data_dir(tmp_path / "hub")
    done = meldeweg(made, "init", "--hub-id", HUB_ID, "--network", NETWORK)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Hub {HUB_ID} eingerichtet" in done.stdout
    return made


def test_the_commands_that_look_find_the_hub(data: DataDir) -> None:
    status = json.loads(meldeweg(data, "status", "--json").stdout)
    participants = json.loads(meldeweg(data, "participants", "list", "--json").stdout)
    doctor = json.loads(meldeweg(data, "doctor", "--quick", "--json").stdout)
    proof = meldeweg(data, "audit", "proof", "0").stdout

    assert status["Hub"] == HUB_ID
    assert status["Einträge im Protokoll"] == 4
    assert len(participants) > 5
    assert [each for each in doctor if each["level"] == "schlimm"] == []
    assert proof.startswith("c2sp.org/tlog-proof@v1\n")


def test_a_command_that_writes_needs_no_running_hub(data: DataDir) -> None:
    said = json.loads(meldeweg(data, "participants", "add", "schule:999001", "--json").stdout)

    assert said["organisation"] == "schule:999001"
    assert "invited" in meldeweg(data, "participants", "list", "--json").stdout


def test_the_log_is_verified_from_its_entries(data: DataDir) -> None:
    done = meldeweg(data, "audit", "verify")

    assert (done.returncode, done.stdout) == (0, "Geprüft: unverändert.\n")
    assert [path.name for path in data.path.glob(".pruefung-*")] == []


def test_a_copy_for_the_auditor_is_verified_by_his_program(data: DataDir, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.sqlite"

    assert meldeweg(data, "audit", "copy", copy).returncode == 0
    assert verify_db(copy) == []
    again = meldeweg(data, "audit", "copy", copy)
    assert (again.returncode, "Das gibt es schon" in again.stderr) == (2, True)


@postgresql_only
def test_a_dropped_trigger_is_named_by_verify(data: DataDir) -> None:
    """The copy has guards of its own; those of the server are asked for beside it."""
    server().run("DROP TRIGGER tile_no_update ON tile", name_of(data))

    done = meldeweg(data, "audit", "verify", "--json")

    assert done.returncode == 1
    assert [(each["table"], each["row"]) for each in json.loads(done.stdout)] == [
        ("schema", "trigger tile_no_update")
    ]


@postgresql_only
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_body SET body = decode('00', 'hex')",
        "UPDATE audit_leaf SET leaf_hash = decode(repeat('00', 32), 'hex')",
        "DELETE FROM checkpoint",
    ],
)
def test_whoever_overrules_the_triggers_is_found_by_verify(data: DataDir, statement: str) -> None:
    name = name_of(data)
    table = statement.removeprefix("UPDATE ").removeprefix("DELETE FROM ").split()[0]
    server().run(f"ALTER TABLE {table} DISABLE TRIGGER USER; {statement}", name)
    for what in ("no_update", "no_delete", "no_truncate"):
        server().run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{what}", name)

    done = meldeweg(data, "audit", "verify", "--json")

    assert done.returncode == 1
    assert "schema" not in {each["table"] for each in json.loads(done.stdout)}


@postgresql_only
def test_a_database_that_is_taken_is_left_as_it_is(data: DataDir, tmp_path: Path) -> None:
    second = DataDir(tmp_path / "zweiter", data.url)

    done = meldeweg(second, "init", "--hub-id", HUB_ID)

    assert (done.returncode, second.path.exists()) == (1, False)
    assert "In dieser Datenbank ist schon ein Hub" in done.stderr


@postgresql_only
def test_a_server_that_forgets_is_not_served_on(data: DataDir) -> None:
    server().run(f"ALTER DATABASE {name_of(data)} SET synchronous_commit = off")

    done = meldeweg(data, "serve", "--port", "0")

    assert done.returncode != 0
    assert "synchronous_commit" in done.stderr


@postgresql_only
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://meldeweg@/nirgends?host={folder}", "nicht zu erreichen"),
        ("postgresql://niemand@/postgres?host={folder}", "nicht zu erreichen"),
        ("postgresql://meldeweg@/postgres?host={folder}", "keine Tabellen anlegen"),
    ],
    ids=["no such database", "no such user", "not its owner"],
)
def test_where_no_hub_can_be_made_it_says_why_and_leaves_nothing(
    tmp_path: Path, address: str, said: str
) -> None:
    data = DataDir(tmp_path / "hub", address.format(folder=server().folder))

    done = meldeweg(data, "init", "--hub-id", HUB_ID)

    assert done.returncode != 0
    assert said in done.stderr
    assert not data.path.exists()


@sqlite_only
def test_without_an_address_the_database_is_a_file(data: DataDir) -> None:
    assert data.database.exists()


@postgresql_only
def test_with_an_address_there_is_no_file(data: DataDir) -> None:
    assert not data.database.exists()
    assert data.is_there


def name_of(data: DataDir) -> str:
    return data.url.partition("?")[0].rpartition("/")[2]
