# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The heartbeat: that the hub lives, and how much of each kind was entered since the last one.

The entry covers the log up to a size and holds the digest of the counts. Kinds stay when bodies go,
so years later the counts still say what was there.
"""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from hub.audit import tables
from hub.audit.entry import Draft
from hub.audit.words import HEARTBEAT
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest, jcs


def beat(node: Node, connection: Connection) -> str:
    """Enter a heartbeat with the counts since the one before; returns the id of its entry."""
    size = node.log.size
    counts = count_kinds(connection, covered(connection), size)
    return node.log.append(
        connection,
        Draft(
            kind=HEARTBEAT,
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id},
            obj={"ty": "log", "n": size, "d": digest(jcs(dict(counts)))},
        ),
    )


def covered(connection: Connection) -> int:
    """Return up to which size the last heartbeat has counted; nothing where there was none."""
    leaf, event, body = tables.audit_leaf.c, tables.audit_event.c, tables.audit_body.c
    newest = connection.execute(
        select(body.body)
        .select_from(tables.audit_leaf)
        .join(tables.audit_event, event.id == leaf.event_id)
        .join(tables.audit_body, body.event_id == leaf.event_id)
        .where(event.kind == HEARTBEAT)
        .order_by(leaf.idx.desc())
        .limit(1)
    ).scalar()
    return 0 if newest is None else int(json.loads(newest)["obj"].get("n", 0))


def count_kinds(connection: Connection, first: int, end: int) -> Mapping[str, int]:
    """Count the entries of a range by kind."""
    leaf, event = tables.audit_leaf.c, tables.audit_event.c
    rows = connection.execute(
        select(event.kind, func.count())
        .join(tables.audit_leaf, leaf.event_id == event.id)
        .where(leaf.idx >= first, leaf.idx < end)
        .group_by(event.kind)
    )
    return {str(row[0]): int(row[1]) for row in rows}
