# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the hub into this house: open, check, seal into the spool, and write down.

In this order: a row in the books promises a content in the spool. What ends in between is leased
once more and opened anew; what has a row is not opened a second time.
"""

import asyncio
from functools import partial

import structlog
from sqlalchemy import Connection

from hub.adapters.connector import moments
from hub.adapters.connector.house import House
from hub.adapters.connector.outline import Outline, put_outline
from hub.adapters.connector.rows import UNOPENED, WAITING, Row, put_row, read_row
from hub.adapters.connector.spool import Kept, SpoolSpoiled
from hub.adapters.delivery import Delivery
from hub.client import Message
from hub.client.copies import Copies
from hub.errors import Refusal
from hub.sealing.envelope import env_digest

_log = structlog.stdlib.get_logger()


async def take_in(message: Message, target: str, house: House) -> Row | None:
    """Return the delivery of a leased message, new or known; None where it cannot be used.

    Then it was rejected or given back, and the books say with which code.
    """
    try:
        known = await house.read(partial(read_row, message=message.id))
        if known is not None and await _goes_on(known, message, house):
            return known
        return await _open(message, target, house)
    except Refusal as refusal:
        await _note_unopened(message, refusal, target, house)
        return None


async def _goes_on(row: Row, message: Message, house: House) -> bool:
    """Tell whether this is a delivery that came this far before, and its content is here."""
    if row.state == UNOPENED or row.env != env_digest(message.parsed.env):
        return False
    if row.state != WAITING:
        return True
    try:
        await asyncio.to_thread(house.spool.read, row.id)
    except (FileNotFoundError, SpoolSpoiled):
        return False
    return True


async def _open(message: Message, target: str, house: House) -> Row:
    await message.open()
    house.watch(moments.OPENED, message.id)
    delivery = await _delivery(message, house)
    # Whoever erases this message finds the file, also where this program ends before it is there.
    file = house.spool.file(message.id)
    await asyncio.to_thread(Copies(house.agency).note, message, file)
    await asyncio.to_thread(house.spool.keep, Kept.of(delivery, message))
    house.watch(moments.SPOOLED, message.id)
    row = _row(delivery, target)
    outline = Outline.of(delivery, message.chain)
    await house.write(partial(_write, row=row, outline=outline))
    house.watch(moments.WRITTEN, message.id)
    return row


def _write(connection: Connection, row: Row, outline: Outline) -> None:
    put_row(connection, row)
    put_outline(connection, outline)


async def _delivery(message: Message, house: House) -> Delivery:
    envelope = message.envelope
    return Delivery(
        id=envelope.jti,
        conversation=envelope.cnv,
        protocol=envelope.proto,
        step=envelope.step,
        urgency=envelope.urg,
        sender=envelope.iss,
        sender_name=await house.name_of(envelope.iss),
        recipient=envelope.aud,
        basis=envelope.lb,
        issued=envelope.iat,
        ends=envelope.end,
        received=house.second,
        env=env_digest(message.parsed.env),
        position=envelope.pos,
        cause=envelope.cau,
        partial=message.partial,
        is_demo=house.is_demonstration,
        content=message.content or {},
    )


def _row(delivery: Delivery, target: str) -> Row:
    same = ("id", "env", "conversation", "protocol", "step", "urgency", "sender", "recipient")
    return Row(
        **{name: getattr(delivery, name) for name in same},
        received_at=delivery.received,
        ends_at=delivery.ends,
        target=target,
    )


async def _note_unopened(message: Message, refusal: Refusal, target: str, house: House) -> None:
    _log.warning("connector.unopened", lease=message.lease, code=refusal.code)
    try:
        envelope = message.envelope
        env = env_digest(message.parsed.env)
    except Refusal:
        return
    row = Row(
        envelope.jti, env, envelope.cnv, envelope.proto, envelope.step, envelope.urg,
        envelope.iss, envelope.aud, house.second, envelope.end, target,
        state=UNOPENED, code=refusal.code, has_content=False,
    )  # fmt: skip
    await house.write(partial(put_row, row=row))
