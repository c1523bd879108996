# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending what is due: beside the clocks, so that a slow mail server stops none of them.

Each channel has a task of its own. What is taken up is marked before it is sent, and what became
of it is entered afterwards; nothing is sent inside a transaction. So a node that ends in between
sends a few things once more after its start, and forgets none.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import groupby
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.alert.retries import again_at, is_too_late
from hub.announce import PLACE
from hub.errors import Failure
from hub.mailbox.waiting import Bell
from hub.model.notification import DueNotification, Outcome
from hub.node import Node
from hub.notify.channel import Channel, Parcel, Result
from hub.notify.notice import Notice, pack
from hub.store.notifications import (
    delete_endpoints,
    due_notifications,
    finish,
    forget_finished,
    next_due,
    postpone,
    take_up,
    take_up_again,
)

AT_ONCE: Final = 20
"""Notifications taken up together; so many are sent twice where a node ends at the wrong time."""
UNDER_WAY: Final = 600
"""Seconds after which what was taken up is tried again although nobody said what became of it."""
SHORTEST_REST: Final = 0.05
LONGEST_REST: Final = 30.0
"""Seconds; the clock that says when something is due may be put."""
BREATH: Final = 1.0
"""Seconds before the next try where the database did not take part."""
LAST_WORDS: Final = 10.0
"""Seconds for what is under way when the node stops."""
KEPT: Final = 30 * 86_400
"""Seconds that a finished notification is kept: nobody asks for it later than that."""
TIDY_EVERY: Final = 3600
_FOR_NOW: Final = frozenset({"waiting", "escalated"})
"""Occasions that are none any more once somebody has taken note."""
_ENDED: Final = frozenset({"acknowledged", "rejected", "withdrawn", "expired"})
_log = structlog.stdlib.get_logger()
_Load = tuple[Parcel, tuple[DueNotification, ...]]


@asynccontextmanager
async def alerting(node: Node) -> AsyncIterator[None]:
    """Send what is due for as long as the block lasts; a batch under way is seen through."""
    postmen = [_Postman(node, channel) for channel in node.outlets.values()]
    tasks = [asyncio.create_task(postman.work()) for postman in postmen]
    tasks += [asyncio.create_task(_tidy(node))] if tasks else []
    try:
        yield
    finally:
        await asyncio.gather(*(postman.come_home() for postman in postmen))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send_due(node: Node, channel: Channel) -> bool:
    """Send one batch of what is due now; returns whether there was any."""
    now = node.clock()
    due: tuple[DueNotification, ...] = await node.readers.run(
        lambda connection: due_notifications(connection, channel.name, int(now), AT_ONCE)
    )
    if not due:
        return False
    spent = {one.row.id: outcome for one in due if (outcome := _spent(one, now))}
    loads = list(_loads(node, [one for one in due if one.row.id not in spent]))
    await node.writer.commit(partial(_take_up, loads, spent, int(now)))
    results = await channel.send([parcel for parcel, _ in loads]) if loads else []
    await _enter(node, channel, list(zip(loads, results, strict=True)))
    return True


