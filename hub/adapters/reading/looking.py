# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who opened what, and when? For whoever watches over the data protection of this office.

What is shown comes from the bodies of entries and from nowhere else, each held against its hash
first. Counts are over kinds and never over people: the log is no measure of anybody's work.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from hub.adapters.reading.entry import Entry, parse_entry
from hub.adapters.reading.hours import is_out_of_hours, land_of
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.names import persons_of
from hub.audit import tables
from hub.audit.entry import NotAnEntry
from hub.audit.merkle import leaf_hash

AT_ONCE: Final = 50
"""Entries on one page."""
_LEAF: Final = tables.audit_leaf.c
_BODY: Final = tables.audit_body.c
_ROWS: Final = (
    select(_LEAF.idx, _LEAF.leaf_hash, _BODY.body)
    .join(tables.audit_body, _BODY.event_id == _LEAF.event_id)
    .order_by(_LEAF.idx.desc())
)


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody wants to see; nothing in it is about a person."""

    since: int
    until: int
    kind: str = ""
    about: str = ""
    """Id of a message or of a conversation."""
    out_of_hours: bool = False
    before: int | None = None
    """Number of the entry before which to go on."""


@dataclass(frozen=True)
class Seen:
    """One look, as the log has it."""

    index: int
    entry: Entry
    at: datetime
    is_out_of_hours: bool


@dataclass(frozen=True)
class Found:
    """What fits, the newest first."""

    seen: tuple[Seen, ...]
    kinds: Mapping[str, int]
    """How many of each kind there are in all, also those that are not shown."""
    more: int | None
    """Number before which to go on; None where all is shown."""
    damaged: tuple[int, ...]
    """Numbers of entries whose bytes are not those that were entered."""
    persons: Mapping[str, str]
    """Whose pseudonyms these are, as far as the house still knows."""


async def find(log: ReadingLog, wanted: Wanted) -> Found:
    """Return the entries that fit."""
    return await log.read(partial(_find, wanted=wanted, land=land_of(log.unit)))


def _find(connection: Connection, wanted: Wanted, land: str | None) -> Found:
    shown: list[Seen] = []
    damaged: list[int] = []
    kinds: Counter[str] = Counter()
    more = None
    for row in connection.execute(_ROWS):
        seen = _seen(row, land)
        if seen is None:
            damaged.append(row.idx)
            continue
        if seen.at.timestamp() < wanted.since:
            break
        if not _fits(seen, wanted):
            continue
        kinds[seen.entry.k] += 1
        if wanted.before is not None and seen.index >= wanted.before:
            continue
        if len(shown) < AT_ONCE:
            shown.append(seen)
        elif more is None:
            more = shown[-1].index
    persons = persons_of(connection, (each.entry.act.pid for each in shown))
    return Found(tuple(shown), kinds, more, tuple(damaged), persons)


def _seen(row: Any, land: str | None) -> Seen | None:
    """Read an entry; None where its bytes are not those that its hash is of."""
    if leaf_hash(row.body) != row.leaf_hash:
        return None
    try:
        entry = parse_entry(row.body)
    except NotAnEntry:
        return None
    at = datetime.fromisoformat(entry.t)
    return Seen(row.idx, entry, at, is_out_of_hours(at, land))


def _fits(seen: Seen, wanted: Wanted) -> bool:
    entry = seen.entry
    return (
        seen.at.timestamp() < wanted.until
        and wanted.kind in {"", entry.k}
        and wanted.about in {"", entry.obj.id, entry.cnv}
        and (seen.is_out_of_hours or not wanted.out_of_hours)
    )
