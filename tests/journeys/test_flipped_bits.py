# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever is changed in a hub's database after the fact, the auditor's program names the place.

The database is a real one, with both stories in it. Two thirds of the receipts' values are left to
the long form (``MELDEWEG_TAMPER=1``), and most of the log's many equal entries.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.audit.triggers import triggers
from hub.audit.verify import Finding, verify_db
from hub.client import Hub, Refused
from hub.main.work import turn
from hub.node import Node
from hub.record import new_id
from tests.journeys.copies import copy_of
from tests.journeys.stories import SCHOOL_NOTICE, notify, tell
from tests.journeys.tampering import KEYS, Cell, Key, cells, flip, opened, swap
from tests.world import RHEINBERG, SCHOOL, World, a_world, example

IS_LONG = bool(os.environ.get("MELDEWEG_TAMPER"))
PARTIES = ("schule:999001", "jugendamt:05170032", "polizei:kpb-wesel")
LOG = ("audit_event", "audit_body", "audit_leaf", "tile", "checkpoint")
FULL_TILE = 256
MANY = 300


@dataclass(frozen=True)
class Evidence:
    """A copy of the database, and the key by which an auditor knows the log."""

    path: Path
    vkey: str

    def findings(self) -> list[Finding]:
        return verify_db(self.path, self.vkey)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evidence, Evidence]:
    """The hub once everything was told, and the same hub once its log has grown on top."""
    home = tmp_path_factory.mktemp("sound")
    with a_world(home, *PARTIES) as world:
        vkey = world.node.log.vkey
        asyncio.run(fill(world))
        told = Evidence(copy_of(world.data, home / "erzaehlt.sqlite"), vkey)
        world.node.writer.commit_now(lambda connection: let_it_grow(world.node, connection))
        return told, Evidence(copy_of(world.data, home / "kopie.sqlite"), vkey)


@pytest.fixture(scope="module")
def sound(both: tuple[Evidence, Evidence]) -> Evidence:
    return both[1]


@pytest.fixture(scope="module")
def told(both: tuple[Evidence, Evidence]) -> Evidence:
    """Where what is changed lies beside the log, its length makes each look slower and no other."""
    return both[0]


async def fill(world: World) -> None:
    """Tell both stories, let time pass, begin anew, and refuse something."""
    [notice, *_] = await tell(world)
    # What was said last has to be over too, however slowly the story was told.
    await turn(world.node, notice.end + 60)
    async with world.hub(SCHOOL) as school:
        await notify(school, SCHOOL_NOTICE)
        await refuse_something(school)


async def refuse_something(school: Hub) -> None:
    await school.directory()
    draft = school.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example("schule-mitteilung", "mitteilung"),
    )
    spoiled = draft.body.replace(b'"body":{', b'"body":{"mehr":"a",', 1)
    with pytest.raises(Refused):
        await school.line.send("PUT", f"/v1/messages/{draft.id}", spoiled)


def let_it_grow(node: Node, connection: Connection) -> None:
    for _ in range(MANY):
        node.log.append(
            connection,
            Draft(
                kind="log.heartbeat",
                entry_id=new_id(),
                at=node.clock(),
                act={"org": node.hub_id},
                obj={"ty": "log"},
            ),
        )


@pytest.fixture
def copy(sound: Evidence, tmp_path: Path) -> Evidence:
    """A copy to break things in."""
    return Evidence(Path(shutil.copy(sound.path, tmp_path / "kopie.sqlite")), sound.vkey)


def rows(evidence: Evidence, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(evidence.path)) as connection:
        return connection.execute(query).fetchall()


def test_nothing_is_found_where_nothing_was_changed(sound: Evidence, told: Evidence) -> None:
    assert sound.findings() == []
    assert told.findings() == []


