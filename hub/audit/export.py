# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the log leave the house? As the files of C2SP tlog-tiles, for anybody's verifier."""

from pathlib import Path

from sqlalchemy import Connection

from hub.audit.tile import ENTRIES, Tile, tiles_of
from hub.audit.tree import Tree, read_checkpoint


def write_tiles(connection: Connection, directory: Path, *, with_entries: bool) -> int:
    """Write checkpoint, hash tiles and, if asked, entry bundles; returns the size of the tree.

    Bundles with a pruned entry are left out, as tlog-tiles allows; hash tiles are always whole.
    Writing again over an older export adds to it.
    """
    head = read_checkpoint(connection)
    if head is None:
        return 0
    checkpoint, note = head
    tree = Tree()
    tiles = tiles_of(checkpoint.size)
    if with_entries:
        tiles += [Tile(ENTRIES, tile.n, tile.width) for tile in tiles if tile.level == 0]
    for tile in tiles:
        if (data := tree.tile(connection, tile)) is not None:
            path = directory / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (directory / "checkpoint").write_text(note, encoding="utf-8")
    return checkpoint.size
