# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log forgets by the year: an order, then witnesses, then the bodies; and nothing that is held.

The hub's clock is put ahead by two years; the entries are those of today.
"""

import signal
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from hub import clock
from hub.audit import tables
from hub.audit.approval import Claim, sign_approval
from hub.audit.entry import Entry, parse_entry
from hub.audit.orders import is_cosigned, read_due
from hub.audit.prune import Range, range_digest
from hub.audit.tree import read_body, read_event_at
from hub.audit.verify import verify_db
from hub.audit.witnessed import WITHOUT
from hub.enrol.approvers import speak
from hub.errors import NotFound, NotPermitted
from hub.hold import Ended, Wanted, place, release
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.main.keeping import KEEPING, LOOKS
from hub.main.pruning import looked_at
from hub.model.hold import Hold
from hub.node import Node
from hub.prune import Wish, find_due, order
from hub.sealing.canonical import digest
from hub.store.engine import open_database
from hub.store.holds import read_holds
from tests.databases import a_data_dir, sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.pruning import (
    LATER,
    POLICY,
    a_node,
    bear_witness,
    bodies,
    end_in_the_midst,
    grow,
    turn,
)
from tests.unit.audit.builders import a_signer
from tests.world import HUB_ID

REASON = "Erfundene Prüfung durch die Aufsicht"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A hub with a witness, in which sixty things have happened."""
    made = a_data_dir(tmp_path / "hub")
    create_hub(made, HUB_ID, ())
    with a_node(made) as node:
        grow(node, 60)
    return made


def ordered(node: Node, wish: Wish | None = None) -> Range:
    return node.writer.commit_now(partial(order, wish or Wish(), node))


def held(node: Node, wanted: Wanted) -> Hold:
    return node.writer.commit_now(partial(place, wanted, "dsgvo-18", REASON, node))


def released(node: Node, hold: Hold, approval: str = "") -> Hold:
    return node.writer.commit_now(partial(release, Ended(hold.id, REASON, approval), node))


def found(data: DataDir, to: Path) -> list[str]:
    """Return what the auditor finds, with the witness that the hub has."""
    to.unlink(missing_ok=True)
    policy = to.with_name("policy")
    policy.write_text(POLICY.text, "utf-8")
    return [str(each) for each in verify_db(copy_of(data, to), policy=policy)]


def test_the_hub_orders_by_itself_once_a_year_and_then_waits_for_its_witness(
    data: DataDir, tmp_path: Path
) -> None:
    with a_node(data, LATER) as node:
        before = bodies(node)
        bear_witness(node)

        assert turn(node) == 0
        assert turn(node) == 0
        assert bodies(node) == before + 1
        [waiting] = node.readers.run_now(read_due)
        assert (waiting.least, waiting.next) == (1, 0)
        bear_witness(node)

        assert turn(node) == 60
        assert bodies(node) == before + 1 - 60
        assert node.readers.run_now(read_due) == ()
        assert turn(node) == 0
    assert found(data, tmp_path / "copy") == []


def test_nothing_is_ordered_before_the_following_year_is_over(data: DataDir) -> None:
    with a_node(data, 300 * 86_400) as node:
        size = node.log.size
        assert turn(node) == 0
        with pytest.raises(NotPermitted, match="nichts"):
            ordered(node)
        with pytest.raises(NotPermitted) as refused:
            ordered(node, Wish(until=datetime.fromtimestamp(node.clock(), UTC)))
        assert refused.value.basis == "bdsg-76-4"
        assert node.log.size == size


def test_what_a_reader_found_is_ordered_unless_somebody_was_quicker(data: DataDir) -> None:
    """A year is long to hash, and whoever hands in a message waits for the writer."""
    with a_node(data, LATER) as node:
        at = datetime.fromtimestamp(node.clock(), UTC)
        due = node.readers.run_now(lambda connection: find_due(connection, at))
        assert due is not None

        assert ordered(node, Wish(found=due)) is due
        with pytest.raises(NotPermitted, match="nichts"):
            ordered(node, Wish(found=due))


