# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

"""An entry is in the log with its transaction or not at all, and its proof never changes."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from hub.audit import tables, tree
from hub.audit.checkpoint import verify_checkpoint
from hub.audit.entry import Entry, NotAnEntry, parse_entry
from hub.audit.export import write_tiles
from hub.audit.log import Log
from hub.audit.merkle import Unproven, leaf_hash, verify_consistency
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.tile import ENTRIES, Tile, parse_bundle, parse_path, tiles_of
from hub.audit.tree import (
    Tree,
    read_body,
    read_checkpoint,
    read_checkpoint_behind,
    read_index,
)
from hub.errors import LogUnavailable, ReadOnly
from specs.vectors.log import make
from tests.unit.audit.builders import (
    ORIGIN,
    START,
    a_database,
    a_draft,
    a_grown_log,
    a_log,
    a_signer,
    an_id,
    append_all,
)

VERIFIER = a_signer().verifier


def bodies(connection: Connection) -> list[bytes]:
    leaf, body = tables.audit_leaf.c, tables.audit_body.c
    query = select(body.body).join(tables.audit_leaf, leaf.event_id == body.event_id)
    return list(connection.execute(query.order_by(leaf.idx)).scalars())


def entries(connection: Connection) -> list[Entry]:
    return [parse_entry(body) for body in bodies(connection)]


def unprotected(engine: Engine) -> None:
    """Drop the triggers, as somebody with the file in hand can."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in tables.TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
            return
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.exec_driver_sql(query).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def test_a_group_has_gapless_places_numbers_and_one_signed_checkpoint() -> None:
    engine, log = a_database(), a_log()

    closed = append_all(engine, log, [a_draft(n) for n in range(3)])

    assert closed.index == {a_draft(n).entry_id: n for n in range(3)}
    with engine.connect() as connection:
        assert [entry.nseq for entry in entries(connection)] == [0, 1, 2]
        assert verify_checkpoint(closed.note, VERIFIER, ORIGIN).size == closed.size == log.size == 3
        assert make.tree_hash(bodies(connection)) == verify_checkpoint(closed.note, VERIFIER).root


def test_a_group_without_entries_signs_nothing() -> None:
    engine, log = a_database(), a_log()

    with engine.begin() as connection:
        assert log.close_group(connection) is None
    log.commit_group()

    with engine.connect() as connection:
        assert read_checkpoint(connection) is None


def test_what_was_rolled_back_was_never_there() -> None:
    engine, log = a_grown_log(2)
    with engine.connect() as connection, connection.begin() as transaction:
        log.append(connection, a_draft(7))
        log.close_group(connection)
        transaction.rollback()
    log.abort_group()

    append_all(engine, log, [a_draft(8)])

    with engine.connect() as connection:
        assert [entry.id for entry in entries(connection)] == [
            a_draft(n).entry_id for n in (0, 1, 8)
        ]
        assert [entry.nseq for entry in entries(connection)] == [0, 1, 2]
        reopened = a_log()
        reopened.open(connection)
        assert reopened.size == 3


def test_one_job_can_come_to_nothing_without_undoing_its_group() -> None:
    engine, log = a_database(), a_log()
    with engine.begin() as connection:
        log.append(connection, a_draft(0))
        mark = log.mark()
        connection.exec_driver_sql("SAVEPOINT job")
        log.append(connection, a_draft(1))
        connection.exec_driver_sql("ROLLBACK TO job")
        log.rewind(mark)
        log.append(connection, a_draft(2))
        closed = log.close_group(connection)
    log.commit_group()

    assert closed is not None
    assert closed.index == {a_draft(0).entry_id: 0, a_draft(2).entry_id: 1}
    with engine.connect() as connection:
        assert [entry.nseq for entry in entries(connection)] == [0, 1]


def test_the_time_of_the_log_never_runs_backwards() -> None:
    """A clock that is set back an hour stands still in the log until it has caught up."""
    engine, log = a_database(), a_log()
    back = START - timedelta(hours=1)

    append_all(engine, log, [a_draft(0, at=START), a_draft(1, at=back)])
    append_all(engine, log, [a_draft(2, at=back), a_draft(3, at=START + timedelta(seconds=1))])

    with engine.connect() as connection:
        times = [datetime.fromisoformat(entry.t) for entry in entries(connection)]
    assert times == [START, START, START, START + timedelta(seconds=1)]


def test_an_entry_that_leaves_the_closed_form_is_not_entered_and_harms_no_other() -> None:
    """It is one caller's mistake, so it is no failure of the log and of the whole group."""
    engine, log = a_database(), a_log()
    with engine.begin() as connection:
        log.append(connection, a_draft(0))
        with pytest.raises(NotAnEntry, match="/rule"):
            log.append(connection, a_draft(1, rule="Lisa Musterkind"))
        log.append(connection, a_draft(2))
        log.close_group(connection)
    log.commit_group()

    assert log.size == 2
    with engine.connect() as connection:
        assert [entry.nseq for entry in entries(connection)] == [0, 1]


