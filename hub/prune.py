# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of the log's own forgetting: an order, then its witnesses, then the bodies go.

Once a year, in its first minutes, what was entered two calendar years before is due (§ 76 Abs. 4
BDSG). Where approvers are entered the hub orders nothing by itself: it waits for a person.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub import clock
from hub.approved import approved
from hub.audit.approval import Approved, Claim
from hub.audit.approvers import read_approvers
from hub.audit.entry import Draft
from hub.audit.orders import (
    IsHeld,
    Order,
    Portion,
    add_due,
    erase,
    is_cosigned,
    move_on,
    portion_of,
    read_due,
)
from hub.audit.prune import Range, add_order, due_range, first_free, limit_of, time_of
from hub.audit.witnessed import read_second_seen, read_witnessed
from hub.errors import NotPermitted
from hub.model.hold import Hold
from hub.node import Node
from hub.record import new_id
from hub.store.holds import messages_held_with, read_holds
from hub.store.rewriting import note_erased

LAW: Final = "bdsg-76-4"
IN_A_TURN: Final = 10
"""Transactions of one turn; the other clocks of the hub wait for them."""
TOO_YOUNG: Final = "So jung geht nichts: Einträge bleiben bis zum Ende des folgenden Jahres."


@dataclass(frozen=True)
class Wish:
    """What somebody wants ordered, and the approval for it where one was given."""

    until: datetime | None = None
    """Before this instant; None for all that may go."""
    approval: str = ""
    found: Range | None = None
    """What a reader found for it, so that nobody waits while a long range is hashed."""


@dataclass(frozen=True)
class _Look:
    """What a reader found to do, and which holds it looked by."""

    order: Order
    portion: Portion
    holds: tuple[Hold, ...]


async def prune(node: Node, now: float) -> int:
    """Order what is due, carry out what witnesses have seen; returns how many bodies went."""
    at = datetime.fromtimestamp(now, UTC)
    found = await node.readers.run(partial(_mine_to_order, at))
    if found is not None:
        await node.writer.commit(partial(_order_alone, found, node))
    gone = 0
    for _ in range(IN_A_TURN):
        look = await node.readers.run(partial(_look, node))
        if look is None:
            break
        gone += await node.writer.commit(partial(_carry_out, look, node))
    return gone


def find_due(connection: Connection, at: datetime, until: datetime | None = None) -> Range | None:
    """Return what may be ordered at an instant, and no order covers yet.

    Raises ``NotPermitted`` where more is wanted than may go.
    """
    before = limit_of(at)
    if until is not None and until > before:
        raise NotPermitted(TOO_YOUNG, basis=LAW, pointers=("/until",))
    return due_range(connection, until or before)


def order(wish: Wish, node: Node, connection: Connection) -> Range:
    """Enter that bodies are to go; returns which. They go once witnesses have seen the order.

    The approval, where one is needed, is for the digest of exactly these entries.
    """
    found = wish.found
    if found is None or found.first != first_free(connection):
        found = find_due(connection, datetime.fromtimestamp(node.clock(), UTC), wish.until)
    if found is None:
        raise NotPermitted("Es gibt nichts, was gehen dürfte und nicht schon angeordnet ist.")
    said = approved(node, connection, Claim("prune", found.digest), wish.approval)
    _enter(found, said, node, connection)
    return found


def _mine_to_order(at: datetime, connection: Connection) -> Range | None:
    """Return what a machine may order; a reader looks, for the digest is over a whole year."""
    return None if read_approvers(connection) else find_due(connection, at)


def _order_alone(found: Range, node: Node, connection: Connection) -> None:
    """Order as a machine, unless a person was first or has to approve by now."""
    if first_free(connection) == found.first and not read_approvers(connection):
        _enter(found, Approved(role=""), node, connection)


def _enter(found: Range, said: Approved, node: Node, connection: Connection) -> None:
    entry = node.log.append(
        connection,
        Draft(
            kind="log.pruned",
            entry_id=new_id(),
            at=node.clock(),
            act=said.actor(node.hub_id),
            obj={"ty": "log", "d": found.digest, "n": found.count},
            law=(LAW,),
            rule=said.rule,
        ),
        at_once=True,
    )
    add_order(connection, entry, found.first, found.last, node.policy.least)
    add_due(connection)


def _look(node: Node, connection: Connection) -> _Look | None:
    """Find what may go next; a reader does, because the log is long and the writer everybody's."""
    holds = read_holds(connection)
    for each in read_due(connection):
        if _is_seen(each, node, connection):
            portion = portion_of(connection, each, _held(holds, connection))
            return _Look(each, portion, holds)
    return None


def _is_seen(order: Order, node: Node, connection: Connection) -> bool:
    """Tell whether witnesses have seen an order: those of then, and those of today."""
    seen = read_witnessed(connection, node.policy, behind=order.index)
    is_seen = seen is not None and is_cosigned(connection, order)
    return is_seen and _is_that_year(order, node, connection)


def _is_that_year(order: Order, node: Node, connection: Connection) -> bool:
    """Tell whether witnesses have reached the year of an order; a clock may have been ahead.

    Only who puts the clock of a demonstration means it.
    """
    if not node.policy.least or clock.put_ahead() is not None:
        return True
    seen = datetime.fromtimestamp(read_second_seen(connection, node.policy), UTC)
    return limit_of(seen) >= limit_of(time_of(connection, order.index))


def _carry_out(look: _Look, node: Node, connection: Connection) -> int:
    """Let go what a reader found, where nothing was held or carried out meanwhile.

    First what opens them, then the bodies: whoever is killed in between does both again.
    """
    if read_holds(connection) != look.holds or look.order not in read_due(connection):
        return 0
    node.openings.forget(look.portion.ids)
    note_erased(connection)
    gone = erase(connection, look.portion.ids)
    move_on(connection, look.order, look.portion)
    return gone


def _held(holds: tuple[Hold, ...], connection: Connection) -> IsHeld:
    """Return the question whether an entry is held: by its place, its id, or what it names.

    An id has one spelling and nothing else in an entry looks like it, so its text is searched.
    """
    subjects = [each.subject for each in holds if each.subject]
    with_them = messages_held_with(
        connection, [each.subject for each in holds if each.subject and each.ty == "conversation"]
    )
    named = [each.encode() for each in (*subjects, *with_them)]
    own = {each.audit_id for each in holds}
    ranges = [range(each.first, (each.last or 0) + 1) for each in holds if each.first is not None]

    def is_held(index: int, event_id: str, body: bytes) -> bool:
        return (
            event_id in own
            or any(index in each for each in ranges)
            or any(each in body for each in named)
        )

    return is_held
