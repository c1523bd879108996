# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit export``: entered first, then written, and verified by what lies in it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import Connection

from hub.audit.note import parse_note, parse_vkey
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.tree import read_checkpoint, read_checkpoint_behind
from hub.audit.verify import verify_tiles
from hub.audit.witnessed import add_lines
from hub.inquire.export import Wish, begin_export
from hub.main.assembly import create_hub, open_node
from hub.main.betrieb import listening
from hub.main.exporting import export
from hub.main.folder import DataDir
from hub.node import Node
from hub.sealing.canonical import digest
from hub.store.engine import Database, open_database
from tests.databases import a_data_dir
from tests.unit.audit.witnesses import a_cosigner
from tests.world import HUB_ID, NETWORK


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    made = a_data_dir(tmp_path_factory.mktemp("export") / "hub")
    create_hub(made, HUB_ID, (NETWORK,))
    return made


@pytest.fixture
def database(data: DataDir) -> Iterator[Database]:
    opened = open_database(data.place)
    yield opened
    opened.dispose()


def exported(data: DataDir, to: Path, **more: Any) -> dict[str, Any]:
    """Export as the command does; returns the summary that lies in the folder."""
    export(to, data_dir=data.path, database=data.url or None, **more)
    said: dict[str, Any] = json.loads((to / "export.json").read_bytes())
    return said


def size_of(database: Database) -> int:
    with database.reading.connect() as connection:
        newest = read_checkpoint(connection)
    assert newest is not None
    return newest[0].size


def test_an_export_verifies_with_nothing_but_what_lies_in_it(data: DataDir, tmp_path: Path) -> None:
    """The auditor's program and the key, in a directory of their own, by another Python."""
    said = exported(data, tmp_path / "export")

    folder = tmp_path / "export"
    vkey = (folder / "log.vkey").read_text("ascii").strip()
    command = [sys.executable, "-I", "verify.py", "tiles", ".", "--vkey", vkey]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert said["left_out"] == []
    assert said["witnessed"] is False
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert list(tmp_path.glob(".*")) == []
    assert f"Einträge 0 bis {said['size'] - 1}" in (folder / "LIESMICH.txt").read_text("utf-8")


def test_that_it_was_exported_stands_in_the_log_before_the_first_file(
    data: DataDir, database: Database, tmp_path: Path
) -> None:
    before = size_of(database)

    said = exported(data, tmp_path / "export", purpose="rechtmaessigkeit")

    folder = tmp_path / "export"
    proof = parse_proof((folder / "exported.tlog-proof").read_text("utf-8"))
    verify_proof(proof, parse_vkey((folder / "log.vkey").read_text("ascii").strip()))
    assert proof.index == before == said["size"]
    assert proof.extra is not None
    entry = json.loads(proof.extra)
    assert (entry["k"], entry["why"], entry["id"]) == (
        "log.exported",
        "rechtmaessigkeit",
        said["entry"],
    )
    with database.reading.connect() as connection:
        note = read_checkpoint_behind(connection, before - 1, before)[1]
    assert (entry["obj"]["n"], entry["obj"]["d"]) == (before, digest(note.encode()))
    assert set(entry["com"]) == {"query"}


@pytest.mark.parametrize("there", ["a file in it", "a file"])
def test_where_something_is_nothing_is_exported_and_nothing_entered(
    data: DataDir, database: Database, tmp_path: Path, there: str
) -> None:
    to = tmp_path / "export"
    if there == "a file":
        to.write_text("mine", "ascii")
    else:
        to.mkdir()
        (to / "mine").write_text("mine", "ascii")
    before = size_of(database)

    with pytest.raises(typer.Exit):
        exported(data, to)

    assert size_of(database) == before
    assert [path.name for path in tmp_path.rglob("*")] in (["export"], ["export", "mine"])


def test_for_a_purpose_that_the_law_does_not_name_there_is_no_export(
    data: DataDir, database: Database, tmp_path: Path
) -> None:
    before = size_of(database)

    with pytest.raises(typer.Exit):
        exported(data, tmp_path / "export", purpose="neugier")

    assert size_of(database) == before
    assert list(tmp_path.iterdir()) == []


