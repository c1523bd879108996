# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does an entry get into the log? Inside the caller's transaction, or not at all.

Never commits. If the caller rolls back, the entry was never there; if it commits, message and
entry are there together, with the tree and a signed checkpoint over both. The one writer of a node
calls ``append`` for each job of a group, then ``close_group``, commits, then ``commit_group``.
Where a signer has the keys, ``sign`` and ``keep_signature`` come in between, and a second commit.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint
from hub.audit.edge import Edge
from hub.audit.entry import Draft, NotAnEntry, instant, make_leaf, parse_entry
from hub.audit.merkle import (
    Frontier,
    Unproven,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    push,
    root,
)
from hub.audit.note import Verifier
from hub.audit.openings.key import CONVERSATION, RandomTags, TagsOf, ids_of, tags
from hub.audit.openings.store import NOT_THERE, Openings
from hub.audit.proof import Proof
from hub.audit.signing.growth import Growth
from hub.audit.signing.keyring import Keyring
from hub.audit.signing.signatures import Signatures
from hub.audit.tile import Rows, Tile
from hub.audit.tree import Tree, count_leaves, read_checkpoint_behind, read_index
from hub.audit.words import MESSAGE_KINDS
from hub.errors import LogUnavailable, ReadOnly

NONCE: Final = 32
ACCEPTED: Final = "message.accepted"
NEW_KEY: Final = frozenset({"log.genesis", "key.rotated"})
"""Kinds with which another key may begin to sign; their own group is signed by it already."""
_AT_ONCE: Final = 500
# Built once: building a statement takes longer than running it.
_ADD_EVENT: Final = insert(tables.audit_event)
_ADD_BODY: Final = insert(tables.audit_body)
_ADD_FOUND: Final = insert(tables.conversation_entry)
_ADD_LEAF: Final = insert(tables.audit_leaf)
_ADD_TILE: Final = insert(tables.tile)
_ADD_CHECKPOINT: Final = insert(tables.checkpoint)


@dataclass(frozen=True)
class Closed:
    """A group as it stands in the tree; true once the transaction is committed."""

    note: str
    """The signed checkpoint; empty until whoever signs elsewhere has done so."""
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
    found_by: tuple[str, ...] = ()
    """Keys of the conversations by which it is found, where no receipt leads to it."""


