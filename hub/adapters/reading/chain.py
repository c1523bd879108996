# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does an entry get into the tree? With the group that the writer commits, or not at all.

What the writer of ``hub.store`` asks of a log, for this one: entries of many requests share one
signature and one commit. Tree, tiles, notes and triggers are those of the hub's log.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from hub.adapters.reading.entry import make_leaf, parse_entry
from hub.adapters.reading.tables import audit_event
from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from hub.audit.edge import Edge
from hub.audit.entry import NotAnEntry, instant
from hub.audit.merkle import Unproven, leaf_hash
from hub.audit.note import Signer, Verifier
from hub.audit.tile import Rows, Tile
from hub.audit.tree import Tree, count_leaves, read_body, read_checkpoint, read_event_at
from hub.errors import LogUnavailable, ReadOnly
from hub.model.json import Json

NONCE: Final = 32
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Pending:
    event_id: str
    leaf: bytes
    kind: str
    at: datetime


class Chain:
    """The log as its one writer sees it; in memory it follows the database."""

    def __init__(self, signer: Signer) -> None:
        self.tree = Tree()
        self._signer = signer
        self._edge = Edge()
        self._last = _BEGINNING
        self._pending: list[_Pending] = []
        self._staged: Edge | None = None
        self.index: Mapping[str, int] = {}
        """Places of the entries of the group that was closed last."""

    @property
    def origin(self) -> str:
        return self._signer.verifier.name

    @property
    def verifier(self) -> Verifier:
        return self._signer.verifier

    def open(self, connection: Connection) -> None:
        """Take up where the database stands, if it stands where the last checkpoint says.

        Raises ``ReadOnly`` where leaves, tiles and the signed root do not agree: nothing may be
        added to a tree that somebody else has touched.
        """
        try:
            edge = self.tree.edge(connection, count_leaves(connection))
            self._check_head(connection, edge)
            last = _instant_of_last(connection, edge.size)
        except (Unproven, NotAnEntry) as doubt:
            raise ReadOnly(f"The log of reading does not agree with its head: {doubt}.") from None
        self.abort_group()
        self._edge, self._last = edge, last

    def mark(self) -> int:
        return len(self._pending)

    def rewind(self, mark: int) -> None:
        del self._pending[mark:]

    def append(
        self, connection: Connection, members: Mapping[str, Json], at: datetime | float
    ) -> str:
        """Enter something in the open group and return the id of its entry.

        An instant before that of the entry in front of it becomes that instant: the order of the
        log is the order of its times, also while a clock is being set back.
        """
        if not self._pending and _size(connection) != self._edge.size:
            # A command has written meanwhile.
            self.open(connection)
        moment = max(instant(at), self._pending[-1].at if self._pending else self._last)
        event_id = _id_at(moment)
        place = self._edge.size + len(self._pending)
        leaf = make_leaf({"id": event_id, **members}, moment, place, secrets.token_bytes(NONCE))
        self._pending.append(_Pending(event_id, leaf, str(members["k"]), moment))
        return event_id

    def close_group(self, connection: Connection) -> object:
        """Give the group its places in the tree and sign, over what the database gives back."""
        if not self._pending:
            return None
        _write_entries(connection, self._pending)
        edge, tiles = self._edge.copy(), list[tuple[Tile, Rows]]()
        index: dict[str, int] = {}
        leaves: list[dict[str, object]] = []
        for each in self._pending:
            if read_body(connection, each.event_id) != each.leaf:
                raise LogUnavailable("The database does not give back what was entered.")
            hashed, index[each.event_id] = leaf_hash(each.leaf), edge.size
            leaves.append({"idx": edge.size, "event_id": each.event_id, "leaf_hash": hashed})
            tiles += edge.push(hashed)
        note = sign_checkpoint(Checkpoint(self.origin, edge.size, edge.root), self._signer)
        _write_tree(connection, leaves, tiles)
        connection.execute(insert(tables.checkpoint).values(size=edge.size, note=note))
        self._staged, self.index = edge, index
        return note

    def commit_group(self) -> None:
        """Move on; called after the database committed."""
        if self._staged is not None:
            self._edge, self._last = self._staged, self._pending[-1].at
        self.abort_group()

    def abort_group(self) -> None:
        """Forget the open group; called after the database rolled back."""
        self._pending, self._staged = [], None

    def _check_head(self, connection: Connection, edge: Edge) -> None:
        head = read_checkpoint(connection)
        if head is None:
            if edge.size:
                raise Unproven("there is none")
            return
        checkpoint = verify_checkpoint(head[1], self._signer.verifier)
        if (checkpoint.size, checkpoint.root) != (edge.size, edge.root):
            raise Unproven("size or root differ")


def _id_at(moment: datetime) -> str:
    """Draw an id of version 7 that bears this time: by it is known later when a body may go."""
    octets = bytearray(int(moment.timestamp() * 1000).to_bytes(6, "big") + secrets.token_bytes(10))
    octets[6] = octets[6] & 0x0F | 0x70
    octets[8] = octets[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(octets)))


def _size(connection: Connection) -> int:
    return connection.execute(select(func.max(tables.checkpoint.c.size))).scalar() or 0


def _instant_of_last(connection: Connection, size: int) -> datetime:
    event_id = read_event_at(connection, size - 1)
    body = None if event_id is None else read_body(connection, event_id)
    return _BEGINNING if body is None else datetime.fromisoformat(parse_entry(body).t)


def _write_entries(connection: Connection, pending: list[_Pending]) -> None:
    events = [{"id": each.event_id, "kind": each.kind} for each in pending]
    bodies = [{"event_id": each.event_id, "body": each.leaf} for each in pending]
    connection.execute(insert(audit_event), events)
    connection.execute(insert(tables.audit_body), bodies)


def _write_tree(
    connection: Connection, leaves: list[dict[str, object]], tiles: list[tuple[Tile, Rows]]
) -> None:
    connection.execute(insert(tables.audit_leaf), leaves)
    for tile, rows in tiles:
        values = {"level": tile.level, "n": tile.n, "hashes": b"".join(rows[0])}
        connection.execute(insert(tables.tile), values)
