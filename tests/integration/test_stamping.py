# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub has its checkpoints stamped by an authority that runs, and keeps nothing of wrong ones."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, func, select

from hub.audit.stamp_tables import stamp as table
from hub.audit.stamps import newest_stamp, read_stamp
from hub.audit.timestamp import NotStamped, read_roots, verify_stamp
from hub.audit.tree import read_checkpoint
from hub.main.assembly import create_hub, open_node
from hub.main.folder import DataDir
from hub.main.stamping import Authority, authority_of, looked_at, stamp_newest, stamped
from hub.node import Node
from hub.settings import Settings
from hub.store.engine import open_database
from tests.databases import a_data_dir
from tests.house.source import ROOT
from tests.tsa import Authority as Tsa
from tests.tsa import an_authority, listening
from tests.world import HUB_ID

URL = "http://localhost:8080"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return an_authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    made = a_data_dir(tmp_path / "hub")
    create_hub(made, HUB_ID, ())
    return made


@pytest.fixture
def node(data: DataDir) -> Iterator[Node]:
    with open_node(data, URL) as node:
        yield node


@pytest.fixture(scope="module")
def unstamped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A hub that nothing is to change."""
    made = a_data_dir(tmp_path_factory.mktemp("unstamped") / "hub")
    create_hub(made, HUB_ID, ())
    with open_node(made, URL) as node:
        yield node


def named(tsa: Tsa, url: str, **more: Any) -> Settings:
    return Settings(timestamp_url=url, timestamp_ca=tsa.ca, **more)


def authority(tsa: Tsa, url: str) -> Authority:
    return Authority(url, read_roots(tsa.ca.read_bytes()))


def count(node: Node) -> int:
    return node.readers.run_now(
        lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
    )


def test_the_newest_checkpoint_is_stamped_and_the_stamp_kept(node: Node, tsa: Tsa) -> None:
    with listening(tsa.reply) as asked:
        made = asyncio.run(stamp_newest(node, authority(tsa, asked.url)))

    newest = node.readers.run_now(read_checkpoint)
    assert newest is not None
    assert (made.size, made.note) == (newest[0].size, newest[1])
    kept = node.readers.run_now(lambda connection: read_stamp(connection, made.size))
    assert kept == made
    assert verify_stamp(made, read_roots(tsa.ca.read_bytes())).timestamp() == made.at


def test_a_checkpoint_is_stamped_once(node: Node, tsa: Tsa) -> None:
    """A stamp leaves no entry in the log, or each would want another."""
    with listening(tsa.reply) as asked:
        first = asyncio.run(stamp_newest(node, authority(tsa, asked.url)))
        again = asyncio.run(stamp_newest(node, authority(tsa, asked.url)))

    assert (again, len(asked.requests), count(node)) == (first, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "how"),
    [
        ("silent", {}),
        ("broken", {"status": 500}),
        ("moved", {"status": 302, "location": "http://localhost:9/"}),
        ("another media type", {"kind": "text/html"}),
        ("garbage", {}),
        ("endless", {}),
        ("the answer to another request", {}),
        ("a stranger", {}),
    ],
)
def test_of_a_wrong_authority_nothing_is_kept(
    unstamped: Node, tsa: Tsa, wrong: str, how: dict[str, Any], tmp_path: Path
) -> None:
    stranger = an_authority(tmp_path / "stranger") if wrong == "a stranger" else tsa

    def reply(query: bytes) -> bytes:
        if wrong == "garbage":
            return b"\x30\x03\x02\x01\x00"
        if wrong == "endless":
            return b"\x30" * 200_000
        if wrong == "the answer to another request":
            return stranger.reply(query[:-8] + bytes([query[-8] ^ 1]) + query[-7:])
        return stranger.reply(query)

    with listening(reply, **how) as asked:
        url = "http://127.0.0.1:9/tsa" if wrong == "silent" else asked.url
        with pytest.raises(NotStamped):
            asyncio.run(stamp_newest(unstamped, authority(tsa, url)))

    assert count(unstamped) == 0


def test_a_hub_that_runs_stamps_by_itself(node: Node, tsa: Tsa) -> None:
    async def a_while(settings: Settings) -> None:
        async with stamped(node, settings):
            assert node.stamping is not None
            async with asyncio.timeout(20):
                while await node.readers.run(newest_stamp) is None:  # noqa: ASYNC110  it rings no bell
                    await asyncio.sleep(0.02)
        assert node.stamping is None

    with listening(tsa.reply) as asked:
        asyncio.run(a_while(named(tsa, asked.url)))

    assert (count(node), len(asked.requests)) == (1, 1)


def test_without_an_authority_nobody_is_asked(unstamped: Node) -> None:
    async def a_while() -> None:
        async with stamped(unstamped, Settings()):
            assert unstamped.stamping is None

    asyncio.run(a_while())
    assert count(unstamped) == 0


def test_an_authority_without_a_certificate_is_none(tsa: Tsa, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TIMESTAMP_CA"):
        authority_of(Settings(timestamp_url="http://localhost/tsa"))
    (tmp_path / "no.pem").write_text("no certificate", "ascii")
    with pytest.raises(ValueError, match="Zertifikate"):
        authority_of(Settings(timestamp_url="http://x.invalid", timestamp_ca=tmp_path / "no.pem"))
    assert authority_of(Settings()) is None
    assert authority_of(named(tsa, "http://x.invalid")) is not None


def test_doctor_says_when_stamps_are_late(data: DataDir, tsa: Tsa) -> None:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            assert looked_at(Settings(), connection).level == "gut"
            late = looked_at(named(tsa, "http://127.0.0.1:9/tsa"), connection)
    finally:
        opened.dispose()
    assert (late.level, late.forbids) == ("hinweis", False)


def test_a_stamp_is_never_changed_and_never_taken_back(node: Node, tsa: Tsa) -> None:
    with listening(tsa.reply) as asked:
        asyncio.run(stamp_newest(node, authority(tsa, asked.url)))

    def do(change: Executable, connection: Connection) -> None:
        connection.execute(change)

    for change in (table.update().values(at=0), table.delete()):
        with pytest.raises(Exception, match="append only"):
            node.writer.commit_now(partial(do, change))
    assert count(node) == 1


def test_the_command_stamps_and_openssl_accepts_what_is_exported(
    data: DataDir, tsa: Tsa, tmp_path: Path
) -> None:
    """The very file of the export beside its stamp, by a program that is not ours."""
    where = ["--data-dir", str(data.path), *(["--database", data.url] if data.url else [])]
    with listening(tsa.reply) as asked:
        said = {"MELDEWEG_TIMESTAMP_URL": asked.url, "MELDEWEG_TIMESTAMP_CA": str(tsa.ca)}
        done = meldeweg("audit", "stamp", "--json", *where, **said)
        assert done.returncode == 0, done.stderr
    size = json.loads(done.stdout)["size"]
    folder = tmp_path / "export"
    assert meldeweg("audit", "export", str(folder), *where).returncode == 0

    command = ["openssl", "ts", "-verify", "-data", f"stamps/{size}.note"]
    command += ["-in", f"stamps/{size}.tsr", "-CAfile", str(tsa.ca)]
    verdict = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert b"Verification: OK" in verdict.stdout + verdict.stderr
    note = folder / "stamps" / f"{size}.note"
    note.write_bytes(note.read_bytes().replace(b"/log\n", b"/log2\n", 1))
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


def test_the_command_says_why_there_is_no_stamp(data: DataDir, tsa: Tsa) -> None:
    where = ["--data-dir", str(data.path), *(["--database", data.url] if data.url else [])]
    dead = {
        "MELDEWEG_TIMESTAMP_URL": "http://127.0.0.1:9/tsa",
        "MELDEWEG_TIMESTAMP_CA": str(tsa.ca),
    }
    silent = meldeweg("audit", "stamp", *where, **dead)
    assert (silent.returncode, "Kein Zeitstempel" in silent.stderr) == (1, True)


def meldeweg(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hub", *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