def test_nothing_is_appended_to_a_closed_group() -> None:
    engine, log = a_database(), a_log()
    with engine.begin() as connection:
        log.append(connection, a_draft(0))
        log.close_group(connection)

        with pytest.raises(LogUnavailable):
            log.append(connection, a_draft(1))


def test_an_accepted_message_has_its_entry_or_is_not_accepted() -> None:
    engine, log = a_database(), a_log()
    message = a_draft(0).obj["id"]
    assert isinstance(message, str)
    accepted = replace(a_draft(0), kind="message.accepted", message_id=message)

    def accept(event_id: str | None) -> None:
        with engine.begin() as connection:
            if event_id is not None:
                row = {"id": message, "audit_id": event_id}
                connection.execute(text("INSERT INTO message VALUES (:id, :audit_id)"), row)
            if event_id != an_id(9):
                log.append(connection, accepted)
            log.close_group(connection)

    for event_id in (None, an_id(9)):
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            accept(event_id)
        log.abort_group()
    accept(accepted.entry_id)
    log.commit_group()

    assert log.size == 1


@pytest.mark.parametrize(
    ("kind", "message_id"), [("message.accepted", None), ("message.taken", an_id(5))]
)
def test_only_an_acceptance_points_at_its_message(kind: str, message_id: str | None) -> None:
    """One mistaken caller is told so; the database would refuse his whole group."""
    engine, log = a_database(), a_log()
    row = {"id": an_id(1), "kind": kind, "message_id": message_id}

    with pytest.raises(NotAnEntry, match="points at its message"), engine.begin() as connection:
        log.append(connection, a_draft(0, kind=kind, message_id=message_id))
    with pytest.raises(IntegrityError, match="accepted_has_message"), engine.begin() as connection:
        connection.execute(insert(tables.audit_event), row)


def test_the_signature_waits_for_what_the_database_gives_back() -> None:
    """What was written wrongly (a bad disk, a meddling trigger) is noticed before it is signed."""
    engine, log = a_database(), a_log()
    unprotected(engine)
    with engine.begin() as connection:
        log.append(connection, a_draft(0), at_once=True)
        other = parse_entry(read_body(connection, a_draft(0).entry_id) or b"")
        changed = other.model_copy(update={"nseq": 1}).leaf()
        connection.execute(update(tables.audit_body).values(body=changed))

        with pytest.raises(LogUnavailable, match="give back"):
            log.close_group(connection)


def test_the_signature_waits_also_where_a_body_is_missing() -> None:
    engine, log = a_database(), a_log()
    unprotected(engine)
    with engine.begin() as connection:
        log.append(connection, a_draft(0), at_once=True)
        connection.execute(delete(tables.audit_body))

        with pytest.raises(LogUnavailable, match="give back"):
            log.close_group(connection)


def test_a_log_goes_on_where_it_stood() -> None:
    engine, log = a_grown_log(300, group=7)
    again = a_log()
    with engine.connect() as connection:
        again.open(connection)

    drafts = [a_draft(n) for n in range(300, 310)]
    closed = append_all(engine, again, drafts)

    assert again.size == closed.size == 310
    with engine.connect() as connection:
        assert [entry.nseq for entry in entries(connection)] == list(range(310))
        assert make.tree_hash(bodies(connection)) == verify_checkpoint(closed.note, VERIFIER).root
    assert log.size == 300


def test_each_node_counts_for_itself() -> None:
    engine, _ = a_grown_log(3)
    second = a_log(node="hub-2")
    with engine.connect() as connection:
        second.open(connection)
    append_all(engine, second, [a_draft(3)])
    first = a_log()
    with engine.connect() as connection:
        first.open(connection)
    append_all(engine, first, [a_draft(4)])

    with engine.connect() as connection:
        numbers = [(entry.node, entry.nseq) for entry in entries(connection)]
    assert numbers[2:] == [("hub-1", 2), ("hub-2", 0), ("hub-1", 3)]


VALUES = {"node": bytes(32), "tile": bytes(8192), "short": bytes(8191), "body": b"{}"}


