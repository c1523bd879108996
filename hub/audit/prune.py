# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do bodies go without a gap that nobody can explain?

First the entry ``log.pruned`` is committed, with the digest of the range it covers in ``obj.d``
and the number of entries in ``obj.n``; only then may the bodies go (§ 76 Abs. 4 BDSG). Leaf hashes
and tiles stay, so every proof that was ever handed out still holds.
"""

import hashlib
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from hub.audit import tables
from hub.sealing.canonical import b64

KEPT: Final = ("log.genesis", "log.pruned")
"""Kinds whose bodies never go: by them the gaps are read."""


def range_digest(connection: Connection, first: int, last: int) -> str:
    """Return the digest of a range: its ends, then id and leaf hash of each entry in order."""
    leaf = tables.audit_leaf.c
    rows = connection.execute(
        select(leaf.event_id, leaf.leaf_hash)
        .where(leaf.idx.between(first, last))
        .order_by(leaf.idx)
    )
    hashed = hashlib.sha256(f"{first} {last}\n".encode("ascii"))
    for event_id, leaf_hash in rows:
        hashed.update(event_id.encode("ascii") + leaf_hash)
    return b64(hashed.digest())


def add_order(connection: Connection, event_id: str, first: int, last: int) -> None:
    """Enter which bodies the entry ``event_id`` lets go."""
    connection.execute(
        insert(tables.prune_order).values(event_id=event_id, first_idx=first, last_idx=last)
    )


def erase_bodies(connection: Connection, event_id: str) -> int:
    """Delete the bodies that an order covers; returns how many went.

    The database refuses where the order is not yet committed and in the tree.
    """
    order, leaf, event = tables.prune_order.c, tables.audit_leaf.c, tables.audit_event.c
    first, last = connection.execute(
        select(order.first_idx, order.last_idx).where(order.event_id == event_id)
    ).one()
    covered = (
        select(leaf.event_id)
        .join(tables.audit_event, event.id == leaf.event_id)
        .where(leaf.idx.between(first, last), event.kind.not_in(KEPT))
    )
    gone = connection.execute(
        delete(tables.audit_body).where(tables.audit_body.c.event_id.in_(covered))
    )
    return gone.rowcount