def test_an_export_goes_into_an_empty_folder_too(data: DataDir, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()

    assert exported(data, tmp_path / "export", entries=False)["entries"] is False

    assert not (tmp_path / "export" / "tile" / "entries").exists()
    assert (tmp_path / "export" / "tile" / "0").is_dir()


def test_a_later_export_begins_with_the_earlier_one(data: DataDir, tmp_path: Path) -> None:
    """Whoever keeps the checkpoint of one can hold it against every other."""
    first, second = exported(data, tmp_path / "a"), exported(data, tmp_path / "b")

    assert second["size"] > first["size"]
    vkey = (tmp_path / "b" / "log.vkey").read_text("ascii").strip()
    assert verify_tiles(tmp_path / "b", vkey) == []
    one = (tmp_path / "a" / f"tile/0/000.p/{first['size']}").read_bytes()
    two = (tmp_path / "b" / f"tile/0/000.p/{second['size']}").read_bytes()
    assert two.startswith(one)


def test_the_folder_says_which_keys_sign_what(data: DataDir, tmp_path: Path) -> None:
    exported(data, tmp_path / "export", newest=True)

    keys = json.loads((tmp_path / "export" / "hub-keys.json").read_bytes())
    assert [key["use"] for key in keys["keys"]] == ["cose", "log", "receipt", "token"]
    assert f"{keys['vkey']}\n" == (tmp_path / "export" / "log.vkey").read_text("ascii")


def test_a_spoiled_export_is_refused(data: DataDir, tmp_path: Path) -> None:
    said = exported(data, tmp_path / "export")
    bundle = tmp_path / "export" / f"tile/entries/000.p/{said['size']}"
    vkey = (tmp_path / "export" / "log.vkey").read_text("ascii").strip()
    spoiled = bytearray(bundle.read_bytes())
    spoiled[100] ^= 1
    bundle.write_bytes(spoiled)

    assert verify_tiles(tmp_path / "export", vkey) != []


def test_with_a_policy_it_ends_where_enough_witnesses_have_seen_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in it has to be believed of the log alone; what is newer comes when asked for."""
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, ())
    cosigner = a_cosigner()
    with open_node(data, "http://localhost:8080") as node:
        seen, note = node.readers.run_now(read_checkpoint) or pytest.fail("there is none")
        line = cosigner.cosign(parse_note(note).text, int(node.clock()))
        lines = {cosigner.key.label: line}
        node.writer.commit_now(lambda connection: add_lines(connection, seen.size, lines))
        policy = f"log {node.log.vkey}\nwitness dsb {cosigner.key.vkey}\nquorum dsb\n"
    (tmp_path / "policy").write_text(policy, "utf-8")
    monkeypatch.setenv("MELDEWEG_WITNESS_POLICY", str(tmp_path / "policy"))
    exported(data, tmp_path / "first", newest=True)

    said = exported(data, tmp_path / "second")

    assert (said["size"], said["witnessed"]) == (seen.size, True)
    folder = tmp_path / "second"
    assert (folder / "policy").read_text("utf-8") == policy
    assert (folder / "cosigned.txt").read_text("utf-8") == note + line
    assert (folder / "checkpoint").read_text("utf-8") == note + line
    vkey = (folder / "log.vkey").read_text("ascii").strip()
    assert verify_tiles(folder, vkey, policy=folder / "policy") == []
    newest = exported(data, tmp_path / "third", newest=True)
    assert (newest["size"], newest["witnessed"]) == (seen.size + 2, False)


def test_a_hub_that_runs_enters_it_and_goes_on(data: DataDir, tmp_path: Path) -> None:
    with open_node(data, "http://localhost:8080") as node:
        before = node.log.size

        async def meanwhile() -> dict[str, Any]:
            async with listening(data, node):
                return await asyncio.to_thread(exported, data, tmp_path / "export")

        said = asyncio.run(meanwhile())
        assert (said["size"], node.log.size) == (before, before + 1)
        node.writer.commit_now(partial(note_again, node))
        assert node.log.size == before + 2


def note_again(node: Node, connection: Connection) -> None:
    begin_export(Wish("sicherheit"), node, connection)
