# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far has each order to prune been carried out?

The list is in the database, so whoever is killed in between goes on where the last transaction
ended. What may go at all, the database asks the order and its witnesses (``triggers``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.audit import tables
from hub.audit.roles import as_pruner
from hub.audit.words import KEPT

AT_ONCE: Final = 500
"""Bodies of one transaction; whoever hands in a message waits no longer than for these."""
IsHeld: TypeAlias = Callable[[int, str, bytes], bool]
"""Whether the entry at a place, with this id and body, must stay."""
_ORDER: Final = tables.prune_order.c
_LEAF: Final = tables.audit_leaf.c
_BODY: Final = tables.audit_body.c
_EVENT: Final = tables.audit_event.c
_DUE: Final = tables.prune_due.c


@dataclass(frozen=True)
class Order:
    """An order that is yet to be carried out, and how far that has come."""

    event_id: str
    index: int
    """Place of its entry in the tree; a checkpoint behind it is what witnesses have to see."""
    last: int
    least: int
    next: int


@dataclass(frozen=True)
class Portion:
    """What goes in one transaction, and where the next one begins; None where all is done."""

    ids: tuple[str, ...]
    next: int | None


def add_due(connection: Connection) -> None:
    """Put every order on the list of what is to be carried out that is not on it.

    Each from its beginning: what had to stay the last time may go now.
    """
    listed = select(_DUE.event_id)
    missing = select(_ORDER.event_id, _ORDER.first_idx).where(_ORDER.event_id.not_in(listed))
    connection.execute(insert(tables.prune_due).from_select(["event_id", "next_idx"], missing))


def read_due(connection: Connection) -> tuple[Order, ...]:
    """Return the orders that are yet to be carried out, the oldest first."""
    rows = connection.execute(
        select(_DUE.event_id, _LEAF.idx, _ORDER.last_idx, _ORDER.least, _DUE.next_idx)
        .join(tables.prune_order, _ORDER.event_id == _DUE.event_id)
        .join(tables.audit_leaf, _LEAF.event_id == _DUE.event_id)
        .order_by(_LEAF.idx)
    )
    return tuple(Order(*row) for row in rows)


def is_cosigned(connection: Connection, order: Order) -> bool:
    """Tell whether one checkpoint behind an order bears as many cosignatures as it asks for.

    The database asks the same before a body goes.
    """
    cosigned = tables.cosignature.c
    enough = (
        select(cosigned.size)
        .where(cosigned.size > order.index)
        .group_by(cosigned.size)
        .having(func.count() >= order.least)
        .order_by(cosigned.size.desc())
        .limit(1)
    )
    return not order.least or connection.execute(enough).first() is not None


def portion_of(connection: Connection, order: Order, is_held: IsHeld) -> Portion:
    """Return what may go next of what an order covers."""
    rows = connection.execute(
        select(_LEAF.idx, _LEAF.event_id, _BODY.body)
        .join(tables.audit_body, _BODY.event_id == _LEAF.event_id)
        .join(tables.audit_event, _EVENT.id == _LEAF.event_id)
        .where(_LEAF.idx.between(order.next, order.last), _EVENT.kind.not_in(KEPT))
        .order_by(_LEAF.idx)
        .limit(AT_ONCE)
    ).all()
    ids = tuple(row.event_id for row in rows if not is_held(row.idx, row.event_id, row.body))
    return Portion(ids, rows[-1].idx + 1 if len(rows) == AT_ONCE else None)


def erase(connection: Connection, ids: Sequence[str]) -> int:
    """Delete bodies; returns how many went.

    The database refuses what is too young, held, of a kind that stays, or covered by no order that
    is in the tree and was seen by its witnesses.
    """
    gone = delete(tables.audit_body).where(_BODY.event_id.in_(ids))
    with as_pruner(connection):
        return connection.execute(gone).rowcount


def move_on(connection: Connection, order: Order, portion: Portion) -> None:
    """Note how far an order has been carried out; one that is done leaves the list."""
    of_it = _DUE.event_id == order.event_id
    if portion.next is None:
        connection.execute(delete(tables.prune_due).where(of_it))
    else:
        values = {"next_idx": portion.next}
        connection.execute(update(tables.prune_due).where(of_it).values(values))
