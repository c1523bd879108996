# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bodies go in two steps, and every proof that was ever handed out still holds."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from hub.audit import tables
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.prune import add_order, erase_bodies, range_digest
from hub.audit.tile import ENTRIES, Tile
from hub.audit.tree import Tree
from hub.audit.verify import verify_db
from tests.unit.audit.builders import a_draft, a_grown_log, a_signer, an_id, append_all

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


def prune(engine: Engine, log: Log, first: int, last: int, at: datetime = LATE) -> str:
    order = an_order(engine, first, last, at)
    append_all(engine, log, [order])
    with engine.begin() as connection:
        add_order(connection, order.entry_id, first, last)
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


def test_what_is_too_young_must_not_go(tmp_path: Path) -> None:
    """§ 76 Abs. 4 BDSG: bodies are kept until the end of the following year."""
    engine, log = a_grown_log(10, path=tmp_path / "hub.db")
    order = prune(engine, log, 0, 4, at=datetime(2027, 12, 31, tzinfo=UTC))
    assert findings(tmp_path / "hub.db", log) == set()

    with engine.begin() as connection:
        erase_bodies(connection, order)
    engine.dispose()

    assert findings(tmp_path / "hub.db", log) == {("prune_order", "event_id")}


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