@pytest.mark.parametrize(
    "meddle",
    [
        "UPDATE audit_leaf SET leaf_hash = :node WHERE idx = 299",
        "UPDATE audit_leaf SET leaf_hash = :node WHERE idx = 256",
        "UPDATE tile SET hashes = :tile",
        "UPDATE tile SET hashes = :short",
        "DELETE FROM audit_leaf WHERE idx = 299",
        "DELETE FROM audit_leaf WHERE idx = 5",
        "UPDATE audit_body SET body = :body WHERE event_id LIKE '%12b'",
        "DELETE FROM checkpoint WHERE size = 300",
        "DELETE FROM checkpoint",
        "UPDATE checkpoint SET note = replace(note, 'beispielstadt', 'musterstadt')",
        (
            "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 250)"
            " WHERE size = 300"
        ),
    ],
)
def test_a_log_that_was_touched_is_not_continued(meddle: str) -> None:
    engine, _ = a_grown_log(300)
    unprotected(engine)
    with engine.begin() as connection:
        statement = text(meddle)
        given = {name: VALUES[name] for name in statement.compile().params}
        connection.execute(statement, given)

    with engine.connect() as connection, pytest.raises(ReadOnly):
        a_log().open(connection)


def test_a_log_is_not_continued_with_another_key_or_under_another_name() -> None:
    engine, _ = a_grown_log(3)

    with engine.connect() as connection:
        with pytest.raises(ReadOnly):
            a_log(signer=a_signer("thief")).open(connection)
        with pytest.raises(ReadOnly):
            a_log(origin="fremd.invalid/log").open(connection)


def test_two_writers_cannot_both_have_the_next_place() -> None:
    engine, one = a_grown_log(3)
    other = a_log()
    with engine.connect() as connection:
        other.open(connection)
    append_all(engine, one, [a_draft(3)])

    with pytest.raises(IntegrityError):
        append_all(engine, other, [a_draft(4)])


@pytest.fixture(scope="module")
def grown() -> tuple[Engine, Log]:
    """1,025 leaves: four full tiles, a partial one of one leaf, and a level above."""
    return a_grown_log(1_025, group=33)


SAMPLE = [0, 1, 31, 32, 33, 254, 255, 256, 257, 511, 512, 767, 768, 1_022, 1_023, 1_024]


