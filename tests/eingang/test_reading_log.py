# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was read is on the disk before it is shown; nobody takes it out again without being seen."""

import asyncio
import copy
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.adapters.reading import words
from hub.adapters.reading.chain import Chain
from hub.adapters.reading.entry import parse_entry
from hub.adapters.reading.forgetting import _announce, _erase, forget
from hub.adapters.reading.leaving import export_to
from hub.adapters.reading.log import DATABASE, ReadingLog
from hub.adapters.reading.names import persons_of
from hub.adapters.reading.reading import Reading
from hub.audit import tables, verify
from hub.audit.entry import NotAnEntry
from hub.audit.tile import WIDTH, parse_bundle
from hub.audit.verify import verify_tiles
from hub.errors import Failure
from hub.schemas import SPECS
from hub.sealing.canonical import jcs
from hub.store.sqlite import sqlite
from tests.adapters.stands import a_small_disk
from tests.adapters.stands import filled as full
from tests.eingang.logbook import (
    LOOK,
    MATTER,
    SIGNER,
    UNIT,
    a_log,
    examined,
    examined_by,
    filled,
    head_changed,
    opened,
)

SCHEMA: Final = jsonschema_rs.Draft202012Validator(
    json.loads((SPECS / "reading-entry.schema.json").read_text("utf-8"))
)
MANY: Final = 300
"""More than one tile."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that nobody has touched."""
    return filled(tmp_path_factory.mktemp("lesebuch") / "sound", 20)


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy that somebody may touch."""
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def bodies(folder: Path) -> list[bytes]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        query = "SELECT body FROM audit_body JOIN audit_leaf USING (event_id) ORDER BY idx"
        return [row[0] for row in connection.execute(query)]


def test_a_look_has_its_place_and_says_nothing_but_codes(tmp_path: Path) -> None:
    with a_log(tmp_path) as log:
        places = [asyncio.run(log.note(LOOK)) for _ in range(3)]
    entry = json.loads(bodies(tmp_path)[2])

    assert places == [0, 1, 2]
    assert entry["act"]["org"] == UNIT
    assert entry["cls"] == ["main", "akte"]
    assert b"person-1" not in b"".join(bodies(tmp_path))


@pytest.mark.anyio
async def test_looks_at_the_same_time_share_one_commit(tmp_path: Path) -> None:
    with a_log(tmp_path) as log:
        places = await asyncio.gather(*(log.note(LOOK) for _ in range(MANY)))
        heads = log.read_now(
            lambda connection: connection.execute(tables.checkpoint.select()).all()
        )

    assert sorted(places) == list(range(MANY))
    assert len(heads) < MANY / 10
    assert examined(tmp_path).holds


def test_the_same_person_is_another_in_the_next_year(tmp_path: Path) -> None:
    with a_log(tmp_path) as log:
        for year in (2026, 2026, 2027):
            with clock.lived_by(lambda: datetime(year, 3, 1, tzinfo=UTC).timestamp()):  # noqa: B023  run at once
                log.note_now(LOOK)
        pids = [json.loads(body)["act"]["pid"] for body in bodies(tmp_path)]
        known = log.read_now(lambda connection: persons_of(connection, pids))

    assert pids[0] == pids[1] != pids[2]
    assert known == {pids[0]: "person-1", pids[2]: "person-1"}


def test_it_goes_on_where_it_was(folder: Path) -> None:
    with a_log(folder) as log:
        assert log.note_now(LOOK) == 20

    assert examined(folder).size == 21


def test_what_a_command_adds_meanwhile_stops_nobody(folder: Path) -> None:
    with a_log(folder) as one, a_log(folder) as other:
        assert [log.note_now(LOOK) for log in (one, other, one)] == [20, 21, 22]

    assert examined(folder).holds


# --- What cannot be written is not shown ---------------------------------------------------------


def test_on_a_full_disk_nothing_is_noted_and_afterwards_it_goes_on(tmp_path: Path) -> None:
    try:
        with a_small_disk(tmp_path):
            with a_log(tmp_path) as log:
                assert log.note_now(LOOK) == 0
                with full(tmp_path), pytest.raises(Failure):
                    until_it_fails(log)
                size = examined_by(log).size
                assert log.note_now(LOOK) == size
            assert examined(tmp_path).holds
    except PermissionError:
        pytest.skip("nothing may be mounted here")


def until_it_fails(log: ReadingLog) -> None:
    for _ in range(200):
        log.note_now(LOOK)


@pytest.mark.interop
def test_where_somebody_else_holds_the_file_nothing_is_noted(folder: Path) -> None:
    with a_log(folder) as log, closing(sqlite.connect(folder / DATABASE)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Failure):
            asyncio.run(log.note(LOOK))
        other.rollback()

        assert log.note_now(LOOK) == 20


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_leaf WHERE idx = 19",
        "UPDATE audit_leaf SET leaf_hash = zeroblob(32) WHERE idx = 3",
        "DELETE FROM checkpoint WHERE size = 20",
    ],
)
def test_where_the_file_was_touched_nothing_more_is_added(folder: Path, statement: str) -> None:
    with opened(folder) as connection:
        connection.execute(statement)
    with a_log(folder) as log, pytest.raises(Failure):
        log.note_now(LOOK)


def test_what_is_no_entry_is_not_entered(tmp_path: Path) -> None:
    """A mistake of one page must not stop the others, and must not say what was refused."""
    with a_log(tmp_path) as log:
        for wrong in (
            replace(LOOK, role="Erfunden-Beispiel"),
            replace(LOOK, kind="reading.guessed"),
            replace(LOOK, ground="weil ich es wollte"),
            replace(LOOK, message="Erfunden"),
            replace(LOOK, classes=("alles",)),
        ):
            with pytest.raises(NotAnEntry) as refused:
                log.note_now(wrong)
            assert "Erfunden" not in str(refused.value)
        assert log.note_now(LOOK) == 0


def test_the_database_itself_takes_nothing_back(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        for statement in (
            "DELETE FROM audit_body",
            "UPDATE audit_body SET body = x'00'",
            "DELETE FROM audit_leaf",
            "UPDATE audit_event SET kind = 'reading.log'",
            "DELETE FROM checkpoint",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                connection.execute(statement)


KILLED: Final = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.eingang.logbook import LOOK, a_log

async def page() -> None:
    with a_log(Path(sys.argv[1])) as log:
        await log.note(LOOK)
        os.kill(os.getpid(), signal.SIGKILL)
        print("the page")

asyncio.run(page())
"""


