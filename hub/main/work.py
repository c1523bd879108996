# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node does by itself: reminding, forgetting, counting, and a heartbeat in the log."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.connect import count_refusals
from hub.errors import Failure
from hub.node import Node
from hub.record import new_id
from hub.remind import remind
from hub.retain import retain

EVERY: Final = 10
"""Seconds between two turns; deadlines are minutes at the least."""
HEARTBEAT: Final = 3600
"""Seconds: that nothing happened must be provable too."""
_log = structlog.stdlib.get_logger()


@contextlib.asynccontextmanager
async def working(node: Node, every: float = EVERY) -> AsyncIterator[None]:
    """Do what is due for as long as the block lasts."""
    turns = asyncio.create_task(_turns(node, every))
    try:
        yield
    finally:
        turns.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turns


async def turn(node: Node, now: float) -> None:
    """Do once what is due at ``now``."""
    await remind(node, now)
    await retain(node, now)
    await count_refusals(node, now)


async def note(node: Node, kind: str) -> None:
    """Enter something that the hub itself did."""

    def work(connection: Connection) -> None:
        node.log.append(
            connection,
            Draft(
                kind=kind,
                entry_id=new_id(),
                at=node.clock(),
                act={"org": node.hub_id},
                obj={"ty": "software" if kind == "software.started" else "log"},
            ),
        )

    await node.writer.commit(work)


async def _turns(node: Node, every: float) -> None:
    beat = node.clock()
    while True:
        try:
            await turn(node, node.clock())
            if node.clock() - beat >= HEARTBEAT:
                beat = node.clock()
                await note(node, "log.heartbeat")
        except Failure as trouble:
            # The next turn tries again; nothing that is due is forgotten by being late.
            _log.warning("work.failed", code=trouble.code)
        await asyncio.sleep(every)
