# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bodies go in two steps, and every proof that was ever handed out still holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from hub.audit import tables
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.orders import Order, is_cosigned
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.prune import add_order, due_range, erase_bodies, limit_of, range_digest
from hub.audit.tile import ENTRIES, Tile
from hub.audit.tree import Tree
from hub.audit.verify import verify_db
from hub.audit.words import KEPT, KINDS
from hub.schemas import SPECS
from hub.sealing.canonical import digest
from tests.unit.audit.builders import (
    START,
    a_database,
    a_draft,
    a_grown_log,
    a_log,
    a_signer,
    an_id,
    append_all,
)

LATE = datetime(2028, 1, 2, 8, 0, tzinfo=UTC)
"""After 31 December of the year that follows the year of the entries."""


def an_order(engine: Engine, first: int, last: int, at: datetime = LATE) -> Draft:
    with engine.connect() as connection:
        about = range_digest(connection, first, last)
    return Draft(
        kind="log.pruned",
        entry_id=an_id(7_000 + first, at),
        at=at,
        act={"org": "hub.beispielstadt.invalid", "role": "betrieb"},
        obj={"ty": "log", "d": about, "n": last - first + 1},
        law=("bdsg-76-4",),
    )


def prune(
    engine: Engine, log: Log, first: int, last: int, at: datetime = LATE, *, least: int = 0
) -> str:
    order = an_order(engine, first, last, at)
    append_all(engine, log, [order])
    with engine.begin() as connection:
        add_order(connection, order.entry_id, first, last, least)
    return order.entry_id


def test_pruned_bodies_are_gone_and_the_proofs_still_hold(tmp_path: Path) -> None:
    engine, log = a_grown_log(300, path=tmp_path / "hub.db")
    with engine.connect() as connection:
        before = parse_proof(log.proof(connection, 20))
    order = prune(engine, log, 10, 270)

    with engine.begin() as connection:
        assert erase_bodies(connection, order) == 261

    with engine.connect() as connection:
        after = parse_proof(log.proof(connection, 20))
        assert after == replace(before, extra=None)
        assert verify_proof(after, a_signer().verifier, before.extra).size == 50
        assert log.prove(connection, a_draft(20).entry_id).entry is None
        assert Tree().tile(connection, Tile(0, 0)) is not None
        assert Tree().tile(connection, Tile(ENTRIES, 0)) is None
    engine.dispose()
    assert verify_db(tmp_path / "hub.db", log.vkey) == []


def test_a_pruned_log_goes_on(tmp_path: Path) -> None:
    engine, log = a_grown_log(30, path=tmp_path / "hub.db")
    order = prune(engine, log, 0, 29)
    with engine.begin() as connection:
        erase_bodies(connection, order)
        log.open(connection)

    append_all(engine, log, [a_draft(31, at=LATE)])

    assert log.size == 32
    engine.dispose()
    assert verify_db(tmp_path / "hub.db", log.vkey) == []


def test_a_body_goes_only_once_its_order_is_in_the_tree() -> None:
    engine, log = a_grown_log(30)
    order = an_order(engine, 0, 9)

    with engine.begin() as connection:
        log.append(connection, order, at_once=True)
        add_order(connection, order.entry_id, 0, 9)

        with pytest.raises(IntegrityError, match="append only"):
            erase_bodies(connection, order.entry_id)


def test_an_order_does_not_reach_beyond_itself() -> None:
    engine, log = a_grown_log(30)
    order = prune(engine, log, 20, 31)
    append_all(engine, log, [a_draft(31, at=LATE), a_draft(32, at=LATE)])

    with pytest.raises(IntegrityError, match="append only"), engine.begin() as connection:
        erase_bodies(connection, order)


def test_orders_outlive_what_they_let_go() -> None:
    """Without them nobody could tell a gap that was ordered from one that was made."""
    engine, log = a_grown_log(30)
    first = prune(engine, log, 0, 9)
    second = prune(engine, log, 5, 30)
    with engine.begin() as connection:
        assert erase_bodies(connection, first) == 10
        assert erase_bodies(connection, second) == 20

    with engine.connect() as connection:
        left = connection.execute(select(tables.audit_body.c.event_id)).scalars().all()
        assert set(left) == {first, second}
        with pytest.raises(IntegrityError, match="append only"):
            connection.exec_driver_sql("DELETE FROM audit_body")


def findings(path: Path, log: Log) -> set[tuple[str, str]]:
    return {(finding.table, finding.column) for finding in verify_db(path, log.vkey)}


BERLIN: Final = ZoneInfo("Europe/Berlin")
EDGES: Final = {
    "the last second of the year": (datetime(2026, 12, 31, 23, 59, 59, tzinfo=BERLIN), 2028),
    "the first second of a year": (datetime(2027, 1, 1, tzinfo=BERLIN), 2029),
    "summer": (datetime(2026, 7, 1, 0, 30, tzinfo=BERLIN), 2028),
}


@pytest.mark.parametrize(("made", "year"), EDGES.values(), ids=EDGES)
def test_a_body_goes_with_the_end_of_the_year_after_its_own_in_germany(
    made: datetime, year: int
) -> None:
    """§ 76 Abs. 4 BDSG. The database looks at the times of both entries, and at no clock."""
    goes = datetime(year, 1, 1, tzinfo=BERLIN)
    engine, log = a_database(), a_log()
    append_all(engine, log, [a_draft(1, at=made)])
    early = prune(engine, log, 0, 0, at=goes - timedelta(seconds=1))

    with pytest.raises(IntegrityError, match="append only"), engine.begin() as connection:
        erase_bodies(connection, early)
    in_time = prune(engine, log, 0, 0, at=goes)
    with engine.begin() as connection:
        assert limit_of(goes - timedelta(seconds=1)) <= made < limit_of(goes)
        assert erase_bodies(connection, in_time) == 1