def test_there_is_enough_to_be_changed(sound: Evidence) -> None:
    words = {word for (word,) in rows(sound, "SELECT DISTINCT word FROM receipt")}
    states = {state for (state,) in rows(sound, "SELECT DISTINCT state FROM message")}
    kinds = {kind for (kind,) in rows(sound, "SELECT DISTINCT kind FROM audit_event")}
    erased = {gone for (gone,) in rows(sound, "SELECT DISTINCT body IS NULL FROM message")}

    assert words >= {
        "accepted", "opened", "taken", "acknowledged", "rejected", "withdrawn", "held", "overdue",
        "expired", "erased",
    }  # fmt: skip
    assert states == {"accepted", "taken", "acknowledged", "rejected", "withdrawn", "expired"}
    assert kinds >= {"message.refused", "directory.changed", "protocol.adopted", "log.genesis"}
    assert erased == {0, 1}
    assert rows(sound, "SELECT count(*) FROM audit_leaf")[0][0] >= MANY
    assert rows(sound, "SELECT level, n FROM tile") == [(0, 0)]


def is_chosen(cell: Cell, number: int, place: int) -> bool:
    """Say which values the short form changes: every row, and every column in many rows."""
    if IS_LONG or cell.table in {"message", "tile"}:
        return True
    if cell.column == "message_id" and cell.table == "audit_event":
        return True  # So few entries accept a message that a sample might miss them all.
    if cell.table == "receipt":
        return (number + place) % 3 == 0
    around_the_tile = FULL_TILE - 1 <= number <= FULL_TILE
    return number % 37 == 0 or around_the_tile


def chosen(sound: Evidence, table: str) -> Iterator[Cell]:
    found = cells(sound.path, table)
    keys = list(dict.fromkeys(cell.key for cell in found))
    columns = list(dict.fromkeys(cell.column for cell in found))
    for cell in found:
        if is_chosen(cell, keys.index(cell.key), columns.index(cell.column)):
            yield cell


@pytest.mark.parametrize(
    "table", ["message", "receipt", *LOG, "conversation", "directory_entry", "adoption"]
)
def test_one_flipped_bit_is_named_by_table_row_and_column(
    both: tuple[Evidence, Evidence], tmp_path: Path, table: str
) -> None:
    told, grown = both
    sound = grown if table in LOG else told
    unnamed = []
    seen = set()
    for cell in chosen(sound, table):
        copy = Evidence(Path(shutil.copy(sound.path, tmp_path / "kopie.sqlite")), sound.vkey)
        after = flip(copy.path, cell)
        findings = copy.findings()
        if not any(cell.is_named_by(finding, after) for finding in findings):
            unnamed.append((cell.column, cell.key, list(map(str, findings))))
        seen.add(cell.column)

    assert seen == {cell.column for cell in cells(sound.path, table)}
    assert unnamed == []


