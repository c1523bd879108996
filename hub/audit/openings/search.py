# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which entries are about a conversation? By index at once, and by tags with proof of all.

Whoever holds the key can look through every body: no index can hide an entry from that, and what
the index has too much or too little comes to light.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.openings.key import CONVERSATION, ConversationKey
from hub.sealing.canonical import unb64

AT_ONCE: Final = 500
_MANY: Final = 5000
"""Bodies that are fetched at a time."""
_NONCE: Final = b'"n":"'
_NONCE_BEGINS: Final = len(_NONCE)
_SPELT: Final = 43
"""Characters of its 32 bytes."""


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
    beside = tables.conversation_entry.c
    others = connection.execute(select(beside.event_id).where(beside.key_id == key_id))
    return _places(connection, [*receipts, *others.scalars()])


def scan(connection: Connection, key: ConversationKey) -> Iterator[Found]:
    """Look through every body that is still there; returns what is found in the order of the log.

    A body is read as JSON only where the tag stands in it. Of a million nearly all are about
    somebody else, and to compute the tag needs nothing of an entry but its ``n``.
    """
    body = tables.audit_body.c
    streaming = connection.execution_options(stream_results=True, yield_per=_MANY)
    # As they lie: to bring them into the order of the log first would cost as much again.
    with streaming.execute(select(body.event_id, body.body)) as rows:
        found = dict(_those_about(key, rows))
    for event_id, index in sorted(_places(connection, [*found]).items(), key=itemgetter(1)):
        own = key.commitment(event_id, CONVERSATION, key.conversation)
        said = json.loads(found[event_id]).get("com", {}).get(CONVERSATION)
        yield Found(index, event_id, said == own)


def _those_about(key: ConversationKey, rows: Iterable[Any]) -> Iterator[tuple[str, bytes]]:
    """Return the entries that bear the tag; one loop without a call that is not needed."""
    tag_of = key.tags_in_entries()
    for event_id, leaf in rows:
        # Quotes within a text are escaped, so nothing else looks like the member.
        begin = leaf.index(_NONCE) + _NONCE_BEGINS
        if tag_of(leaf[begin : begin + _SPELT]) in leaf:
            entry = json.loads(leaf)
            if key.tag(unb64(entry["n"])) in entry["tags"]:
                yield event_id, leaf


def _places(connection: Connection, event_ids: Sequence[str]) -> dict[str, int]:
    leaf = tables.audit_leaf.c
    found: dict[str, int] = {}
    for at in range(0, len(event_ids), AT_ONCE):
        chosen = leaf.event_id.in_(event_ids[at : at + AT_ONCE])
        rows = connection.execute(select(leaf.event_id, leaf.idx).where(chosen))
        found.update((row.event_id, row.idx) for row in rows)
    return found
