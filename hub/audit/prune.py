# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do bodies go without a gap that nobody can explain?

First the entry ``log.pruned`` is committed, with the digest of the range it covers in ``obj.d``
and the number of entries in ``obj.n``. Then witnesses have to see it; only then may the bodies go
(§ 76 Abs. 4 BDSG). Leaf hashes and tiles stay, so every proof that was ever handed out still holds.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from hub.audit import tables
from hub.audit.entry import parse_entry
from hub.audit.merkle import Unproven
from hub.audit.tree import read_body, read_event_at
from hub.audit.words import KEPT
from hub.sealing.canonical import b64

__all__ = [
    "KEPT",
    "Range",
    "add_order",
    "due_range",
    "erase_bodies",
    "first_free",
    "first_since",
    "limit_of",
    "range_digest",
    "time_of",
]
HOUR: Final = timedelta(hours=1)
"""By which the clocks of Germany are ahead at New Year, whatever the summer does."""
_ORDER: Final = tables.prune_order.c
_LEAF: Final = tables.audit_leaf.c
_BODY: Final = tables.audit_body.c
_EVENT: Final = tables.audit_event.c


@dataclass(frozen=True)
class Range:
    """Entries that lie beside each other, and the digest that names them."""

    first: int
    last: int
    digest: str

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def range_digest(connection: Connection, first: int, last: int) -> str:
    """Return the digest of a range: its ends, then id and leaf hash of each entry in order."""
    rows = connection.execute(
        select(_LEAF.event_id, _LEAF.leaf_hash)
        .where(_LEAF.idx.between(first, last))
        .order_by(_LEAF.idx)
    )
    hashed = hashlib.sha256(f"{first} {last}\n".encode("ascii"))
    for event_id, leaf_hash in rows:
        hashed.update(event_id.encode("ascii") + leaf_hash)
    return b64(hashed.digest())


def limit_of(at: datetime) -> datetime:
    """Return before which instant an entry must have been made to go at ``at``.

    It is kept until the end of the year after its own (§ 76 Abs. 4 BDSG), in Germany's time.
    """
    year = (at.astimezone(UTC) + HOUR).year - 1
    return datetime(year, 1, 1, tzinfo=UTC) - HOUR


def due_range(connection: Connection, before: datetime) -> Range | None:
    """Return the entries made before an instant that no order covers yet; None where none is."""
    first, last = first_free(connection), first_since(connection, before) - 1
    return None if last < first else Range(first, last, range_digest(connection, first, last))


def first_since(connection: Connection, instant: datetime) -> int:
    """Return the first place, of those that no order covers, that was entered not before then.

    Where nothing was, that is the place behind the last.
    """
    first = first_free(connection)
    newest = connection.execute(select(func.max(_LEAF.idx))).scalar()
    low, high = first, first if newest is None else newest + 1
    # The order of the log is the order of its times.
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if time_of(connection, middle) < instant else (low, middle)
    return low


def first_free(connection: Connection) -> int:
    """Return the first place that no order covers yet; orders lie beside each other."""
    ordered = connection.execute(select(func.max(_ORDER.last_idx))).scalar()
    return 0 if ordered is None else ordered + 1


def add_order(connection: Connection, event_id: str, first: int, last: int, least: int = 0) -> None:
    """Enter which bodies the entry ``event_id`` lets go, once ``least`` witnesses have seen it."""
    connection.execute(
        insert(tables.prune_order).values(
            event_id=event_id, first_idx=first, last_idx=last, least=least
        )
    )


def erase_bodies(connection: Connection, event_id: str) -> int:
    """Delete at once all that an order covers and that may go; returns how many went.

    For a log that is one person's alone; where others wait for the writer, it goes in portions.
    """
    first, last = connection.execute(
        select(_ORDER.first_idx, _ORDER.last_idx).where(_ORDER.event_id == event_id)
    ).one()
    covered = (
        select(_LEAF.event_id)
        .join(tables.audit_event, _EVENT.id == _LEAF.event_id)
        .where(_LEAF.idx.between(first, last), _EVENT.kind.not_in(KEPT))
    )
    return connection.execute(delete(tables.audit_body).where(_BODY.event_id.in_(covered))).rowcount


def time_of(connection: Connection, index: int) -> datetime:
    """Return when an entry was made of which more is there than the hash."""
    body = read_body(connection, read_event_at(connection, index) or "")
    if body is None:
        raise Unproven("an entry is missing that no order covers")
    return datetime.fromisoformat(parse_entry(body).t)