def test_the_operators_acts_have_long_ranges_hashed_by_a_reader(data: DataDir) -> None:
    with a_node(data, LATER) as node:
        wanted = {"ty": "entries", "subject": "20-29", "law": "dsgvo-18", "reason": REASON}
        asked = {"prune": {}, "hold": wanted}
        for act, request in asked.items():
            seen = node.readers.run_now(partial(LOOKS[act], node, request))
            said = node.writer.commit_now(partial(KEEPING[act], node, {**request, **seen}))
            kind = {"prune": "log.pruned", "hold": "hold.placed"}[act]
            entry = node.readers.run_now(partial(entry_of, kind=kind))
            first, last = said["first"], said["last"]
            digest_of = partial(range_digest, first=first, last=last)
            assert seen["found"]
            assert entry.obj.d == node.readers.run_now(digest_of)


def test_a_hub_without_witnesses_waits_for_nobody(data: DataDir, tmp_path: Path) -> None:
    with a_node(data, LATER, WITHOUT) as node:
        assert turn(node) == 60
    assert [str(each) for each in verify_db(copy_of(data, tmp_path / "copy"))] == []


def test_by_a_clock_that_is_years_ahead_nothing_goes_before_its_witness_is_there_too(
    data: DataDir,
) -> None:
    """Only the hub's clock was put; what the witness says of the time is its own."""
    with a_node(data, LATER) as node:
        assert turn(node) == 0
        [waiting] = node.readers.run_now(read_due)
        bear_witness(node, at=node.clock() - LATER)
        assert node.readers.run_now(partial(is_cosigned, order=waiting)), "it has seen the order"

        assert turn(node) == 0
        grow(node, 1)
        bear_witness(node)
        assert turn(node) == 60


def test_where_somebody_approves_the_hub_orders_nothing_without_him(
    data: DataDir, tmp_path: Path
) -> None:
    approver = a_signer("approver", "dsb.invalid")
    with a_node(data, LATER) as node:
        node.writer.commit_now(partial(speak, "added", approver.verifier.vkey, "", node))
        assert turn(node) == 0
        assert node.readers.run_now(read_due) == ()
        with pytest.raises(NotPermitted, match="Freigabe"):
            ordered(node)

        at = datetime.fromtimestamp(node.clock(), UTC)
        due = node.readers.run_now(lambda connection: find_due(connection, at))
        assert due is not None
        others = sign_approval(node.hub_id, Claim("prune", digest("others")), at, approver)
        with pytest.raises(NotPermitted, match="etwas anderes"):
            ordered(node, Wish(approval=others))
        approval = sign_approval(node.hub_id, Claim("prune", due.digest), at, approver)

        assert ordered(node, Wish(approval=approval)) == due
        bear_witness(node)
        assert turn(node) == 60
        said = node.readers.run_now(lambda connection: entry_of(connection, "log.pruned"))
    assert said.act.role == "datenschutz"
    assert said.act.auth == f"key:{digest(approver.verifier.vkey)}"
    assert said.rule == digest(approval.encode())
    assert (said.obj.d, said.obj.n, said.law) == (due.digest, due.count, ("bdsg-76-4",))
    assert found(data, tmp_path / "copy") == []


def entry_of(connection: Connection, kind: str) -> Entry:
    """Return the one entry of a kind."""
    of_kind = select(tables.audit_event.c.id).where(tables.audit_event.c.kind == kind)
    body = read_body(connection, connection.execute(of_kind).scalar_one())
    assert body is not None
    return parse_entry(body)


@pytest.mark.parametrize(("where", "calls"), [("order", 0), ("body", 1), ("body", 2)])
def test_killed_at_any_point_it_goes_on_from_there(
    data: DataDir, tmp_path: Path, where: str, calls: int
) -> None:
    """Behind the order, in the first transaction of bodies, and in the second."""
    with a_node(data) as node:
        grow(node, 60)
    if where == "body":
        with a_node(data, LATER) as node:
            ordered(node)
            bear_witness(node)
    killed = get_context("fork").Process(target=end_in_the_midst, args=(data, where, calls))

    killed.start()
    killed.join(60)

    assert killed.exitcode == -signal.SIGKILL
    with a_node(data, LATER) as node:
        bear_witness(node)
        gone = 50 * max(calls - 1, 0)
        assert turn(node) == 120 - gone
        assert turn(node) == 0
    assert found(data, tmp_path / "copy") == []