def test_every_kind_of_place_is_proven_in_the_first_checkpoint_behind_it(
    grown: tuple[Engine, Log],
) -> None:
    engine, log = grown
    with engine.connect() as connection:
        data = bodies(connection)
        for index in SAMPLE:
            proof = parse_proof(log.proof(connection, index))

            checkpoint = verify_proof(proof, VERIFIER, data[index], ORIGIN)
            assert proof.index == index
            assert checkpoint.size == min(1_025, (index // 33 + 1) * 33)
            assert list(proof.hashes) == make.path(index, data[: checkpoint.size])


def test_a_proof_has_the_same_bytes_a_year_later_and_without_any_memory(
    grown: tuple[Engine, Log],
) -> None:
    engine, log = grown
    fresh: dict[str, str] = {}
    other, young = a_database(), a_log()
    for first in range(0, 1_025, 33):
        with other.begin() as connection:
            numbers = range(first, min(1_025, first + 33))
            ids = [young.append(connection, a_draft(n)) for n in numbers]
            young.close_group(connection)
            fresh |= {event_id: young.prove(connection, event_id).text for event_id in ids}
        young.commit_group()

    with engine.connect() as connection:
        for index in SAMPLE:
            event_id = a_draft(index).entry_id
            assert read_index(connection, event_id) == index
            assert log.proof(connection, index) == fresh[event_id]
            assert log.prove(connection, event_id).text == fresh[event_id]
            assert Tree().proof(connection, index).text == fresh[event_id]


def test_an_entry_can_be_proven_in_a_later_checkpoint(grown: tuple[Engine, Log]) -> None:
    engine, log = grown
    with engine.connect() as connection:
        data = bodies(connection)
        for size in (66, 264, 1_023, 1_025):
            proof = parse_proof(log.proof(connection, 40, size))
            assert verify_proof(proof, VERIFIER, data[40]).size == size
            assert list(proof.hashes) == make.path(40, data[:size])
        for size in (33, 67, 1_026):
            with pytest.raises(Unproven):
                log.proof(connection, 40, size)


def test_growth_is_proven_between_any_two_sizes(grown: tuple[Engine, Log]) -> None:
    engine, log = grown
    with engine.connect() as connection:
        data = bodies(connection)
        for old, new in ((1, 1_025), (255, 256), (256, 1_024), (300, 301), (700, 1_025), (9, 9)):
            proof = log.consistency(connection, old, new)
            verify_consistency(
                old, new, make.tree_hash(data[:old]), make.tree_hash(data[:new]), proof
            )
            assert proof == Tree().consistency(connection, old, new)


def test_there_is_no_proof_of_what_is_not_in_the_log(grown: tuple[Engine, Log]) -> None:
    engine, log = grown
    with engine.connect() as connection:
        with pytest.raises(Unproven):
            log.proof(connection, 1_025)
        with pytest.raises(Unproven):
            log.prove(connection, an_id(5))
        with pytest.raises(Unproven):
            read_checkpoint_behind(connection, 1_025)


def test_full_tiles_are_kept_and_partial_ones_derived(grown: tuple[Engine, Log]) -> None:
    engine, _ = grown
    tree = Tree()
    with engine.connect() as connection:
        kept = connection.execute(select(tables.tile.c.level, tables.tile.c.n)).all()
        assert sorted(map(tuple, kept)) == [(0, 0), (0, 1), (0, 2), (0, 3)]
        hashes = [leaf_hash(body) for body in bodies(connection)]
        for tile in tiles_of(1_025):
            data = tree.tile(connection, tile)
            if tile.level == 0:
                assert data == b"".join(hashes[tile.start : tile.start + tile.width])
            else:
                above = [make.tree_hash(bodies(connection)[n * 256 :][:256]) for n in range(4)]
                assert data == b"".join(above)
        assert tree.tile(connection, Tile(0, 4, 2)) is None
        assert tree.tile(connection, Tile(0, 4)) is None
        assert tree.tile(connection, Tile(1, 0)) is None
        assert tree.tile(connection, Tile(2, 0, 1)) is None
        assert tree.tile(connection, Tile(0, 2, 17)) == b"".join(hashes[512:529])


def test_a_bundle_holds_the_entries_behind_its_tile(grown: tuple[Engine, Log]) -> None:
    engine, _ = grown
    with engine.connect() as connection:
        data = Tree().tile(connection, Tile(ENTRIES, 1))
        assert parse_bundle(data or b"") == bodies(connection)[256:512]
        assert Tree().tile(connection, Tile(ENTRIES, 4)) is None


def test_an_export_has_the_files_that_tlog_tiles_names(
    grown: tuple[Engine, Log], tmp_path: Path
) -> None:
    engine, _ = grown
    with engine.connect() as connection:
        assert write_tiles(connection, tmp_path / "all", with_entries=True) == 1_025
        assert write_tiles(connection, tmp_path / "hashes", with_entries=False) == 1_025
        newest = read_checkpoint(connection)

    def files(directory: Path) -> set[str]:
        paths = (path for path in directory.rglob("*") if path.is_file())
        return {path.relative_to(directory).as_posix() for path in paths}

    hashes = files(tmp_path / "hashes")
    assert hashes == {"checkpoint", *(tile.path for tile in tiles_of(1_025))}
    bundles = files(tmp_path / "all") - hashes
    assert {parse_path(name) for name in bundles} == {
        Tile(ENTRIES, tile.n, tile.width) for tile in tiles_of(1_025) if tile.level == 0
    }
    assert newest is not None
    assert (tmp_path / "all" / "checkpoint").read_text("utf-8") == newest[1]


def test_an_empty_log_has_nothing_to_export(tmp_path: Path) -> None:
    with a_database().connect() as connection:
        assert write_tiles(connection, tmp_path, with_entries=True) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_full_tile_that_was_rolled_back_is_not_remembered() -> None:
    """Otherwise the hashes of entries that never were would stand in later proofs."""
    engine, log = a_grown_log(250)
    with engine.connect() as connection, connection.begin() as transaction:
        ids = [log.append(connection, a_draft(n)) for n in range(1_000, 1_020)]
        log.close_group(connection)
        assert all(log.prove(connection, event_id) for event_id in ids)
        transaction.rollback()
    log.abort_group()
    append_all(engine, log, [a_draft(n) for n in range(250, 270)])

    with engine.connect() as connection:
        data = bodies(connection)
        for index in (10, 250, 255, 256, 269):
            proof = parse_proof(log.proof(connection, index))
            assert verify_proof(proof, VERIFIER, data[index]).size > index


def test_a_reader_whose_view_is_older_than_the_memory_still_gets_its_proof(tmp_path: Path) -> None:
    engine, log = a_grown_log(300, path=tmp_path / "hub.db")
    ahead = a_log()
    with engine.connect() as connection:
        ahead.open(connection)
        before = log.proof(connection, 270)
        other, grown = a_grown_log(600)
        other.dispose()
        ahead._edge = grown._edge

        assert ahead.proof(connection, 270) == before


def test_the_memory_for_full_tiles_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "CACHED", 2)
    engine, log = a_grown_log(1_025, group=205)

    with engine.connect() as connection:
        data = bodies(connection)
        for index in SAMPLE:
            proof = parse_proof(log.proof(connection, index))
            assert verify_proof(proof, VERIFIER, data[index]).size > index
    assert len(log.tree._tiles) == 2
