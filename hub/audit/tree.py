# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the stored tree say: its nodes, its tiles, its proofs?

Reads full tiles where they are, and derives everything else from leaves and lower tiles. Needs
no key, so that whoever only reads has nothing to sign with.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.edge import Edge
from hub.audit.merkle import Node, Unproven, consistency_proof, inclusion_proof
from hub.audit.note import parse_note
from hub.audit.proof import Proof
from hub.audit.tile import ENTRIES, HEIGHT, WIDTH, Rows, Tile, bundle, rows_of, split_hashes

CACHED: Final = 128
"""Full tiles kept in memory, about 40 KB each."""
Fresh = Mapping[tuple[int, int], Rows]
"""Full tiles by level and index that are not yet committed."""

# Built once: building a statement takes longer than running it.
_LEAF, _BODY = tables.audit_leaf.c, tables.audit_body.c
_CHECKPOINTS: Final = select(tables.checkpoint).order_by(tables.checkpoint.c.size).limit(1)
_BEHIND: Final = _CHECKPOINTS.where(tables.checkpoint.c.size > bindparam("at"))
_OF_SIZE: Final = _BEHIND.where(tables.checkpoint.c.size == bindparam("of"))
_INDEX: Final = select(_LEAF.idx).where(_LEAF.event_id == bindparam("id"))
_BODY_OF: Final = select(_BODY.body).where(_BODY.event_id == bindparam("id"))
_BODY_AT: Final = (
    select(_BODY.body)
    .join(tables.audit_leaf, _LEAF.event_id == _BODY.event_id)
    .where(_LEAF.idx == bindparam("at"))
)


