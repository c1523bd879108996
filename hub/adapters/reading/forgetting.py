# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When do the bodies of entries go, and with them who the pseudonyms were?

On 31 December of the year after the look, as § 76 Abs. 4 BDSG has it for protocols of its field;
for an office it is the project's measure. The hash of each entry stays in the tree for ever.
"""

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, func, select

from hub import clock
from hub.adapters.reading.chain import Chain
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.names import forget_years
from hub.adapters.reading.words import PRUNED
from hub.audit import tables
from hub.audit.prune import add_order, erase_bodies, range_digest
from hub.people.pseudonyms import year_of
from hub.store.database import HAS_ERASED


def is_due(event_id: str, at: str) -> bool:
    """Tell whether an entry of this id, which bears its time, might be gone at an instant."""
    second = int(event_id.replace("-", "")[:12], 16) // 1000
    return year_of(second) < _limit(int(datetime.fromisoformat(at).timestamp()))


def forget(log: ReadingLog) -> int:
    """Let go what is due; returns how many bodies went. Two steps, so that no gap is unexplained.

    What breaks off in between leaves an entry that covers nothing; the next run makes its own.
    """
    now = int(clock.now())
    log.answers.forget(_limit(now))
    found = log.read_now(partial(_due_range, now=now))
    if found is None:
        return 0
    order = log.write_now(partial(_announce, found=found, unit=log.unit, now=now))
    return log.write_now(partial(_erase, order=order, found=found, now=now))


def _limit(now: int) -> int:
    """Return the year from which on everything stays."""
    return year_of(now) - 1


def _due_range(connection: Connection, now: int) -> tuple[int, int] | None:
    """Return the first and the last place whose bodies are to go; None where none is."""
    leaf, order = tables.audit_leaf.c, tables.prune_order.c
    before = connection.execute(select(func.max(order.last_idx))).scalar()
    first = 0 if before is None else before + 1
    last = None
    rows = connection.execute(
        select(leaf.idx, leaf.event_id).where(leaf.idx >= first).order_by(leaf.idx)
    )
    at = datetime.fromtimestamp(now, UTC).isoformat()
    for index, event_id in rows:
        if not is_due(event_id, at):
            break
        last = index
    return None if last is None else (first, last)


def _announce(
    connection: Connection, chain: Chain, found: tuple[int, int], unit: str, now: int
) -> str:
    first, last = found
    return chain.append(
        connection,
        {
            "k": PRUNED,
            "out": "ok",
            "act": {"org": unit, "role": "", "pid": ""},
            "obj": {
                "ty": "log",
                "id": "",
                "ct": "",
                "d": range_digest(connection, first, last),
                "n": last - first + 1,
            },
            "cnv": "",
            "cls": [],
            "why": "",
        },
        now,
    )


def _erase(
    connection: Connection, _chain: Chain, order: str, found: tuple[int, int], now: int
) -> int:
    add_order(connection, order, *found)
    connection.info[HAS_ERASED] = True
    forget_years(connection, _limit(now))
    return erase_bodies(connection, order)