@dataclass(frozen=True)
class _Staged:
    closed: Closed
    edge: Edge
    frontier: Frontier
    tiles: Mapping[tuple[int, int], Rows]
    growth: Growth
    keyring: Keyring


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
        signatures: Signatures,
        node: str,
        *,
        nonces: Callable[[], bytes] | None = None,
        openings: Openings | None = None,
    ) -> None:
        self._openings = openings
        self.tree = Tree()
        self._signatures = signatures
        self._node = node
        self._nonces = nonces or Nonces()
        self._random_tags = RandomTags() if nonces is None else TagsOf(nonces)
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
    def edge(self) -> Edge:
        """The right edge of what is committed: with it proofs need not read it from the tiles."""
        return self._edge

    @property
    def newest(self) -> datetime:
        """Instant of the newest entry, also of one in the open group."""
        return self._pending[-1].at if self._pending else self._last

    @property
    def keyring(self) -> Keyring:
        """The keys of this log, as far as they are committed."""
        return self._signatures.keyring

    @property
    def origin(self) -> str:
        return self.keyring.origin

    @property
    def vkey(self) -> str:
        return self.keyring.newest.vkey

    def has_key(self, verifier: Verifier) -> bool:
        """Whether whoever signs this log could sign with a key."""
        return self._signatures.has(verifier)

    @property
    def is_signed_elsewhere(self) -> bool:
        """Whether a signer of its own has the keys, so that a group takes two commits."""
        return self._signatures.is_elsewhere

    def open(self, connection: Connection) -> None:
        """Take up where the database stands, if it stands where the last checkpoint says.

        Raises ``ReadOnly`` where leaves, tiles and the signed root do not agree: nothing may be
        added to a tree that somebody else has touched.
        """
        try:
            edge = self.tree.edge(connection, count_leaves(connection))
            self._signatures.take_up(connection, self.tree, edge)
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
        found_by = () if draft.kind in MESSAGE_KINDS else ids_of(draft.conversations)
        pending = _Pending(
            draft.entry_id, leaf, at, draft.kind, draft.message_id, at_once, found_by
        )
        if at_once:
            _write_at_once(connection, pending)
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
        _write(connection, leaves, tiles)
        fresh = {(tile.level, tile.n): rows for tile, rows in tiles}
        growth, keyring = self._growth(connection, edge, fresh), self._keyring_now(connection)
        closed = Closed("", edge.size, index)
        self._staged = _Staged(closed, edge, frontier, fresh, growth, keyring)
        if not self.is_signed_elsewhere:
            self.sign()
            self.keep_signature(connection)
        return self._staged.closed

    def sign(self) -> None:
        """Have the closed group signed; ``LogUnavailable`` where nobody does."""
        if (staged := self._staged) is not None:
            at = self.newest.timestamp()
            note = self._signatures.sign(staged.growth, staged.keyring, at)
            self._staged = replace(staged, closed=replace(staged.closed, note=note))

    def keep_signature(self, connection: Connection) -> None:
        """Write the checkpoint of the group that was signed."""
        if (staged := self._staged) is not None:
            _write_checkpoint(connection, staged.closed.size, staged.closed.note)

    def settle(self, connection: Connection) -> None:
        """Give the signature that a hub before this one owed when it ended."""
        if self._signatures.owes:
            at = self._last.timestamp()
            note = self._signatures.settle(connection, self.tree, self._edge, at)
            _write_checkpoint(connection, self._edge.size, note)

    def commit_group(self) -> None:
        """Move on; called after the database committed."""
        if (staged := self._staged) is not None:
            for (level, n), rows in staged.tiles.items():
                self.tree.keep(Tile(level, n), rows)
            self._nseq += len(self._pending)
            self._last = self._pending[-1].at
            self._edge, self._frontier = staged.edge, staged.frontier
            self._signatures.keyring = staged.keyring
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
        size = self._size_under_this_name(connection, index)
        return self.tree.proof(connection, index, edge=self._edge, size=size)

    def proof(self, connection: Connection, index: int, size: int | None = None) -> str:
        """Return the proof of the entry at ``index`` as text.

        It leads to the first checkpoint behind the entry, so its bytes are the same a year later;
        another checkpoint can be asked for by its size. Only a succession changes them, once: what
        the log signed under the name before, whoever has that key could sign as well.
        """
        if size is None:
            size = self._size_under_this_name(connection, index)
        return self.tree.proof(connection, index, edge=self._edge, size=size).text

    def _size_under_this_name(self, connection: Connection, index: int) -> int | None:
        began = self.keyring.began
        return read_checkpoint_behind(connection, began)[0].size if index < began else None

    def consistency(self, connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
        """Return what shows that the log only grew between two sizes."""
        return self.tree.consistency(connection, old, new, edge=self._edge)

    def _make(self, draft: Draft, at: datetime) -> bytes:
        nonce = self._nonces()
        return make_leaf(
            draft.kind,
            out=draft.out,
            act=draft.act,
            rcp=draft.rcp,
            obj=draft.obj,
            law=draft.law,
            rule=draft.rule,
            why=draft.why,
            tags=tags(draft.conversations, nonce, self._random_tags),
            com=self._commitments(draft),
            ref=draft.ref,
            at=at,
            node=self._node,
            nseq=self._nseq + len(self._pending),
            entry_id=draft.entry_id,
            nonce=nonce,
        )

    def _commitments(self, draft: Draft) -> dict[str, str]:
        """Commit to the conversation, and to what is said; that is kept before the entry is."""
        made = dict(draft.com or {})
        key = next(iter(draft.conversations), None)
        if key is not None:
            made[CONVERSATION] = key.commitment(draft.entry_id, CONVERSATION, key.conversation)
        for member, value in draft.said.items():
            if self._openings is None:
                raise LogUnavailable(NOT_THERE)
            made[member] = self._openings.keep(draft.entry_id, member, value, key)
        return made

    def _keyring_now(self, connection: Connection) -> Keyring:
        if any(each.kind in NEW_KEY for each in self._pending):
            return self._signatures.read_anew(connection)
        return self.keyring

    def _growth(
        self, connection: Connection, edge: Edge, tiles: Mapping[tuple[int, int], Rows]
    ) -> Growth:
        """Say what the group makes of the log; proven to a signer, of whom there may be one."""
        old, proof = self._edge.size, list[bytes]()
        if self.is_signed_elsewhere:
            look_up = self.tree.node(connection, edge, old, tiles)
            proof = consistency_proof(old, edge.size, look_up)
        origin = self._keyring_now(connection).origin
        return Growth(old, tuple(proof), Checkpoint(origin, edge.size, edge.root))

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


def _write_at_once(connection: Connection, pending: _Pending) -> None:
    """Write an entry before its group is closed; what the database refuses is the log's trouble."""
    try:
        _write_entries(connection, [pending])
    except (IntegrityError, ProgrammingError):
        raise LogUnavailable("The database does not take the entry.") from None


def _write_entries(connection: Connection, pending: list[_Pending]) -> None:
    if not pending:
        return
    events = [
        {"id": each.event_id, "message_id": each.message_id, "kind": each.kind} for each in pending
    ]
    bodies = [{"event_id": each.event_id, "body": each.leaf} for each in pending]
    connection.execute(_ADD_EVENT, events)
    connection.execute(_ADD_BODY, bodies)
    found = [
        {"key_id": key_id, "event_id": each.event_id}
        for each in pending
        for key_id in each.found_by
    ]
    if found:
        connection.execute(_ADD_FOUND, found)


def _write(
    connection: Connection,
    leaves: list[dict[str, object]],
    tiles: list[tuple[Tile, Rows]],
) -> None:
    connection.execute(_ADD_LEAF, leaves)
    for tile, rows in tiles:
        values = {"level": tile.level, "n": tile.n, "hashes": b"".join(rows[0])}
        connection.execute(_ADD_TILE, values)


def _write_checkpoint(connection: Connection, size: int, note: str) -> None:
    connection.execute(_ADD_CHECKPOINT, {"size": size, "note": note})
