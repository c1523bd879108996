# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each of the forty ways to tamper with the log is found or stopped, and by whom is known."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import given_back
from tests.tamper.forty.forge import changed, entries, rebuild
from tests.tamper.forty.judge import Verdicts, judge
from tests.tamper.forty.lived import a_scene
from tests.tamper.forty.paper import write
from tests.tamper.forty.scene import Scene
from tests.tamper.forty.table import BLIND, ROWS, Row

ALTERING = range(1, 28)
"""Rows in which somebody has changed the machine."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with given_back():
        yield a_scene(tmp_path_factory.mktemp("forty"))


def test_nobody_finds_anything_where_nothing_was_done(scene: Scene, tmp_path: Path) -> None:
    with scene.copied(tmp_path / "copy") as copy:
        assert judge(copy, tmp_path) == Verdicts("", "", "", "")


@pytest.mark.parametrize("row", [row for row in ROWS if row.applies], ids=lambda row: row.number)
def test_it_is_found_or_stopped(row: Row, scene: Scene, tmp_path: Path) -> None:
    verdicts = row.trial(scene, tmp_path)

    assert verdicts.found, row.what
    if row.number in ALTERING:
        assert (verdicts.database == "") == (row.number in BLIND), verdicts


def test_behind_his_last_signature_the_witness_knows_nothing(scene: Scene, tmp_path: Path) -> None:
    """The window in which a thief of the key has only the guard, or the signer, against him."""
    with scene.copied(tmp_path / "copy") as copy:
        bodies = entries(copy)
        event_id, body = bodies[-1]
        bodies[-1] = (event_id, changed(body, obj={**json.loads(body)["obj"], "n": 7}))
        with copy.unguarded():
            rebuild(copy, bodies, scene.private)

        assert judge(copy, tmp_path).found == ["guard"]


def test_there_are_forty_rows() -> None:
    assert [row.number for row in ROWS] == list(range(1, 41))


def test_the_paper_says_which_rows_the_database_alone_does_not_show(tmp_path: Path) -> None:
    paper = tmp_path / "tamper.md"
    said = [(ROWS[3], Verdicts("", "anders", "409 12", "", "anders | als"))]

    write(said, "postgresql", paper)
    write(said, "sqlite", paper)

    text = paper.read_text("utf-8")
    assert text.index("## SQLite") < text.index("## PostgreSQL")
    assert "| 4 |" in text
    assert "anders \\| als" in text
    assert "Die Datenbank allein zeigt nicht: 4." in text
