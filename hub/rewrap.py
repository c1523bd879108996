# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line that keeps the opening store: keys lie ready, and every month all is wrapped anew.

What an older key still wraps is what a backup could bring back. So nothing stays under it, and then
it goes (``hub.audit.openings.months``).
"""

from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.audit.openings.search import entries_known
from hub.audit.openings.store import Old
from hub.node import Node
from hub.store.messages import keys_used

WRAPPED_AT_ONCE: Final = 500
MOST_JOBS: Final = 20
"""Jobs of one turn; a month has many turns."""
_log: Final = structlog.stdlib.get_logger()


async def keep_keys(node: Node, now: float, *, may_turn: bool = True) -> None:
    """Lay keys ready, and wrap under the key of this month what lies under an older one.

    Whoever doubts the clock lets no month begin and no key go.
    """
    if may_turn:
        await node.readers.run(partial(_begin_month, node, now))
    await node.readers.run(partial(_prepare, node))
    await node.readers.run(partial(_scrub, node))
    for _ in range(MOST_JOBS):
        old: Old = await node.readers.run(partial(_old, node))
        if old.is_all:
            break
        await node.writer.commit(partial(_wrap, node, old))
    else:
        return
    if may_turn:
        await node.readers.run(partial(_expire, node, now))


def _begin_month(node: Node, now: float, _connection: Connection) -> None:
    node.openings.begin_month(now)


def _prepare(node: Node, _connection: Connection) -> None:
    node.openings.prepare()


def _scrub(node: Node, _connection: Connection) -> None:
    if node.openings.scrub():
        _log.info("openings.scrubbed")


def _old(node: Node, _connection: Connection) -> Old:
    return node.openings.old(WRAPPED_AT_ONCE)


def _wrap(node: Node, old: Old, connection: Connection) -> None:
    """Keep what the hub uses. Asked in the writer: nobody else takes a key meanwhile."""
    used = Old(keys_used(connection, old.keys), entries_known(connection, old.entries))
    node.openings.wrap_anew(old, used)


def _expire(node: Node, now: float, _connection: Connection) -> None:
    if gone := node.openings.expire(now):
        _log.info("openings.months-ended", count=len(gone))
