# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does an entry get into the log? Inside the caller's transaction, or not at all.

Never commits. If the caller rolls back, the entry was never there; if it commits, message and
entry are there together, with the tree and a signed checkpoint over both. The one writer of a node
calls ``append`` for each job of a group, then ``close_group``, commits, then ``commit_group``.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from hub.audit.edge import Edge
from hub.audit.entry import Draft, NotAnEntry, instant, make_leaf, parse_entry
from hub.audit.merkle import Frontier, Unproven, inclusion_proof, leaf_hash, push, root
from hub.audit.note import Signer
from hub.audit.proof import Proof
from hub.audit.tile import Rows, Tile
from hub.audit.tree import Tree, count_leaves, read_checkpoint, read_index
from hub.errors import LogUnavailable, ReadOnly

NONCE: Final = 32
ACCEPTED: Final = "message.accepted"
_AT_ONCE: Final = 500
# Built once: building a statement takes longer than running it.
_ADD_EVENT: Final = insert(tables.audit_event)
_ADD_BODY: Final = insert(tables.audit_body)
_ADD_LEAF: Final = insert(tables.audit_leaf)
_ADD_TILE: Final = insert(tables.tile)
_ADD_CHECKPOINT: Final = insert(tables.checkpoint)


@dataclass(frozen=True)
class Closed:
    """A group as it stands in the tree; true once the transaction is committed."""

    note: str
    """The signed checkpoint."""
    size: int
    index: Mapping[str, int]
    """Place in the tree by id of the entry."""


@dataclass(frozen=True)
class _Pending:
    event_id: str
    leaf: bytes
    at: datetime
    kind: str
    message_id: str | None
    is_written: bool


@dataclass(frozen=True)
class _Staged:
    closed: Closed
    edge: Edge
    frontier: Frontier
    tiles: Mapping[tuple[int, int], Rows]


class Nonces:
    """Random bytes, fetched for many entries at once: each fetch is a call of the system."""

    def __init__(self) -> None:
        self._left: list[bytes] = []

    def __call__(self) -> bytes:
        if not self._left:
            drawn = secrets.token_bytes(NONCE * _AT_ONCE)
            self._left = [drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE)]
        return self._left.pop()


