# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node does by itself: reminding, forgetting, counting, and a heartbeat in the log."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from hub import clock
from hub.alert import alerting
from hub.audit.entry import Draft
from hub.connect import count_refusals
from hub.enrol.agreements import expire
from hub.erase import erase
from hub.errors import Failure
from hub.main.ageing import may_age
from hub.main.clockwatch import ClockWatch
from hub.node import Node
from hub.oversee.heartbeat import beat
from hub.prune import prune
from hub.record import new_id
from hub.remind import remind
from hub.retain import retain
from hub.rewrap import keep_keys
from hub.rewrite import rewrite
from hub.store.leases import give_back_all
from hub.store.probe import try_to_write

EVERY: Final = 10
"""Seconds between two turns; deadlines are minutes at the least."""
EVERY_IN_A_DEMONSTRATION: Final = 1
MOMENT: Final = 0.1
"""Seconds in which a demonstration notices that its clock was put."""
HEARTBEAT: Final = 3600
"""Seconds: that nothing happened must be provable too."""
_OBJECTS: Final = {"software.started": "software", "clock.adjusted": "clock"}
_log = structlog.stdlib.get_logger()


@contextlib.asynccontextmanager
async def working(
    node: Node, every: float = EVERY, newest: float | None = None
) -> AsyncIterator[None]:
    """Do what is due for as long as the block lasts.

    ``newest`` is when the log says that something happened last, before this start.
    """
    node.last_turn = time.monotonic()
    node.longest_pause = max(node.longest_pause, every + node.longest_pause)
    ahead = clock.put_ahead()
    # Who puts a clock on purpose means it; only where nobody can is a strange one suspicious.
    watch = ClockWatch.since(newest if ahead is None else None, node.clock())
    watch.ahead = ahead or 0
    turns = asyncio.create_task(_turns(node, every, watch))
    try:
        # Beside the turns: a slow mail server must stop no clock.
        async with alerting(node):
            yield
    finally:
        turns.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turns
        node.last_turn = None


async def turn(node: Node, now: float, *, may_end: bool = True, is_aged: bool = True) -> None:
    """Do once what is due at ``now``; nothing that cannot be undone where it may not end.

    Where the hub has not lived near this time for a week, no year and no month ends.
    """
    await remind(node, now, may_expire=may_end)
    if may_end:
        await retain(node, now)
        await expire(node, now)
    if may_end and is_aged:
        await prune(node, now)
        await erase(node, now)
    await count_refusals(node, now)
    if may_end:
        await keep_keys(node, now, may_turn=is_aged)
        await rewrite(node, now)
        node.tidy(now)


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
                obj={"ty": _OBJECTS.get(kind, "log")},
            ),
        )

    await node.writer.commit(work)


async def _turns(node: Node, every: float, watch: ClockWatch) -> None:
    last = node.clock()
    while True:
        if node.is_set_back():
            # Nothing may be written until a person has looked.
            await _rest(every)
            continue
        try:
            await _look_at_the_clock(node, watch)
            await _look_at_the_disk(node)
            now = node.clock()
            is_aged = await node.readers.run(partial(may_age, now))
            await turn(node, now, may_end=watch.is_trusted, is_aged=is_aged)
            if abs(node.clock() - last) >= HEARTBEAT:
                last = node.clock()
                await node.writer.commit(partial(beat, node))
            node.last_turn = time.monotonic()
        except Failure as trouble:
            # The next turn tries again; nothing that is due is forgotten by being late.
            _log.warning("work.failed", code=trouble.code)
        except Exception as error:  # noqa: BLE001  one mistake must not stop every clock for good
            _log.error("work.failed", error=type(error).__name__)
        await _rest(every)


async def _rest(every: float) -> None:
    """Wait for the next turn; a demonstration whose clock was put does not wait any longer."""
    before = clock.put_ahead()
    if before is None:
        await asyncio.sleep(every)
        return
    until = time.monotonic() + min(every, EVERY_IN_A_DEMONSTRATION)
    while time.monotonic() < until and clock.put_ahead() == before:  # noqa: ASYNC110  a file rings no bell
        await asyncio.sleep(MOMENT)


async def _look_at_the_disk(node: Node) -> None:
    """Say that it is getting full; and where nothing could be written, see whether it can again."""
    if node.is_short_of_space():
        _log.warning("disk.short")
    if not node.writer.is_well:
        await node.writer.commit(try_to_write)


async def _look_at_the_clock(node: Node, watch: ClockWatch) -> None:
    ahead, wall = clock.put_ahead(), node.clock()
    if clock.put_ahead() != ahead:
        # Put between two looks: the next turn sees it whole.
        return
    meant, jump = watch.put(ahead or 0), watch.jump(wall - (ahead or 0), time.monotonic())
    node.is_clock_trusted = watch.is_trusted
    if jump or meant:
        (_log.error if jump else _log.info)("clock.adjusted", seconds=round(jump + meant))
        await note(node, "clock.adjusted")
        if jump + meant < 0:
            # What was lent by the clock before would stay away for as long as that was ahead.
            await node.writer.commit(give_back_all)
    elif not watch.is_trusted:
        _log.warning("clock.distrusted")
