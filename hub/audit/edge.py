# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of the tree is not yet in a full tile?

The right edge is kept in memory, at most 511 hashes for each level of tiles, so that appending
and proving a fresh entry read nothing from the database. It can be rebuilt at any time.
"""

from hub.audit.merkle import Frontier, inner_hash, root
from hub.audit.tile import HEIGHT, WIDTH, Rows, Tile


class Edge:
    """The partial tiles of a tree, one for each level, with every complete node in them."""

    def __init__(self, size: int = 0, levels: tuple[Rows, ...] = ()) -> None:
        self.size = size
        self._levels = [[list(row) for row in rows] for rows in levels]

    def copy(self) -> "Edge":
        """Return an edge that can grow while this one is read by others."""
        other = Edge(self.size)
        other._levels = [[row[:] for row in rows] for rows in self._levels]
        return other

    def push(self, leaf: bytes) -> list[tuple[Tile, Rows]]:
        """Append a leaf hash; returns each tile that it completes, from below."""
        full: list[tuple[Tile, Rows]] = []
        carried = leaf
        self.size += 1
        for level in range(len(self._levels) + 1):
            if level == len(self._levels):
                self._levels.append(_empty())
            rows = self._levels[level]
            _add(rows, carried)
            if len(rows[0]) < WIDTH:
                break
            full.append(
                (Tile(level, (self.size >> HEIGHT * (level + 1)) - 1), tuple(map(tuple, rows)))
            )
            self._levels[level] = _empty()
            (carried,) = rows[HEIGHT]
        return full

    def node(self, height: int, index: int) -> bytes | None:
        """Return the hash of a complete subtree, or None where it is not of the edge."""
        level, row = divmod(height, HEIGHT)
        if level >= len(self._levels):
            return None
        hashes = self._levels[level][row]
        at = index - (self.size >> HEIGHT * (level + 1) << (HEIGHT - row))
        return hashes[at] if 0 <= at < len(hashes) else None

    @property
    def frontier(self) -> Frontier:
        """The complete subtrees from left to right, which are all at the edge."""
        heights = (
            height for height in reversed(range(self.size.bit_length())) if self.size >> height & 1
        )
        nodes = (self.node(height, (self.size >> height) - 1) for height in heights)
        return tuple(node for node in nodes if node is not None)

    @property
    def root(self) -> bytes:
        return root(self.frontier)


def _empty() -> list[list[bytes]]:
    return [[] for _ in range(HEIGHT + 1)]


def _add(rows: list[list[bytes]], hashed: bytes) -> None:
    """Add a hash to a tile, and each node above that it completes."""
    for row in rows:
        row.append(hashed)
        if len(row) & 1:
            return
        hashed = inner_hash(row[-2], row[-1])
