# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has the message now? Leases that are kept, and the word ``taken`` that ends them.

Nothing is handed over without a lease: another connector of this office may hold it by then. What
the hub says of a message whose lease is lost decides how it goes on.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from hub.adapters.connector import moments
from hub.adapters.connector.erasing import delete_copy, sign_gone
from hub.adapters.connector.house import House
from hub.adapters.connector.rows import (
    OVER,
    SETTLED,
    Lending,
    Row,
    change_row,
    end_lendings,
    put_lendings,
    read_lendings,
)
from hub.client import Message, Refused
from hub.client.erasing import let_go
from hub.client.hearing import issuer_of
from hub.client.saying import subject_of
from hub.errors import LeaseLost, NotFound, Refusal
from hub.model.receipt import FINAL

_log: Final = structlog.stdlib.get_logger()
MARGIN: Final = 2
"""Seconds before its end at which a lease is not relied upon any more."""
_LOST: Final = frozenset({LeaseLost.code, NotFound.code})


@dataclass
class Held:
    """A delivery that this process works on, and the lease under which it does."""

    message: Message
    row: Row
    ends_at: int
    """Second at which the lease ends, unless it is renewed."""
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)

    def is_held(self, now: int) -> bool:
        return now < self.ends_at - MARGIN


async def note_leases(messages: Sequence[Message], house: House) -> None:
    """Write down what was lent before anything else: after a crash it is given back at once."""
    ends = house.second + house.configuration.settings.leases.seconds
    lent = [Lending(each.id, each.lease, ends) for each in messages if _has_id(each)]
    await house.write(partial(put_lendings, lent=lent))


async def renew(held: Held, house: House) -> None:
    """Keep a lease; one that is lost ends now. Raises ``Unreachable``."""
    seconds = house.configuration.settings.leases.seconds
    asked = house.second
    try:
        await held.message.extend(seconds)
    except Refused as refused:
        if refused.code in _LOST:
            held.ends_at = 0
        return
    held.ends_at = asked + seconds


async def take(held: Held, house: House) -> None:
    """Say ``taken``, durably known here afterwards; raises ``Unreachable``.

    Said twice, the hub answers with the first. Where the lease was lost the hub is asked what
    became of the message.
    """
    gone = let_go(house.agency, held.message)
    try:
        await held.message.take()
    except Refused as refused:
        _log.warning("connector.not-taken", message=held.row.id, code=refused.code)
        await look_up(held.row, house)
        return
    if gone:
        await sign_gone(house)
    house.watch(moments.TAKEN, held.row.id)
    await house.write(partial(_taken, message=held.row.id, second=house.second))
    house.watch(moments.DONE, held.row.id)


async def look_up(row: Row, house: House) -> None:
    """Ask the hub what became of a message whose lease is lost; raises ``Unreachable``.

    What nobody has taken is leased again in time, by this connector or another one.
    """
    try:
        state = await house.hub.state(row.id)
    except Refused:
        # A unit that stood in is shown nothing any more; the copy is not needed either.
        await _end(row, "not-found", "Der Hub zeigt dieser Stelle die Nachricht nicht mehr.", house)
        return
    if state["state"] in FINAL:
        await _end(row, state["state"], _FINAL[state["state"]], house)
    elif _is_taken_by(house.agency.id, state):
        if row.state in SETTLED:
            await house.write(partial(_taken, message=row.id, second=house.second))
        else:
            await _end(row, "taken-elsewhere", "Eine andere Anbindung hat sie übernommen.", house)


async def give_back_unknown(house: House, known: frozenset[str]) -> None:
    """Give back what was leased when this process ended and is not in the books."""
    for lent in await house.read(read_lendings):
        if lent.message in known:
            continue
        with suppress(Refused):
            await house.hub.line.send("DELETE", f"/v1/leases/{lent.lease}")
        await house.write(partial(end_lendings, messages=[lent.message]))


def _taken(connection: Connection, message: str, second: int) -> None:
    change_row(connection, message, taken_at=second)
    end_lendings(connection, [message])


async def _end(row: Row, code: str, reason: str, house: House) -> None:
    """Close a delivery that is not this unit's any more; its content leaves this house.

    One that the target has already is shown to people, who have to put it right there.
    """
    _log.warning("connector.over", message=row.id, code=code)
    await asyncio.to_thread(delete_copy, row.id, house)
    values: dict[str, Any] = {"state": OVER, "code": code, "reason": reason}
    values |= {"has_content": False, "next_at": None}

    def work(connection: Connection) -> None:
        change_row(connection, row.id, **values)
        end_lendings(connection, [row.id])

    await house.write(work)
    await sign_gone(house)


def _is_taken_by(unit: str, state: dict[str, Any]) -> bool:
    said = ((issuer_of(jws), subject_of(jws)[1]) for jws in state["receipts"])
    return (unit, "taken") in said


def _has_id(message: Message) -> bool:
    try:
        return bool(message.id)
    except Refusal:
        return False


_FINAL: Final = {
    "withdrawn": "Der Absender hat die Nachricht zurückgezogen.",
    "expired": "Die Nachricht ist abgelaufen, ehe sie übernommen war.",
    "rejected": "Diese Stelle hat die Nachricht als nicht verwertbar zurückgewiesen.",
}