def test_what_is_too_young_and_gone_all_the_same_is_found(tmp_path: Path) -> None:
    """Whoever owns the database can take its guards away for a moment."""
    engine, log = a_grown_log(10, path=tmp_path / "hub.db")
    order = prune(engine, log, 0, 4, at=datetime(2027, 12, 31, tzinfo=UTC))
    assert findings(tmp_path / "hub.db", log) == set()

    with engine.begin() as connection:
        guard = "SELECT sql FROM sqlite_master WHERE name = 'audit_body_no_delete'"
        statement = connection.exec_driver_sql(guard).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER audit_body_no_delete")
        erase_bodies(connection, order)
        connection.exec_driver_sql(statement)
    engine.dispose()

    assert findings(tmp_path / "hub.db", log) == {("prune_order", "event_id")}


def test_an_order_waits_for_as_many_witnesses_as_it_names() -> None:
    """On one checkpoint, behind the order: what they saw before says nothing about it."""
    engine, log = a_grown_log(10)
    order = prune(engine, log, 0, 4, least=2)
    append_all(engine, log, [a_draft(20, at=LATE)])
    cosign(engine, 10, "alt", "aelter")
    cosign(engine, 11, "nord")
    cosign(engine, 12, "sued")

    with pytest.raises(IntegrityError, match="append only"), engine.begin() as connection:
        erase_bodies(connection, order)
    with engine.begin() as connection:
        assert not is_cosigned(connection, waiting(connection))
    cosign(engine, 12, "nord")
    with engine.begin() as connection:
        assert is_cosigned(connection, waiting(connection))
        assert erase_bodies(connection, order) == 5


def cosign(engine: Engine, size: int, *witnesses: str) -> None:
    with engine.begin() as connection:
        rows = [{"size": size, "witness": each, "line": each} for each in witnesses]
        connection.execute(insert(tables.cosignature), rows)


def waiting(connection: Connection) -> Order:
    """Return the one order, as it would stand on the list of what is to be done."""
    of = tables.prune_order.c
    row = connection.execute(
        select(of.event_id, tables.audit_leaf.c.idx, of.last_idx, of.least, of.first_idx).join(
            tables.audit_leaf, tables.audit_leaf.c.event_id == of.event_id
        )
    ).one()
    return Order(*row)


def test_what_gaps_and_signatures_are_read_by_stays() -> None:
    engine, log = a_database(), a_log()
    about: dict[str, str | int] = {"ty": "message", "id": an_id(5), "d": digest("x")}
    stay = [a_draft(number, kind=kind, obj=about) for number, kind in enumerate(KEPT)]
    append_all(engine, log, [*stay, a_draft(100)])
    order = prune(engine, log, 0, len(stay))

    with engine.begin() as connection:
        assert erase_bodies(connection, order) == 1
    for draft in stay:
        of_it = tables.audit_body.c.event_id == draft.entry_id
        with pytest.raises(IntegrityError, match="append only"), engine.begin() as connection:
            connection.execute(delete(tables.audit_body).where(of_it))


def test_the_file_of_classes_and_the_program_name_the_same_kinds() -> None:
    classes = YAML(typ="safe").load((SPECS / "retention.yaml").read_text("utf-8"))["classes"]
    kept = {each["class"]: each.get("kinds", []) for each in classes}

    assert kept == {"vorgang": [], "bestand": list(KEPT)}
    assert set(KEPT) < set(KINDS)


def test_what_is_due_are_the_oldest_entries_that_no_order_covers() -> None:
    engine, log = a_grown_log(10)
    append_all(engine, log, [a_draft(number, at=LATE) for number in (11, 12)])
    before = limit_of(LATE)
    with engine.connect() as connection:
        assert due_range(connection, START) is None
        found = due_range(connection, before)
        assert found is not None
        assert (found.first, found.last, found.count) == (0, 9, 10)
        assert found.digest == range_digest(connection, 0, 9)
    prune(engine, log, 0, 9)

    with engine.connect() as connection:
        assert due_range(connection, before) is None
        later = due_range(connection, LATE + timedelta(days=1))
        assert later is not None
        assert (later.first, later.last) == (10, 12)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 5), (1, 4), (0, 3)], ids=["later end", "later start", "earlier end"]
)
def test_an_order_covers_what_its_entry_says_and_not_what_its_row_says(
    tmp_path: Path, first: int, last: int
) -> None:
    engine, log = a_grown_log(10, path=tmp_path / "hub.db")
    order = an_order(engine, 0, 4)
    append_all(engine, log, [order])
    with engine.begin() as connection:
        add_order(connection, order.entry_id, first, last)
        erase_bodies(connection, order.entry_id)
    engine.dispose()

    assert findings(tmp_path / "hub.db", log) == {("prune_order", "first_idx,last_idx")}


def test_a_range_is_named_by_its_entries_and_its_ends() -> None:
    engine, _ = a_grown_log(10)
    with engine.connect() as connection:
        ranges = [(0, 3), (0, 4), (1, 4), (1, 3)]
        assert len({range_digest(connection, *ends) for ends in ranges}) == 4
        assert (
            connection.execute(select(func.count()).select_from(tables.audit_leaf)).scalar() == 10
        )
