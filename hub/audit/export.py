# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the log leave the house? As the files of C2SP tlog-tiles, for anybody's verifier.

One tile is in memory at a time, and each batch has a transaction of its own: a hub that goes on
meanwhile is not held up, and what grows beyond the fixed size is not in the export.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.tile import ENTRIES, Tile, tiles_of
from hub.audit.tree import Tree, read_checkpoint

AT_ONCE: Final = 64
"""Tiles of one transaction."""
GONE: Final = "gone.txt"
Connecting = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Fixed:
    """What an export is of: the size that it was begun with, and whether entries are in it."""

    size: int
    with_entries: bool

    @property
    def tiles(self) -> list[Tile]:
        tiles = tiles_of(self.size)
        if self.with_entries:
            tiles += [Tile(ENTRIES, tile.n, tile.width) for tile in tiles if tile.level == 0]
        return tiles


def write_tiles(connection: Connection, directory: Path, *, with_entries: bool) -> int:
    """Write checkpoint, hash tiles and, if asked, entry bundles; returns the size of the tree.

    Bundles with a pruned entry are left out, as tlog-tiles allows; hash tiles are always whole.
    Writing again over an older export adds to it.
    """
    head = read_checkpoint(connection)
    if head is None:
        return 0
    checkpoint, note = head
    export_tiles(lambda: nullcontext(connection), directory, Fixed(checkpoint.size, with_entries))
    (directory / "checkpoint").write_text(note, encoding="utf-8")
    return checkpoint.size


def export_tiles(
    connecting: Connecting,
    directory: Path,
    fixed: Fixed,
    written: Callable[[int], None] = lambda _: None,
) -> tuple[tuple[int, int], ...]:
    """Write the tiles of a size; returns which bundles are left out, as first and last of each run.

    What is left of a bundle whose entries are pruned goes to ``entries/<index>.json``, and what is
    not to ``gone.txt``, by place and id, so that the order for it can be verified. ``written`` is
    told how many tiles there are so far.
    """
    tree, missing, tiles = Tree(), list[int](), fixed.tiles
    for at in range(0, len(tiles), AT_ONCE):
        batch = tiles[at : at + AT_ONCE]
        with connecting() as connection:
            for tile in batch:
                if not _write_tile(connection, tree, directory, tile):
                    missing.append(tile.n)
        written(at + len(batch))
    return runs_of(missing)


def runs_of(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return ascending numbers as runs without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return tuple(runs)


def leaves_within(connection: Connection, tile: Tile) -> Iterator[tuple[int, str, bytes | None]]:
    """Return the entries of a bundle: place in the tree, id, and the bytes where they are there."""
    leaf, body = tables.audit_leaf.c, tables.audit_body.c
    query = (
        select(leaf.idx, leaf.event_id, body.body)
        .outerjoin(tables.audit_body, leaf.event_id == body.event_id)
        .where(leaf.idx.between(tile.start, tile.start + tile.width - 1))
        .order_by(leaf.idx)
    )
    for row in connection.execute(query):
        yield row.idx, row.event_id, row.body


def _write_tile(connection: Connection, tree: Tree, directory: Path, tile: Tile) -> bool:
    data = tree.tile(connection, tile)
    if data is not None:
        path = directory / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return True
    for index, event_id, body in leaves_within(connection, tile):
        if body is None:
            with (directory / GONE).open("a", encoding="ascii") as file:
                file.write(f"{index} {event_id}\n")
            continue
        path = directory / "entries" / f"{index}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
    return False