def test_killed_between_entry_and_page_the_entry_stays(tmp_path: Path) -> None:
    """An entry without a page is the safe side; a page without an entry must not be."""
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        check=False,
        capture_output=True,
        cwd=SPECS.parent,
    )

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ended.stdout == b""
    assert examined(tmp_path).size == 1


# --- Whoever owns the file ----------------------------------------------------------------------


def changed(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute(
            "UPDATE audit_body"
            " SET body = CAST(replace(CAST(body AS TEXT), 'fachkraft', 'leitung') AS BLOB)"
            " WHERE event_id = (SELECT event_id FROM audit_leaf WHERE idx = 7)"
        )


def body_deleted(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute(
            "DELETE FROM audit_body"
            " WHERE event_id = (SELECT event_id FROM audit_leaf WHERE idx = 7)"
        )


def entry_deleted(folder: Path) -> None:
    without(folder, "= 7")


def without(folder: Path, which: str) -> None:
    """Take entries out as if they had never been."""
    named = f"(SELECT event_id FROM audit_leaf WHERE idx {which})"  # noqa: S608  constants
    with opened(folder) as connection:
        connection.execute(f"DELETE FROM audit_body WHERE event_id IN {named}")  # noqa: S608
        connection.execute(f"DELETE FROM audit_event WHERE id IN {named}")  # noqa: S608
        connection.execute(f"DELETE FROM audit_leaf WHERE idx {which}")  # noqa: S608


def swapped(folder: Path) -> None:
    with opened(folder) as connection:
        one, other = (
            connection.execute(
                "SELECT event_id, leaf_hash FROM audit_leaf WHERE idx = ?", (at,)
            ).fetchone()
            for at in (3, 4)
        )
        connection.execute("DELETE FROM audit_leaf WHERE idx IN (3, 4)")
        connection.execute("INSERT INTO audit_leaf VALUES (3, ?, ?)", other)
        connection.execute("INSERT INTO audit_leaf VALUES (4, ?, ?)", one)


def tail_cut(folder: Path) -> None:
    without(folder, "> 14")


def hash_changed(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute("UPDATE audit_leaf SET leaf_hash = zeroblob(32) WHERE idx = 7")


def head_deleted(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute("DELETE FROM checkpoint WHERE size = 20")


def put_beside(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute(
            "INSERT INTO audit_event (id, kind) VALUES (?, 'reading.shown')", (MATTER,)
        )


def kind_changed(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute("UPDATE audit_event SET kind = 'reading.printed'")


def unprotected(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("DROP TRIGGER audit_body_no_delete")


TOUCHES: Final = (
    changed,
    body_deleted,
    entry_deleted,
    swapped,
    tail_cut,
    hash_changed,
    head_changed,
    head_deleted,
    put_beside,
    kind_changed,
    unprotected,
)


def test_a_log_that_nobody_touched_holds(sound: Path) -> None:
    verdict = examined(sound)

    assert (verdict.holds, verdict.size, verdict.gone) == (True, 20, 0), verdict.findings


@pytest.mark.parametrize("touch", TOUCHES, ids=lambda touch: touch.__name__)
def test_whatever_is_touched_is_found(folder: Path, touch: Callable[[Path], None]) -> None:
    touch(folder)

    assert not examined(folder).holds


def test_a_tile_that_was_touched_is_found(tmp_path: Path) -> None:
    filled(tmp_path / "log", MANY)
    with opened(tmp_path / "log") as connection:
        connection.execute("UPDATE tile SET hashes = zeroblob(8192)")

    assert not examined(tmp_path / "log").holds


# --- What leaves the house ----------------------------------------------------------------------


def test_an_export_is_verified_by_the_auditors_own_program(tmp_path: Path) -> None:
    with a_log(filled(tmp_path / "log", MANY)) as log:
        size = export_to(log, tmp_path / "out")

    assert size == MANY
    assert verify_tiles(tmp_path / "out", SIGNER.verifier.vkey) == []
    assert len(parse_bundle((tmp_path / "out/tile/entries/000").read_bytes())) == WIDTH
    assert not (tmp_path / "out" / "eintraege").exists()


@pytest.mark.parametrize("file", ["checkpoint", "tile/0/000.p/20", "tile/entries/000.p/20"])
def test_a_file_of_an_export_that_was_touched_is_found(
    folder: Path, tmp_path: Path, file: str
) -> None:
    with a_log(folder) as log:
        export_to(log, tmp_path / "out")
    path = tmp_path / "out" / file
    data = path.read_bytes()
    path.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])

    assert verify_tiles(tmp_path / "out", SIGNER.verifier.vkey) != []


def entries() -> Iterator[tuple[dict[str, Any], bool]]:
    """Return entries with whether their form is the closed one."""
    sound: dict[str, Any] = {
        "v": 1,
        "id": "019a6a5e-7c2a-7d41-8e5b-000000000001",
        "t": "2026-11-21T08:00:00.000000Z",
        "nseq": 7,
        "k": "reading.shown",
        "out": "ok",
        "act": {"org": UNIT, "role": "fachkraft", "pid": "AAAAAAAAAAAAAAAAAAAAAA"},
        "obj": {"ty": "message", "id": MATTER, "ct": "schule-mitteilung/1.0.0", "d": ""},
        "cnv": MATTER,
        "cls": ["main"],
        "why": "",
        "n": "A" * 43,
    }
    yield sound, True
    about_log = {"ty": "log", "id": "", "ct": "", "d": ""}
    yield {**sound, "k": "reading.log", "obj": about_log, "why": "sicherheit"}, True
    yield {**sound, "k": "reading.denied", "out": "refused", "why": "not-permitted"}, True
    for kind in words.KINDS:
        yield {**sound, "k": kind}, kind not in {"reading.log", "log.pruned", "reading.denied"}
    for role in words.ROLES:
        yield {**sound, "act": {**sound["act"], "role": role}}, True
    for ground in words.GROUNDS:
        yield {**sound, "why": ground}, True
    for name in sound:
        yield {key: value for key, value in sound.items() if key != name}, False
    for wrong in (
        {"v": 2},
        {"nseq": -1},
        {"k": "message.opened"},
        {"out": "refused"},
        {"act": {**sound["act"], "name": "Erfunden"}},
        {"act": {**sound["act"], "pid": "short"}},
        {"obj": {**sound["obj"], "id": "Erfunden"}},
        {"obj": {**sound["obj"], "n": -1}},
        {"cnv": None},
        {"cls": ["alles"]},
        {"why": "weil"},
        {"t": "2026-11-21 08:00"},
        {"more": ""},
    ):
        yield {**copy.deepcopy(sound), **wrong}, False


def test_noun_schema_and_auditors_program_agree_on_the_form() -> None:
    for entry, expected in entries():
        body = jcs(entry)
        verdicts = {
            "noun": holds(parse_entry, body),
            "schema": SCHEMA.is_valid(entry),
            "program": holds(verify.read_reading, body),
        }
        assert set(verdicts.values()) == {expected}, (entry, verdicts)


def holds(read: Callable[[bytes], object], body: bytes) -> bool:
    try:
        read(body)
    except (NotAnEntry, verify.Wrong):
        return False
    return True


def test_an_entry_of_the_hub_is_none_of_this_log_and_the_other_way_round(sound: Path) -> None:
    with pytest.raises(verify.Wrong):
        verify.read_entry(bodies(sound)[0])


# --- When bodies go -----------------------------------------------------------------------------


def lived(log: ReadingLog, year: int, *, count: int = 3) -> None:
    with clock.lived_by(lambda: datetime(year, 6, 1, tzinfo=UTC).timestamp()):
        for _ in range(count):
            log.note_now(LOOK)


def forgotten(log: ReadingLog, when: datetime) -> int:
    with clock.lived_by(when.timestamp):
        return forget(log)


def test_bodies_go_with_the_end_of_the_next_year_and_hashes_stay(tmp_path: Path) -> None:
    with a_log(tmp_path / "log") as log:
        lived(log, 2026)
        lived(log, 2027)
        assert forgotten(log, datetime(2027, 12, 31, 22, tzinfo=UTC)) == 0
        assert forgotten(log, datetime(2028, 1, 1, 1, tzinfo=UTC)) == 3
        assert forgotten(log, datetime(2028, 1, 1, 2, tzinfo=UTC)) == 0
        verdict = examined_by(log)
        years = log.read_now(
            lambda connection: connection.exec_driver_sql("SELECT year FROM reader").all()
        )
        export_to(log, tmp_path / "out")

    assert verdict.findings == ()
    assert (verdict.size, verdict.gone) == (7, 3)
    assert years == [(2027,)]
    assert verify_tiles(tmp_path / "out", SIGNER.verifier.vkey) == []
    assert len(list((tmp_path / "out" / "eintraege").iterdir())) == 4


def test_what_went_too_early_is_found(tmp_path: Path) -> None:
    """The entry about it says when: nobody can have bodies go before their time unseen."""
    early = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
    with a_log(tmp_path) as log:
        lived(log, 2026)
        order = log.write_now(partial(_announce, found=(0, 1), unit=UNIT, now=early))
        erase = partial(_erase, order=order, found=(0, 1), now=early)
        with pytest.raises(IntegrityError, match="append only"):
            log.write_now(erase)
        assert log.write_now(partial(_by_hand, erase)) == 2
        found = examined_by(log).findings

    assert {each.text for each in found} == {"wurde vor dem Ende seiner Frist gelöscht"}


def _by_hand(erase: Callable[[Connection, Chain], int], connection: Connection, log: Chain) -> int:
    """Take the guard of the bodies away for a moment, as whoever owns the file can."""
    guard = "SELECT sql FROM sqlite_master WHERE name = 'audit_body_no_delete'"
    statement = connection.exec_driver_sql(guard).scalar_one()
    connection.exec_driver_sql("DROP TRIGGER audit_body_no_delete")
    gone = erase(connection, log)
    connection.exec_driver_sql(statement)
    return gone


def test_an_order_that_names_something_else_explains_no_gap(tmp_path: Path) -> None:
    with a_log(tmp_path) as log:
        lived(log, 2026)
        assert forgotten(log, datetime(2028, 1, 1, tzinfo=UTC)) == 3
    with opened(tmp_path) as connection:
        connection.execute("UPDATE prune_order SET last_idx = 1")

    assert not examined(tmp_path).holds


def test_no_look_is_kept_back_while_bodies_go(tmp_path: Path) -> None:
    with a_log(tmp_path) as log:
        lived(log, 2026, count=20)
        forgotten(log, datetime(2028, 1, 1, tzinfo=UTC))
        assert log.note_now(Reading("person-2", "leitung", words.PRINTED, message=MATTER)) == 21
        assert examined_by(log).holds