class _Postman:
    """Sends what is due on one channel, as long as nobody calls it home."""

    def __init__(self, node: Node, channel: Channel) -> None:
        self._node = node
        self._channel = channel
        self._on_the_way = asyncio.Lock()
        self._has_begun = False

    async def work(self) -> None:
        with self._node.waiting.expecting(PLACE) as bell:
            while True:
                bell.clear()
                try:
                    if not await self._go():
                        await self._rest(bell)
                except Failure as trouble:
                    _log.warning("alert.failed", kind=self._channel.name, code=trouble.code)
                    await asyncio.sleep(BREATH)
                except Exception as error:  # noqa: BLE001  one mistake must not silence a channel
                    reason = type(error).__name__
                    _log.error("alert.failed", kind=self._channel.name, reason=reason)
                    await asyncio.sleep(BREATH)

    async def come_home(self) -> None:
        """Wait until nothing is on the way, and let nothing more go."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._on_the_way.acquire(), LAST_WORDS)

    async def _go(self) -> bool:
        async with self._on_the_way:
            if not self._has_begun:
                await self._node.writer.commit(self._take_over)
                self._has_begun = True
            return await send_due(self._node, self._channel)

    async def _rest(self, bell: Bell) -> None:
        """Wait until the next one is due, or until something new rings."""
        due: int | None = await self._node.readers.run(
            lambda connection: next_due(connection, self._channel.name)
        )
        left = LONGEST_REST if due is None else due - self._node.clock()
        await bell.heard(min(max(left, SHORTEST_REST), LONGEST_REST))

    def _take_over(self, connection: Connection) -> None:
        """Take up again what the node before this one had under way when it ended."""
        take_up_again(connection, self._channel.name, int(self._node.clock()))


def _spent(one: DueNotification, now: float) -> Outcome | None:
    """Return why somebody needs not be told any more; None where he does."""
    if one.row.occasion in _FOR_NOW and one.state in _ENDED:
        return "settled"
    return "too-late" if is_too_late(one.row.created_at, one.row.tries, now) else None


def _loads(node: Node, due: Sequence[DueNotification]) -> Iterator[_Load]:
    """Put together what goes to one address; what a sender has to hear goes by itself."""

    def place(one: DueNotification) -> tuple[str, bool]:
        return one.row.address, one.row.occasion == "overdue"

    for (address, _), together in groupby(sorted(due, key=place), key=place):
        rows = tuple(together)
        yield pack(address, [_notice(node, one) for one in rows]), rows


def _notice(node: Node, one: DueNotification) -> Notice:
    office = node.directory.unit(one.recipient) if one.recipient else None
    return Notice(
        id=one.row.id,
        occasion=one.row.occasion,
        urgency=one.urgency,
        message_id=one.row.message_id,
        telephone=office.telephone if office else "",
    )


def _take_up(
    loads: Sequence[_Load], spent: Mapping[str, Outcome], now: int, connection: Connection
) -> None:
    for one, outcome in spent.items():
        finish(connection, [one], outcome, now)
    take_up(connection, [one.row.id for _, rows in loads for one in rows], now + UNDER_WAY)


async def _enter(node: Node, channel: Channel, done: Sequence[tuple[_Load, Result]]) -> None:
    """Enter what became of the parcels, however long that takes: what went out went out."""
    for (_, rows), result in done:
        if result.outcome != "sent":
            _tell(channel, rows, result)
    while done:
        try:
            await node.writer.commit(partial(_note, done, node.clock()))
        except Failure as trouble:
            _log.warning("alert.not-entered", kind=channel.name, code=trouble.code)
            await asyncio.sleep(BREATH)
        else:
            return


def _note(done: Sequence[tuple[_Load, Result]], now: float, connection: Connection) -> None:
    for (parcel, rows), result in done:
        ids = [one.row.id for one in rows]
        if result.outcome == "later":
            asked = result.retry_after
            later = {
                one.row.id: again_at(one.row.id, one.row.tries + 1, now, asked) for one in rows
            }
            postpone(connection, later)
        else:
            finish(connection, ids, "sent" if result.outcome == "sent" else "refused", int(now))
        if result.outcome == "gone":
            delete_endpoints(connection, [parcel.address])


def _tell(channel: Channel, rows: Sequence[DueNotification], result: Result) -> None:
    """Log that something did not go out: for which unit, never to which address."""
    said = _log.info if result.outcome == "later" else _log.warning
    said(
        "notification.not-sent",
        kind=channel.name,
        state=result.outcome,
        reason=result.reason,
        unit=rows[0].row.unit,
        attempt=rows[0].row.tries + 1,
        count=len(rows),
    )


async def _tidy(node: Node) -> None:
    """Forget, from time to time, what was done long ago."""
    while True:
        before = int(node.clock()) - KEPT
        try:
            await node.writer.commit(partial(forget_finished, before=before))
        except Failure as trouble:
            _log.warning("alert.not-tidied", code=trouble.code)
        await asyncio.sleep(TIDY_EVERY)
