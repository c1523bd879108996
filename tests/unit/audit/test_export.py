# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An export is of one size, whole, and says of itself what is not in it."""

import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from hub.audit import tables
from hub.audit.checkpoint import verify_checkpoint
from hub.audit.export import Fixed, export_tiles, runs_of, write_tiles
from hub.audit.export_notes import orders_text, write_cosigned
from hub.audit.note import parse_note, parse_vkey
from hub.audit.prune import erase_bodies
from hub.audit.tile import parse_bundle
from hub.audit.verify import verify_tiles
from tests.unit.audit.builders import a_draft, a_grown_log, append_all
from tests.unit.audit.test_prune import prune
from tests.unit.audit.witnesses import a_cosigner


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def put_beside(engine: Engine, folder: Path, size: int) -> None:
    """Put the checkpoint of a size beside its tiles."""
    query = tables.checkpoint.select().where(tables.checkpoint.c.size == size)
    with engine.connect() as connection:
        (folder / "checkpoint").write_text(connection.execute(query).one().note, "utf-8")


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_what_grows_meanwhile_is_not_in_it(size: int, tmp_path: Path) -> None:
    """Between two tiles the log grows; the files are those of the size it was begun with."""
    engine, log = a_grown_log(size)
    with engine.connect() as connection:
        write_tiles(connection, tmp_path / "quiet", with_entries=True)
    count = size

    def grow(_: int) -> None:
        nonlocal count
        append_all(engine, log, [a_draft(count + more) for more in range(300)])
        count += 300

    grow(0)
    left_out = export_tiles(engine.connect, tmp_path / "busy", Fixed(size, True), grow)  # noqa: FBT003

    put_beside(engine, tmp_path / "busy", size)
    assert left_out == ()
    assert log.size > size
    assert files(tmp_path / "busy") == files(tmp_path / "quiet")
    assert verify_tiles(tmp_path / "busy", log.vkey) == []


def test_a_bundle_with_a_pruned_entry_is_left_out_and_what_is_left_of_it_is_not(
    tmp_path: Path,
) -> None:
    """Of kinds that stay the auditor needs the bytes, wherever they stand."""
    engine, log = a_grown_log(600)
    enrolled = a_draft(700, kind="key.enrolled", obj={"ty": "key", "id": "", "d": ""})
    append_all(engine, log, [enrolled])
    order = prune(engine, log, 10, 300)
    with engine.begin() as connection:
        assert erase_bodies(connection, order) == 291

    left_out = export_tiles(engine.connect, tmp_path, Fixed(log.size, with_entries=True))

    assert left_out == ((0, 1),)
    written = files(tmp_path)
    assert "tile/0/000" in written
    assert "tile/entries/000" not in written
    assert len(parse_bundle(written[f"tile/entries/002.p/{log.size - 512}"])) == log.size - 512
    kept = {int(Path(name).stem) for name in written if name.startswith("entries/")}
    assert kept == {*range(10), *range(301, 512)}
    gone = [line.split() for line in written["gone.txt"].decode("ascii").splitlines()]
    assert gone == [[str(index), a_draft(index).entry_id] for index in range(10, 301)]
    put_beside(engine, tmp_path, log.size)
    with engine.connect() as connection:
        orders = orders_text(connection, log.size)
        assert orders_text(connection, log.size - 1) == ""
    assert orders == f"{order} 10 300\n"
    (tmp_path / "orders.txt").write_text(orders, "ascii")
    assert verify_tiles(tmp_path, log.vkey) == []


def test_without_entries_there_are_hashes_alone(tmp_path: Path) -> None:
    engine, log = a_grown_log(300)

    export_tiles(engine.connect, tmp_path, Fixed(log.size, with_entries=False))

    assert files(tmp_path).keys() == {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}


def test_runs_of_numbers_have_no_gap() -> None:
    assert runs_of([]) == ()
    assert runs_of([3]) == ((3, 3),)
    assert runs_of([0, 1, 2, 4, 7, 8]) == ((0, 2), (4, 4), (7, 8))


def test_cosigned_checkpoints_can_be_told_apart_again(tmp_path: Path) -> None:
    engine, log = a_grown_log(200, group=50)
    cosigner = a_cosigner()
    with engine.begin() as connection:
        for size in (50, 150, 200):
            query = tables.checkpoint.select().where(tables.checkpoint.c.size == size)
            text = parse_note(connection.execute(query).one().note).text
            row = {"size": size, "witness": cosigner.key.label, "line": cosigner.cosign(text, size)}
            connection.execute(insert(tables.cosignature), row)
        path = tmp_path / "cosigned.txt"

        assert write_cosigned(connection, path, 199) == 2

    parts = path.read_text("utf-8").split("\n\n")
    notes = [f"{text}\n\n{lines}\n" for text, lines in zip(parts[::2], parts[1::2], strict=True)]
    notes[-1] = notes[-1].removesuffix("\n")
    sizes = [verify_checkpoint(note, parse_vkey(log.vkey)).size for note in notes]
    assert sizes == [50, 150]
    assert all(len(parse_note(note).signatures) == 2 for note in notes)


def test_a_log_that_nobody_cosigned_has_no_such_file(tmp_path: Path) -> None:
    engine, _ = a_grown_log(10)
    with engine.connect() as connection:
        assert write_cosigned(connection, tmp_path / "cosigned.txt", 10) == 0
    assert not (tmp_path / "cosigned.txt").exists()


def test_an_export_needs_no_more_memory_for_a_longer_log(tmp_path: Path) -> None:
    """Sixteen times the entries, and the peak stays where it is: one tile at a time."""
    peaks = []
    for size in (512, 8_192):
        engine, log = a_grown_log(size, group=2_048)
        tracemalloc.start()
        export_tiles(engine.connect, tmp_path / str(size), Fixed(log.size, with_entries=True))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Tiles that are remembered (128 at the most) are all that may come on top.
    assert peaks[1] < peaks[0] + 5_000_000
