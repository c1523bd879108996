# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is the tree cut into files that can be fetched and kept (C2SP tlog-tiles)?

A tile holds up to 256 hashes of one level; eight levels of the tree make one level of tiles. An
entry bundle holds the entries behind a tile of level 0.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hub.audit.merkle import Unproven, inner_hash

WIDTH: Final = 256
"""Hashes in a full tile."""
HEIGHT: Final = 8
"""Levels of the tree in a tile."""
ENTRIES: Final = -1
"""Stands for the level of entry bundles."""
MAX_LEVEL: Final = 63
HASH: Final = 32
Rows = tuple[tuple[bytes, ...], ...]
"""A tile as a small tree: its hashes, the nodes above them, and so on up to its root."""

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[1-9]?[0-9])/(?P<n>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class Tile:
    """The place of a tile or of an entry bundle: level, index, and how wide it is."""

    level: int
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Path below the log's prefix: ``tile/0/x001/234.p/17``."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_index_path(self.n)}{part}"

    @property
    def start(self) -> int:
        """Index of the first leaf beneath the tile."""
        return self.n << HEIGHT * (max(self.level, 0) + 1)


def parse_path(path: str) -> Tile | None:
    """Read the path of a tile or bundle; None where it is not the one spelling of one."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    n = int(found["n"].replace("/", "").replace("x", ""))
    width = int(found["width"] or WIDTH)
    tile = Tile(level, n, width)
    # A second spelling (a leading x000, the width 256), or a tile that no tree has, is none.
    fits = level <= MAX_LEVEL and width <= WIDTH and n < 1 << 53
    return tile if fits and tile.path == path else None


def tiles_of(size: int) -> list[Tile]:
    """Return every tile of a tree: the full ones of each level, then its partial one."""
    tiles, level = [], 0
    while size:
        full, width = divmod(size, WIDTH)
        tiles += [Tile(level, n) for n in range(full)]
        if width:
            tiles.append(Tile(level, full, width))
        size, level = full, level + 1
    return tiles


def rows_of(hashes: Iterable[bytes]) -> Rows:
    """Return the hashes of a tile with every complete node above them."""
    rows = [tuple(hashes)]
    while len(rows) <= HEIGHT:
        below = rows[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        rows.append(tuple(inner_hash(left, right) for left, right in pairs))
    return tuple(rows)


def split_hashes(data: bytes) -> tuple[bytes, ...]:
    """Read the bytes of a tile."""
    if not data or len(data) % HASH or len(data) > HASH * WIDTH:
        raise Unproven("not the bytes of a tile")
    return tuple(data[at : at + HASH] for at in range(0, len(data), HASH))


def bundle(bodies: Iterable[bytes]) -> bytes:
    """Write an entry bundle: each entry behind its length in two bytes."""
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def parse_bundle(data: bytes) -> list[bytes]:
    """Read an entry bundle."""
    bodies, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Unproven("the bundle ends inside an entry")
        bodies.append(data[at + 2 : end])
        at = end
    return bodies


def _index_path(n: int) -> str:
    *upper, last = re.findall("...", str(n).zfill(-(-len(str(n)) // 3) * 3))
    return "/".join([*(f"x{part}" for part in upper), last])