class Tree:
    """The tree of one log as the database has it. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tiles: OrderedDict[tuple[int, int], Rows] = OrderedDict()

    def keep(self, tile: Tile, rows: Rows) -> None:
        """Remember a full tile; only of what is committed, since a tile never changes."""
        with self._lock:
            self._tiles[tile.level, tile.n] = rows
            self._tiles.move_to_end((tile.level, tile.n))
            while len(self._tiles) > CACHED:
                self._tiles.popitem(last=False)

    def rows(self, connection: Connection, level: int, n: int, size: int = 0) -> Rows:
        """Return a tile as far as it is there; only what lies within ``size`` is remembered."""
        with self._lock:
            if (rows := self._tiles.get((level, n))) is not None:
                self._tiles.move_to_end((level, n))
                return rows
        rows = rows_of(_stored(connection, level, n) or self._derived(connection, level, n, size))
        if len(rows[0]) == WIDTH and (n + 1) << HEIGHT * (level + 1) <= size:
            self.keep(Tile(level, n), rows)
        return rows

    def node(
        self, connection: Connection, edge: Edge, size: int, fresh: Fresh | None = None
    ) -> Node:
        """Return where to look nodes up: at the edge, else in tiles.

        Of a tree of ``size`` committed leaves full tiles may be remembered.
        """
        tiles = fresh or {}

        def look_up(height: int, index: int) -> bytes:
            if (hashed := edge.node(height, index)) is not None:
                return hashed
            level, row = divmod(height, HEIGHT)
            shift = HEIGHT - row
            rows = tiles.get((level, index >> shift)) or self.rows(
                connection, level, index >> shift, size
            )
            return rows[row][index & (1 << shift) - 1]

        return look_up

    def edge(self, connection: Connection, size: int) -> Edge:
        """Rebuild the right edge of the tree of ``size`` leaves."""
        levels, width, level = [], size, 0
        while width:
            full, rest = divmod(width, WIDTH)
            hashes = self.rows(connection, level, full)[0][:rest] if rest else ()
            if len(hashes) != rest:
                raise Unproven("leaves are missing")
            levels.append(rows_of(hashes))
            width, level = full, level + 1
        return Edge(size, tuple(levels))

    def proof(
        self,
        connection: Connection,
        index: int,
        *,
        edge: Edge | None = None,
        size: int | None = None,
    ) -> Proof:
        """Return the proof of the entry at ``index`` in the first checkpoint behind it.

        Its bytes are the same for as long as the log exists; only ``extra`` goes with the body.
        Another checkpoint can be asked for by its ``size``.
        """
        checkpoint, note = read_checkpoint_behind(connection, index, size)
        if edge is None or edge.size < checkpoint.size:
            edge = self.edge(connection, checkpoint.size)
        look_up = self.node(connection, edge, edge.size)
        hashes = inclusion_proof(index, checkpoint.size, look_up)
        return Proof(index, tuple(hashes), note, _body_at(connection, index))

    def consistency(
        self, connection: Connection, old: int, new: int, *, edge: Edge | None = None
    ) -> tuple[bytes, ...]:
        """Return what shows that the tree of ``new`` leaves begins with that of ``old``."""
        if edge is None or edge.size < new:
            edge = self.edge(connection, new)
        return tuple(consistency_proof(old, new, self.node(connection, edge, edge.size)))

    def tile(self, connection: Connection, tile: Tile) -> bytes | None:
        """Return the bytes of a tile or entry bundle, or None where the log has no such one.

        A bundle with a pruned entry in it is gone as a whole; hash tiles stay.
        """
        if tile.level == ENTRIES:
            return _bundle(connection, tile)
        hashes = self.rows(connection, tile.level, tile.n)[0][: tile.width]
        return b"".join(hashes) if len(hashes) == tile.width else None

    def _derived(self, connection: Connection, level: int, n: int, size: int) -> Iterable[bytes]:
        if level == 0:
            return _leaves(connection, n)
        hashes: list[bytes] = []
        for below in range(n * WIDTH, (n + 1) * WIDTH):
            root = self.rows(connection, level - 1, below, size)[HEIGHT]
            if not root:
                break
            hashes += root
        return hashes


def read_checkpoint(
    connection: Connection, most: int | None = None
) -> tuple[Checkpoint, str] | None:
    """Return the newest checkpoint and its note, or None where the log is empty.

    ``most`` is the size beyond which nothing can be proven yet.
    """
    query = select(tables.checkpoint).order_by(tables.checkpoint.c.size.desc()).limit(1)
    if most is not None:
        query = query.where(tables.checkpoint.c.size <= most)
    row = connection.execute(query).first()
    return None if row is None else (parse_text(parse_note(row.note).text), row.note)


def read_checkpoint_behind(
    connection: Connection, index: int, size: int | None = None
) -> tuple[Checkpoint, str]:
    """Return the first checkpoint that contains ``index``, or the one of exactly ``size``."""
    query, of = (_BEHIND, {}) if size is None else (_OF_SIZE, {"of": size})
    row = connection.execute(query, {"at": index, **of}).first()
    if row is None:
        raise Unproven("no checkpoint contains this entry")
    return parse_text(parse_note(row.note).text), row.note


def read_index(connection: Connection, event_id: str) -> int | None:
    """Return the place of an entry in the tree."""
    return connection.execute(_INDEX, {"id": event_id}).scalar_one_or_none()


def read_event_at(connection: Connection, index: int) -> str | None:
    """Return the id of the entry at a place of the tree."""
    return connection.execute(
        select(tables.audit_leaf.c.event_id).where(tables.audit_leaf.c.idx == index)
    ).scalar()


def read_body(connection: Connection, event_id: str) -> bytes | None:
    """Return the bytes of an entry, or None once they are pruned."""
    body: bytes | None = connection.execute(_BODY_OF, {"id": event_id}).scalar_one_or_none()
    return body


def count_leaves(connection: Connection) -> int:
    """Return the size of the tree; the index of the last leaf and their number must agree."""
    count, last = connection.execute(select(func.count(_LEAF.idx), func.max(_LEAF.idx))).one()
    if count != (0 if last is None else last + 1):
        raise Unproven("leaves are missing")
    return int(count)


def _stored(connection: Connection, level: int, n: int) -> tuple[bytes, ...]:
    tile = tables.tile.c
    data = connection.execute(
        select(tile.hashes).where(tile.level == level, tile.n == n)
    ).scalar_one_or_none()
    return () if data is None else split_hashes(data)


def _leaves(connection: Connection, n: int) -> Iterable[bytes]:
    within = _LEAF.idx.between(n * WIDTH, (n + 1) * WIDTH - 1)
    return connection.execute(select(_LEAF.leaf_hash).where(within).order_by(_LEAF.idx)).scalars()


def _body_at(connection: Connection, index: int) -> bytes | None:
    body: bytes | None = connection.execute(_BODY_AT, {"at": index}).scalar_one_or_none()
    return body


def _bundle(connection: Connection, tile: Tile) -> bytes | None:
    rows = connection.execute(
        select(_BODY.body)
        .join(tables.audit_leaf, _LEAF.event_id == _BODY.event_id)
        .where(_LEAF.idx.between(tile.start, tile.start + tile.width - 1))
        .order_by(_LEAF.idx)
    ).scalars()
    bodies = list(rows)
    return bundle(bodies) if len(bodies) == tile.width else None