class Log:
    """The log of one hub, as its one writer sees it.

    What is in memory follows the database: it moves on with ``commit_group`` alone, and
    ``abort_group`` forgets everything since then.
    """

    def __init__(
        self,
        origin: str,
        signer: Signer,
        node: str,
        *,
        nonces: Callable[[], bytes] | None = None,
    ) -> None:
        self.origin = origin
        self.tree = Tree()
        self._signer = signer
        self._node = node
        self._nonces = nonces or Nonces()
        self._edge = Edge()
        self._frontier: Frontier = ()
        self._nseq = 0
        self._last = datetime.min.replace(tzinfo=UTC)
        self._pending: list[_Pending] = []
        self._staged: _Staged | None = None

    @property
    def size(self) -> int:
        """Number of committed entries."""
        return self._edge.size

    @property
    def newest(self) -> datetime:
        """Instant of the newest entry, also of one in the open group."""
        return self._pending[-1].at if self._pending else self._last

    @property
    def vkey(self) -> str:
        return self._signer.verifier.vkey

    def open(self, connection: Connection) -> None:
        """Take up where the database stands, if it stands where the last checkpoint says.

        Raises ``ReadOnly`` where leaves, tiles and the signed root do not agree: nothing may be
        added to a tree that somebody else has touched.
        """
        try:
            edge = self.tree.edge(connection, count_leaves(connection))
            self._check_head(connection, edge)
            self._take_up_numbers(connection)
        except (Unproven, NotAnEntry) as doubt:
            raise ReadOnly(f"The log does not agree with its last checkpoint: {doubt}.") from None
        self.abort_group()
        self._edge, self._frontier = edge, edge.frontier

    def mark(self) -> int:
        """Return a place in the open group to which ``rewind`` can go back."""
        return len(self._pending)

    def rewind(self, mark: int) -> None:
        """Forget what was appended since ``mark``; its rows went with the caller's savepoint."""
        del self._pending[mark:]

    def append(self, connection: Connection, draft: Draft, *, at_once: bool = False) -> str:
        """Enter a draft in the open group and return its id.

        Its rows are written with those of the whole group when that is closed; ``at_once`` where
        the same transaction builds on them. An instant before that of the entry in front of it
        becomes that instant: the order of the log is the order of its times, also while a clock
        is being set back.
        """
        if self._staged is not None:
            raise LogUnavailable("The group is closed.")
        if (draft.kind == ACCEPTED) != (draft.message_id is not None):
            # The database would say so too, but only to the whole group.
            raise NotAnEntry("an acceptance, and nothing else, points at its message")
        at = max(instant(draft.at), self.newest)
        leaf = self._make(draft, at)
        pending = _Pending(draft.entry_id, leaf, at, draft.kind, draft.message_id, at_once)
        if at_once:
            _write_entries(connection, [pending])
        self._pending.append(pending)
        return draft.entry_id

    def close_group(self, connection: Connection) -> Closed | None:
        """Give the group its places in the tree and sign; None where nothing was appended.

        What is signed is computed twice: once from the entries as they were made, and once from
        the bodies as the database gives them back.
        """
        if not self._pending:
            return None
        _write_entries(connection, [each for each in self._pending if not each.is_written])
        edge, frontier, tiles = self._edge.copy(), self._frontier, list[tuple[Tile, Rows]]()
        bodies = self._read_back(connection)
        index: dict[str, int] = {}
        leaves: list[dict[str, object]] = []
        for pending in self._pending:
            hashed = leaf_hash(pending.leaf)
            index[pending.event_id] = edge.size
            leaves.append({"idx": edge.size, "event_id": pending.event_id, "leaf_hash": hashed})
            frontier = push(frontier, edge.size, leaf_hash(bodies.get(pending.event_id, b"")))
            tiles += edge.push(hashed)
        if root(frontier) != edge.root:
            raise LogUnavailable("The database does not give back what was entered.")
        note = sign_checkpoint(Checkpoint(self.origin, edge.size, edge.root), self._signer)
        _write(connection, leaves, tiles, edge.size, note)
        closed = Closed(note, edge.size, index)
        self._staged = _Staged(
            closed, edge, frontier, {(tile.level, tile.n): rows for tile, rows in tiles}
        )
        return closed

    def commit_group(self) -> None:
        """Move on; called after the database committed."""
        if (staged := self._staged) is not None:
            for (level, n), rows in staged.tiles.items():
                self.tree.keep(Tile(level, n), rows)
            self._nseq += len(self._pending)
            self._last = self._pending[-1].at
            self._edge, self._frontier = staged.edge, staged.frontier
        self.abort_group()

    def abort_group(self) -> None:
        """Forget the open group; called after the database rolled back."""
        self._pending, self._staged = [], None

    def prove(self, connection: Connection, event_id: str) -> Proof:
        """Return the proof of an entry; from memory while its group has yet to be committed."""
        if (staged := self._staged) is not None and event_id in staged.closed.index:
            return self._fresh_proof(connection, staged, staged.closed.index[event_id])
        index = read_index(connection, event_id)
        if index is None:
            raise Unproven("the log has no such entry")
        return self.tree.proof(connection, index, edge=self._edge)

    def proof(self, connection: Connection, index: int, size: int | None = None) -> str:
        """Return the proof of the entry at ``index`` as text.

        It leads to the first checkpoint behind the entry, so its bytes are the same a year later;
        another checkpoint can be asked for by its size.
        """
        return self.tree.proof(connection, index, edge=self._edge, size=size).text

    def consistency(self, connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
        """Return what shows that the log only grew between two sizes."""
        return self.tree.consistency(connection, old, new, edge=self._edge)

    def _make(self, draft: Draft, at: datetime) -> bytes:
        return make_leaf(
            draft.kind,
            out=draft.out,
            act=draft.act,
            rcp=draft.rcp,
            obj=draft.obj,
            law=draft.law,
            rule=draft.rule,
            why=draft.why,
            com=draft.com,
            ref=draft.ref,
            at=at,
            node=self._node,
            nseq=self._nseq + len(self._pending),
            entry_id=draft.entry_id,
            nonce=self._nonces(),
        )

    def _check_head(self, connection: Connection, edge: Edge) -> None:
        head = read_checkpoint(connection)
        if head is None:
            if edge.size:
                raise Unproven("there is none")
            return
        checkpoint = verify_checkpoint(head[1], self._signer.verifier, self.origin)
        if (checkpoint.size, checkpoint.root) != (edge.size, edge.root):
            raise Unproven("size or root differ")

    def _take_up_numbers(self, connection: Connection) -> None:
        leaf, body = tables.audit_leaf.c, tables.audit_body.c
        newest = (
            select(body.body)
            .join(tables.audit_leaf, leaf.event_id == body.event_id)
            .order_by(leaf.idx.desc())
        )
        self._nseq, self._last = 0, datetime.min.replace(tzinfo=UTC)
        with connection.execute(newest) as rows:
            for place, row in enumerate(rows):
                entry = parse_entry(row.body)
                if place == 0:
                    self._last = datetime.fromisoformat(entry.t)
                if entry.node == self._node:
                    self._nseq = entry.nseq + 1
                    break

    def _read_back(self, connection: Connection) -> dict[str, bytes]:
        ids = [pending.event_id for pending in self._pending]
        body = tables.audit_body.c
        bodies: dict[str, bytes] = {}
        for at in range(0, len(ids), _AT_ONCE):
            chosen = body.event_id.in_(ids[at : at + _AT_ONCE])
            rows = connection.execute(select(body.event_id, body.body).where(chosen))
            bodies.update((row.event_id, row.body) for row in rows)
        return bodies

    def _fresh_proof(self, connection: Connection, staged: _Staged, index: int) -> Proof:
        closed = staged.closed
        look_up = self.tree.node(connection, staged.edge, self._edge.size, staged.tiles)
        hashes = inclusion_proof(index, closed.size, look_up)
        leaf = self._pending[index - self._edge.size].leaf
        return Proof(index, tuple(hashes), closed.note, leaf)


def _write_entries(connection: Connection, pending: list[_Pending]) -> None:
    if not pending:
        return
    events = [
        {"id": each.event_id, "message_id": each.message_id, "kind": each.kind} for each in pending
    ]
    bodies = [{"event_id": each.event_id, "body": each.leaf} for each in pending]
    connection.execute(_ADD_EVENT, events)
    connection.execute(_ADD_BODY, bodies)


def _write(
    connection: Connection,
    leaves: list[dict[str, object]],
    tiles: list[tuple[Tile, Rows]],
    size: int,
    note: str,
) -> None:
    connection.execute(_ADD_LEAF, leaves)
    for tile, rows in tiles:
        values = {"level": tile.level, "n": tile.n, "hashes": b"".join(rows[0])}
        connection.execute(_ADD_TILE, values)
    connection.execute(_ADD_CHECKPOINT, {"size": size, "note": note})