@pytest.mark.parametrize("table", ["message", "receipt", *LOG])
def test_a_deleted_row_is_missed(sound: Evidence, tmp_path: Path, table: str) -> None:
    unnoticed = []
    keys = list(dict.fromkeys(cell.key for cell in cells(sound.path, table)))
    for key in keys if IS_LONG or len(keys) < 50 else keys[:: len(keys) // 10]:
        copy = Evidence(Path(shutil.copy(sound.path, tmp_path / "kopie.sqlite")), sound.vkey)
        with opened(copy.path) as connection:
            where = Cell(table, "", key, None).where
            connection.execute(f"DELETE FROM {table} WHERE {where}", key)  # noqa: S608
        # A checkpoint that later ones cover is missed only by whoever kept it.
        is_covered = table == "checkpoint" and key != keys[-1]
        if not copy.findings() and not is_covered:
            unnoticed.append(key)

    assert unnoticed == []


ONE_THAT_WAS_TAKEN = "SELECT message_id FROM receipt WHERE word = 'taken' LIMIT 1"
# What is exchanged between two rows, and between which. The tree alone cannot say which of two
# leaves was moved where; all else is named row by row.
SWAPPED = [
    ("message", ("wraps", "body"), "body IS NOT NULL"),
    ("message", ("env",), "1"),
    ("message", ("audit_id",), "1"),
    ("message", ("state",), "state IN ('taken', 'rejected') ORDER BY state"),
    ("receipt", ("jws",), "1"),
    ("receipt", ("jws", "digest"), "1"),
    ("receipt", ("audit_id",), "1"),
    ("receipt", ("seq",), f"message_id = ({ONE_THAT_WAS_TAKEN}) AND chain = 'visible'"),
    ("audit_body", ("body",), "1"),
    ("audit_event", ("kind", "message_id"), "1"),
    ("checkpoint", ("note",), "1"),
]


@pytest.mark.parametrize(("table", "columns", "condition"), SWAPPED)
def test_two_swapped_rows_are_both_named(
    copy: Evidence, table: str, columns: tuple[str, ...], condition: str
) -> None:
    one, other = two_rows(copy, table, columns, condition)

    swap(copy.path, table, columns, one, other)

    named = {finding.row for finding in copy.findings() if finding.table == table}
    assert {str(one[0]), str(other[0])} <= named


@pytest.mark.parametrize("columns", [("event_id",), ("event_id", "leaf_hash")])
def test_two_entries_in_each_others_place_are_found(
    copy: Evidence, columns: tuple[str, ...]
) -> None:
    one, other = two_rows(copy, "audit_leaf", columns, "1")

    swap(copy.path, "audit_leaf", columns, one, other)

    assert {finding.table for finding in copy.findings()} & {"checkpoint", "audit_body"}


def two_rows(
    evidence: Evidence, table: str, columns: tuple[str, ...], condition: str
) -> tuple[Key, Key]:
    """Return the keys of the first row and of the last that differs from it."""
    names = KEYS.get(table, ("id",))
    query = f"SELECT {', '.join((*names, *columns))} FROM {table} WHERE {condition}"  # noqa: S608
    first, *others = rows(evidence, query)
    at = len(names)
    last = next(row for row in reversed(others) if row[at:] != first[at:])
    return first[:at], last[:at]


@pytest.mark.parametrize("statement", triggers("sqlite"), ids=lambda text: text.split()[2])
def test_a_dropped_trigger_is_named(copy: Evidence, statement: str) -> None:
    name = statement.split()[2]
    with closing(sqlite3.connect(copy.path)) as connection:
        connection.execute(f"DROP TRIGGER {name}")
        connection.commit()

    [finding] = copy.findings()

    assert (finding.table, finding.row) == ("sqlite_master", name)


def test_a_message_without_entry_is_found(copy: Evidence) -> None:
    """Whoever slips a message in beside the log has no entry for it, and no receipt."""
    with opened(copy.path) as connection:
        connection.execute(
            "INSERT INTO message SELECT 'untergeschoben', conversation, position + 100, protocol,"
            " step, sender, recipient, urgency, request, client, state, accepted_at, ends_at,"
            " due_taken, due_acknowledged, due_overdue, on_duty, due_next, 'kein Eintrag', env,"
            " NULL, wraps, body"
            " FROM message WHERE body IS NOT NULL LIMIT 1"
        )

    named = {(finding.table, finding.row, finding.column) for finding in copy.findings()}

    assert ("message", "untergeschoben", "audit_id") in named


@pytest.mark.parametrize("table", LOG)
def test_a_row_of_the_log_can_not_be_put_in_the_place_of_another(
    copy: Evidence, table: str
) -> None:
    """``INSERT OR REPLACE`` deletes without asking the trigger that forbids deleting."""
    with (
        closing(sqlite3.connect(copy.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=f"{table}: append only"),
    ):
        connection.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608

    assert copy.findings() == []


@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("act", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_a_row_of_the_log_is_neither_changed_nor_deleted(
    copy: Evidence, table: str, act: str
) -> None:
    statement = act.format(table=table, column=cells(copy.path, table)[0].column)
    with (
        closing(sqlite3.connect(copy.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=f"{table}: append only"),
    ):
        connection.execute(statement)
