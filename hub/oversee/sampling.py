# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A random sample of entries that nobody could choose: neither the operator nor who examines.

First it is entered how many are drawn, and of which kind. What is drawn follows from the root of
the first checkpoint behind that entry that witnesses have cosigned, and nobody knows it before.
Everybody with the log can draw the same again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.entry import parse_entry
from hub.audit.policy import Policy
from hub.audit.tree import read_body, read_index
from hub.audit.witnessed import read_witnessed
from hub.audit.words import KINDS
from hub.errors import NotFound, NotPermitted
from hub.node import Node
from hub.oversee.noting import Note, note
from hub.record import new_id

MOST: Final = 500
"""Entries of one sample: a person has to look at each."""


@dataclass(frozen=True)
class Drawn:
    """A sample, with the checkpoint whose root it follows from."""

    size: int
    root: str
    of: int
    """How many entries it was drawn from."""
    indices: tuple[int, ...]


def announce(number: int, kind: str, node: Node, connection: Connection) -> str:
    """Enter that a sample is drawn of all entries of a kind so far; returns the id of the entry."""
    if not 1 <= number <= MOST:
        raise NotPermitted("So viele Einträge sind keine Stichprobe.", pointers=("/count",))
    if kind and kind not in KINDS:
        raise NotPermitted("Eine solche Art von Einträgen gibt es nicht.", pointers=("/kind",))
    rule = kind.replace(".", "/")
    about: dict[str, str | int] = {"ty": "sample", "id": new_id(), "n": number}
    return note(Note("sample.drawn", about, rule=rule), node, connection)


def drawn(connection: Connection, entry_id: str, policy: Policy) -> Drawn | None:
    """Draw what was announced; None while no checkpoint behind it is witnessed."""
    index, body = read_index(connection, entry_id), read_body(connection, entry_id)
    if index is None or body is None or (entry := parse_entry(body)).k != "sample.drawn":
        raise NotFound("No sample has this id.")
    seed = read_witnessed(connection, policy, behind=index)
    if seed is None:
        return None
    known = candidates(connection, index, entry.rule.replace("/", "."))
    chosen = pick(seed[0].root, entry_id, entry.obj.n or 0, known)
    return Drawn(seed[0].size, seed[0].root.hex(), len(known), chosen)


def candidates(connection: Connection, end: int, kind: str) -> tuple[int, ...]:
    """Return the places of all entries of a kind before one; without a kind of all."""
    if not kind:
        return tuple(range(end))
    leaf, event = tables.audit_leaf.c, tables.audit_event.c
    rows = connection.execute(
        select(leaf.idx)
        .join(tables.audit_event, event.id == leaf.event_id)
        .where(event.kind == kind, leaf.idx < end)
        .order_by(leaf.idx)
    )
    return tuple(int(row[0]) for row in rows)


def pick(root: bytes, entry_id: str, number: int, known: Sequence[int]) -> tuple[int, ...]:
    """Choose places by a root: SHA-256 over it, the id and a counter, modulo what is left."""
    left, chosen = list(known), list[int]()
    for value in _values(root, entry_id):
        if not left or len(chosen) == number:
            break
        chosen.append(left.pop(value % len(left)))
    return tuple(chosen)


def _values(root: bytes, entry_id: str) -> Iterator[int]:
    for turn in count():
        yield int.from_bytes(sha256(root + entry_id.encode() + turn.to_bytes(8)).digest())
