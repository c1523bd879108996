# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which entries are about a conversation? By index at once, and by tags with proof of all.

Whoever holds the key can look through every body: no index can hide an entry from that, and what
the index has too much or too little comes to light.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.openings.key import CONVERSATION, ConversationKey
from hub.sealing.canonical import unb64

AT_ONCE: Final = 500


@dataclass(frozen=True)
class Found:
    """An entry that bears the tag of a conversation, and where."""

    index: int
    event_id: str
    opens: bool
    """Whether its commitment to the conversation opens, where the entry is about it first."""


def entries_known(connection: Connection, event_ids: Sequence[str]) -> tuple[str, ...]:
    """Return which of these entries are in the log."""
    column = tables.audit_event.c.id
    found: list[str] = []
    for at in range(0, len(event_ids), AT_ONCE):
        chosen = column.in_(event_ids[at : at + AT_ONCE])
        found += connection.execute(select(column).where(chosen)).scalars()
    return tuple(found)


def indexed(connection: Connection, key_id: str, receipts: Sequence[str]) -> dict[str, int]:
    """Return the entries of a conversation by index, with their places.

    ``receipts`` are the entries of its receipts; the others stand beside its key.
    """
    leaf, beside = tables.audit_leaf.c, tables.conversation_entry.c
    others = connection.execute(select(beside.event_id).where(beside.key_id == key_id))
    wanted = [*receipts, *others.scalars()]
    found: dict[str, int] = {}
    for at in range(0, len(wanted), AT_ONCE):
        chosen = leaf.event_id.in_(wanted[at : at + AT_ONCE])
        rows = connection.execute(select(leaf.event_id, leaf.idx).where(chosen))
        found.update((row.event_id, row.idx) for row in rows)
    return found


def scan(connection: Connection, key: ConversationKey) -> Iterator[Found]:
    """Look through every body that is still there, in the order of the log."""
    leaf, body = tables.audit_leaf.c, tables.audit_body.c
    query = (
        select(leaf.idx, body.event_id, body.body)
        .join(tables.audit_body, leaf.event_id == body.event_id)
        .order_by(leaf.idx)
    )
    streaming = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    with streaming.execute(query) as rows:
        for index, event_id, leaf_bytes in rows:
            entry = json.loads(leaf_bytes)
            if key.tag(unb64(entry["n"])) in entry["tags"]:
                own = key.commitment(event_id, CONVERSATION, key.conversation)
                said = entry.get("com", {}).get(CONVERSATION)
                yield Found(index, event_id, said == own)