def test_what_is_held_stays_and_goes_once_it_is_released(data: DataDir, tmp_path: Path) -> None:
    with a_node(data, LATER) as node:
        hold = held(node, Wanted("entries", first=20, last=29))
        turn(node)
        bear_witness(node)
        assert turn(node) == 50
        assert turn(node) == 0
        kept = [node.readers.run_now(partial(body_at, index)) for index in range(18, 32)]
        assert [body is not None for body in kept] == [False] * 2 + [True] * 10 + [False] * 2
        assert found(data, tmp_path / "copy") == []

        released(node, hold)
        assert node.readers.run_now(read_holds) == ()
        assert turn(node) == 10
    assert found(data, tmp_path / "copy") == []


def body_at(index: int, connection: Connection) -> bytes | None:
    return read_body(connection, read_event_at(connection, index) or "")


def test_the_entry_of_a_hold_stays_for_as_long_as_it_holds(data: DataDir) -> None:
    """By it the auditor reads why something is still there."""
    with a_node(data) as node:
        hold = held(node, Wanted("entries", first=20, last=20))
    with a_node(data, LATER, WITHOUT) as node:
        turn(node)
        place_of = partial(read_body, event_id=hold.audit_id)
        assert node.readers.run_now(place_of) is not None
        released(node, hold)
        turn(node)
        assert node.readers.run_now(place_of) is None


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("message", "0193f5f0-0000-7000-8000-000000000001"),
        Wanted("conversation", "Erfunden"),
        Wanted("entries", first=3, last=2),
        Wanted("entries", first=0, last=10_000),
    ],
)
def test_only_what_is_there_is_held(data: DataDir, wanted: Wanted) -> None:
    with a_node(data) as node:
        size = node.log.size
        with pytest.raises(NotFound):
            held(node, wanted)
        with pytest.raises(NotPermitted):
            node.writer.commit_now(partial(place, wanted, "erfunden-1", REASON, node))
        assert node.log.size == size


def test_a_hold_is_released_with_an_approval_where_somebody_approves(data: DataDir) -> None:
    approver = a_signer("approver", "dsb.invalid")
    with a_node(data) as node:
        hold = held(node, Wanted("entries", first=20, last=29))
        node.writer.commit_now(partial(speak, "added", approver.verifier.vkey, "", node))
        with pytest.raises(NotPermitted, match="Freigabe"):
            released(node, hold)
        assert node.readers.run_now(read_holds) == (hold,)
        at = datetime.fromtimestamp(node.clock(), UTC)

        note = sign_approval(node.hub_id, Claim("release", digest(hold.id)), at, approver)
        released(node, hold, note)

        assert node.readers.run_now(read_holds) == ()


ATTEMPTS = {
    "a body that is held": "DELETE FROM audit_body WHERE event_id = '{held}'",
    "a body of what stays": "DELETE FROM audit_body WHERE event_id = '{genesis}'",
    "all bodies": "DELETE FROM audit_body",
    "a hold": "DELETE FROM hold",
    "the law of a hold": "UPDATE hold SET law = 'bdsg-76'",
    "the range of a hold": "UPDATE hold SET first_idx = 29",
    "a release of nothing": "INSERT INTO hold_release VALUES ('{hold}', '{genesis}')",
    "a hold of nothing": "INSERT INTO hold VALUES ('x','message','x',NULL,NULL,'x','{genesis}')",
    "an order of nothing": "INSERT INTO prune_order VALUES ('{genesis}', 0, 9, 0)",
    "the witnesses of an order": "UPDATE prune_order SET least = 0",
    "the range of an order": "UPDATE prune_order SET last_idx = last_idx + 1",
}


