# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""A table that cannot fail shows nothing: what is missing or too much is found in the books."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.databases import given_back, sqlite_only
from tests.faults.books import reconcile
from tests.faults.crowd import a_crowd
from tests.faults.diary import Diary
from tests.faults.hub import wait_until
from tests.faults.paper import write
from tests.faults.place import Place, found
from tests.faults.stops import stop

Run = tuple[Place, Diary]
ONE: Final = "(SELECT id FROM message ORDER BY id LIMIT 1)"
BREAKS: Final = {
    f"DELETE FROM message WHERE id = {ONE}": {"lost", "no message"},
    f"UPDATE message SET request = 'other' WHERE id = {ONE}": {"lost"},
    f"DELETE FROM receipt WHERE word = 'accepted' AND message_id = {ONE}": {"lost"},
    "DELETE FROM receipt WHERE word = 'taken'": {"lost"},
    f"DELETE FROM audit_event WHERE message_id = {ONE}": {"no entry", "the log"},
    "DELETE FROM audit_body WHERE event_id = (SELECT max(event_id) FROM audit_body)": {"the log"},
    "DELETE FROM audit_leaf WHERE idx = (SELECT max(idx) FROM audit_leaf)": {"the log"},
    "UPDATE message SET request = (SELECT min(request) FROM message)": {"doubled", "lost"},
    f"UPDATE message SET id = 'stranger' WHERE id = {ONE}": {"strange", "lost"},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A hub that has worked a little and is down, and what its clients hold."""
    with given_back():
        place = found(tmp_path_factory.mktemp("books"))
        yield place, asyncio.run(_work(place))


async def _work(place: Place) -> Diary:
    with place.hub() as hub:
        hub.start_and_wait()
        async with a_crowd(place, senders=2) as crowd:
            await asyncio.to_thread(
                wait_until, lambda: len(crowd.diary.taken) > 2, "some are taken"
            )
            await crowd.finish()
        hub.stop()
    return crowd.diary


def test_books_that_nobody_has_touched_agree(run: Run) -> None:
    assert reconcile(*run) == []


@sqlite_only
@pytest.mark.parametrize("statement", BREAKS)
def test_what_is_broken_is_found(run: Run, tmp_path: Path, statement: str) -> None:
    place = run[0].moved(tmp_path / "hub")
    with closing(sqlite3.connect(place.data.database, isolation_level=None)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in named.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount > 0

    findings = reconcile(place, run[1])

    assert BREAKS[statement] <= {finding.partition(":")[0] for finding in findings}
    assert any(finding.startswith("the auditor's program") for finding in findings)


def test_what_a_client_should_never_see_is_a_finding(run: Run) -> None:
    place, diary = run

    assert reconcile(place, replace(diary, trouble=["refused"])) == ["refused"]


def test_the_paper_keeps_what_was_counted_on_the_other_database(tmp_path: Path, run: Run) -> None:
    paper = tmp_path / "faults.md"
    outcome = asyncio.run(stop(run[0], 1, 1))

    write([outcome], "postgresql", paper)
    write([replace(outcome, findings=["a | b"])], "sqlite", paper)

    text = paper.read_text("utf-8")
    assert text.index("## SQLite") < text.index("## PostgreSQL")
    assert text.count("| F2 |") == 2
    assert "**nein**: a \\| b" in text
