# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was deleted, by which law, and how does anybody see that it was?

A deletion leaves its entry, and that entry proves it: it stands in a tree that witnesses have seen,
before what it names was gone. What went cannot be shown; that nothing else went can.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, case, exists, func, select

from hub.audit import tables
from hub.audit.cosignature import cosigned
from hub.audit.edge import Edge
from hub.audit.edition import witnessed_edition
from hub.audit.entry import Draft, Entry, parse_entry
from hub.audit.note import parse_note
from hub.audit.policy import Policy
from hub.audit.proof import Proof
from hub.audit.prune import range_digest
from hub.audit.tree import Tree, read_body, read_checkpoint, read_event_at, read_index
from hub.audit.words import ERASED, KEPT
from hub.errors import NotFound
from hub.node import Node
from hub.record import new_id
from hub.store.messages import conversation, message
from hub.store.participants import read_hub_id

PRUNED: Final = "log.pruned"
_LEAF: Final = tables.audit_leaf.c
_EVENT: Final = tables.audit_event.c
_BODY: Final = tables.audit_body.c
_ORDER: Final = tables.prune_order.c


@dataclass(frozen=True)
class Asked:
    """Whose deletion: an order by the number of its entry, or messages and keys by their ids."""

    order: int | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bodies:
    """What became of the entries that an order covers."""

    first: int
    last: int
    gone: int
    kept: int
    """Entries of the class ``bestand``, which stay."""
    left: int
    """Bodies that are still there: held, or waiting for witnesses."""
    is_unchanged: bool
    """Whether ids and leaf hashes of the range are those that the order names."""


@dataclass(frozen=True)
class Seen:
    """That a witness has seen the log with the entry in it, and when it says that was."""

    name: str
    """As the policy has it."""
    key: str
    at: int


@dataclass(frozen=True)
class Deletion:
    """One deletion as the log has it, and what is left of what it names."""

    entry: Entry
    index: int
    proof: str
    """C2SP tlog-proof; to a checkpoint that witnesses have seen, where there is one."""
    witnesses: tuple[Seen, ...]
    bodies: Bodies | None
    is_gone: bool


@dataclass(frozen=True)
class DeletionProof:
    """All that is told to whoever asked."""

    hub: str
    size: int
    """Entries of the log when it was asked."""
    made_at: datetime
    deletions: tuple[Deletion, ...]


def find_deletions(
    asked: Asked, policy: Policy, at: datetime, connection: Connection
) -> DeletionProof:
    """Gather what proves deletions; raises ``NotFound`` where one was never entered."""
    head = read_checkpoint(connection)
    size = 0 if head is None else head[0].size
    edge = Tree().edge(connection, size)
    found = tuple(
        _deletion(event_id, policy, edge, connection)
        for event_id in sorted(_entries(asked, connection))
    )
    return DeletionProof(read_hub_id(connection) or "", size, at, found)


def note_issued(digest: str, count: int, node: Node, connection: Connection) -> str:
    """Enter, before it is handed out, that a proof of so many deletions is; returns the entry."""
    return node.log.append(
        connection,
        Draft(
            kind="evidence.issued",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb"},
            obj={"ty": "evidence", "d": digest, "n": count},
        ),
    )


def _entries(asked: Asked, connection: Connection) -> Iterator[str]:
    if asked.order is not None:
        entry = read_event_at(connection, asked.order)
        is_order = select(_ORDER.event_id).where(_ORDER.event_id == entry)
        if connection.execute(is_order).first() is None:
            raise NotFound("Dieser Eintrag ordnet keine Löschung an.")
        yield str(entry)
    yield from _erasures(asked.ids, connection)


def _erasures(ids: Collection[str], connection: Connection) -> Iterator[str]:
    """Yield the entries that say of each of these that it is erased."""
    rows = connection.execute(
        select(_EVENT.id, _BODY.body)
        .join(tables.audit_body, _BODY.event_id == _EVENT.id)
        .where(_EVENT.kind == ERASED)
    )
    of = {parse_entry(row.body).obj.id: row.id for row in rows} if ids else {}
    for each in ids:
        if each not in of:
            raise NotFound("Davon ist keine Löschung eingetragen.")
        yield of[each]


def _deletion(event_id: str, policy: Policy, edge: Edge, connection: Connection) -> Deletion:
    body, index = read_body(connection, event_id), read_index(connection, event_id)
    if body is None or index is None or index >= edge.size:
        raise NotFound("Der Eintrag ist noch nicht im Baum.")
    entry, proof = parse_entry(body), _proof(index, policy, edge, connection)
    bodies = _bodies(entry, connection) if entry.k == PRUNED else None
    is_gone = bodies.left == 0 if bodies else _is_gone(entry, connection)
    seen = _witnesses(proof, policy)
    return Deletion(entry, index, proof.text, seen, bodies, is_gone)


def _proof(index: int, policy: Policy, edge: Edge, connection: Connection) -> Proof:
    tree = Tree()
    seen = witnessed_edition(tree, connection, policy, index, edge.size, edge=edge)
    return seen or tree.proof(connection, index, edge=edge)


def _witnesses(proof: Proof, policy: Policy) -> tuple[Seen, ...]:
    """Name the witnesses of the policy whose lines stand beneath the checkpoint of a proof."""
    found = cosigned(parse_note(proof.checkpoint), policy.keys)
    return tuple(Seen(policy.labels[label], label, at) for label, at in sorted(found.items()))


def _is_gone(entry: Entry, connection: Connection) -> bool:
    of = entry.obj
    if of.ty == "message":
        is_there = exists().where(message.c.id == of.id, message.c.env.is_not(None))
    else:
        is_there = exists().where(conversation.c.key_id == of.id)
    return not connection.execute(select(is_there)).scalar()


def _bodies(entry: Entry, connection: Connection) -> Bodies:
    of_it = select(_ORDER.first_idx, _ORDER.last_idx).where(_ORDER.event_id == entry.id)
    first, last = connection.execute(of_it).one()
    stays = func.sum(case((_EVENT.kind.in_(KEPT), 1), else_=0))
    covered = (
        select(func.count(), func.count(_BODY.event_id), stays)
        .select_from(tables.audit_leaf)
        .join(tables.audit_event, _EVENT.id == _LEAF.event_id)
        .outerjoin(tables.audit_body, _BODY.event_id == _LEAF.event_id)
        .where(_LEAF.idx.between(first, last))
    )
    count, there, kept = connection.execute(covered).one()
    kept = int(kept or 0)
    is_unchanged = range_digest(connection, first, last) == entry.obj.d
    return Bodies(first, last, count - there, kept, there - kept, is_unchanged)