@pytest.mark.parametrize("is_seen", [False, True], ids=["before", "after"])
def test_the_database_refuses_what_nobody_ordered(data: DataDir, *, is_seen: bool) -> None:
    """Also of whoever writes to it by hand; before witnesses have seen the order, and after."""
    with a_node(data, LATER) as node:
        hold = held(node, Wanted("entries", first=20, last=29))
        ordered(node)
        if is_seen:
            bear_witness(node)
        names = {
            "hold": hold.id,
            "held": node.readers.run_now(partial(read_event_at, index=25)),
            "genesis": node.readers.run_now(partial(read_event_at, index=0)),
            "free": node.readers.run_now(partial(read_event_at, index=40)),
        }
    database = open_database(data.place)
    free = "DELETE FROM audit_body WHERE event_id = '{free}'"
    attempts = [*ATTEMPTS.values(), *([] if is_seen else [free])]
    for statement in attempts:
        with pytest.raises(DBAPIError, match="append only"), database.writing.begin() as connection:
            connection.exec_driver_sql(statement.format(**names))
    if is_seen:
        with database.writing.begin() as connection:
            connection.exec_driver_sql(free.format(**names))
    database.dispose()


@sqlite_only
@pytest.mark.parametrize("name", ["held", "genesis", "young"])
def test_what_was_taken_out_by_hand_is_found(data: DataDir, tmp_path: Path, name: str) -> None:
    """Whoever owns the database can take its guards away for a moment, and put them back."""
    with a_node(data, LATER) as node:
        held(node, Wanted("entries", first=20, last=29))
        ordered(node)
        grow(node, 2)
        bear_witness(node)
        turn(node)
        places = {"held": 25, "genesis": 0, "young": node.log.size - 1}
        entry = node.readers.run_now(partial(read_event_at, index=places[name]))
    assert found(data, tmp_path / "copy") == []

    without_guard(data, f"DELETE FROM audit_body WHERE event_id = '{entry}'")  # noqa: S608  ours

    assert any(
        str(entry) in each or f" {places[name]} " in each for each in found(data, tmp_path / "copy")
    )


@sqlite_only
def test_what_went_before_its_witnesses_had_seen_the_order_is_found(
    data: DataDir, tmp_path: Path
) -> None:
    with a_node(data, LATER) as node:
        ordered(node)
        entry = node.readers.run_now(partial(read_event_at, index=30))
    without_guard(data, f"DELETE FROM audit_body WHERE event_id = '{entry}'")  # noqa: S608  ours
    assert found(data, tmp_path / "copy") != []
    said = map(str, verify_db(copy_of(data, tmp_path / "other")))
    assert any("ehe genug Zeugen" in each for each in said), "the order says itself how many"

    with a_node(data, LATER) as node:
        bear_witness(node)
    assert found(data, tmp_path / "copy") == []


@sqlite_only
def test_who_leaves_out_the_witnesses_for_one_order_is_found(data: DataDir, tmp_path: Path) -> None:
    """Started for a minute without its policy, a hub would let go what nobody has seen."""
    with a_node(data) as node:
        bear_witness(node)
    with a_node(data, LATER, WITHOUT) as node:
        ordered(node)
        assert turn(node) > 0
    with a_node(data, LATER) as node:
        bear_witness(node)

    [said] = found(data, tmp_path / "copy")
    assert said.endswith("wartete auf niemanden, obwohl es schon Zeugen gab")


def without_guard(data: DataDir, statement: str) -> None:
    database = open_database(data.place)
    guard = "SELECT sql FROM sqlite_master WHERE name = 'audit_body_no_delete'"
    with database.writing.begin() as connection:
        sql = connection.exec_driver_sql(guard).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER audit_body_no_delete")
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql(sql)
    database.dispose()


def test_doctor_says_what_should_have_gone(data: DataDir) -> None:
    approver = a_signer("approver", "dsb.invalid")
    with clock.lived_by(clock.Hands(LATER)), a_node(data) as node:
        assert node.readers.run_now(looked_at).level == "gut"
        turn(node)
        assert "noch nicht fertig" in node.readers.run_now(looked_at).what
        bear_witness(node)
        turn(node)
        assert node.readers.run_now(looked_at).level == "gut"
        node.writer.commit_now(partial(speak, "added", approver.verifier.vkey, "", node))
    with clock.lived_by(clock.Hands(2 * LATER)), a_node(data) as node:
        said = node.readers.run_now(looked_at)
        assert said.level == "hinweis"
        assert "fehlt eine Freigabe" in said.what
