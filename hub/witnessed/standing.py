# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Up to where is the log witnessed, and has that taken a turn that has to be entered?"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, Literal, TypeAlias

import structlog
from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.entry import Draft, parse_entry
from hub.audit.tail import Tail
from hub.audit.tree import read_body, read_event_at
from hub.audit.witnessed import read_witnessed
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest

Turn: TypeAlias = Literal["unwitnessed", "witnessed", "another-history"]
Tell: TypeAlias = Callable[[Turn, Tail], None]
"""Told once for each turn that things take; returns at once."""
UNWITNESSED: Final = "checkpoint.unwitnessed"
WITNESSED: Final = "checkpoint.witnessed"
_log = structlog.stdlib.get_logger()


async def look(node: Node, tell: Tell) -> None:
    """Bring the tail up to date; enter that too few witness it, or that enough do again.

    Entered is the turn alone, not that it is still so: an entry each minute would be what the
    witnesses miss next.
    """
    text = await node.readers.run(partial(read_tail, node))
    kind = _turn_of(node.tail, node.clock())
    if kind is None:
        return
    await node.writer.commit(partial(_enter, node, kind, text))
    node.tail.is_noted = kind == UNWITNESSED
    _log.warning(kind, size=node.tail.size)
    tell("unwitnessed" if node.tail.is_noted else "witnessed", node.tail)


def read_tail(node: Node, connection: Connection) -> str:
    """Bring the tail up to date; returns the text of the newest checkpoint that is witnessed."""
    found = read_witnessed(connection, node.policy, most=node.log.size)
    node.tail.size = 0 if found is None else found[0].size
    node.tail.since = _second_of(connection, node.tail.size)
    return "" if found is None else found[0].text


def is_noted(connection: Connection) -> bool:
    """Return whether the last word of the log about its witnesses is that they stay away."""
    event, leaf = tables.audit_event.c, tables.audit_leaf.c
    query = (
        select(event.kind)
        .join(tables.audit_leaf, leaf.event_id == event.id)
        .where(event.kind.in_((UNWITNESSED, WITNESSED)))
        .order_by(leaf.idx.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() == UNWITNESSED


def _turn_of(tail: Tail, now: float) -> str | None:
    if tail.is_noted == tail.is_alarming(now):
        return None
    return WITNESSED if tail.is_noted else UNWITNESSED


def _enter(node: Node, kind: str, text: str, connection: Connection) -> None:
    about: dict[str, str | int] = {"ty": "checkpoint", "n": node.tail.size}
    if text:
        about["d"] = digest(text)
    node.log.append(
        connection,
        Draft(kind, new_id(), node.clock(), act={"org": node.hub_id}, obj=about),
    )


def _second_of(connection: Connection, index: int) -> float | None:
    """Return the second of the entry at a place; None where there is none yet."""
    event_id = read_event_at(connection, index)
    body = None if event_id is None else read_body(connection, event_id)
    return None if body is None else datetime.fromisoformat(parse_entry(body).t).timestamp()
