# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the hub into a folder: contents and their receipts, each message once.

One message that cannot be had, for whatever reason, holds up no other.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from hub.client.agency import write_json
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.copies import Copies
from hub.client.erasing import let_go, sign_all
from hub.client.hub import Hub
from hub.client.patience import Sleep, steady
from hub.client.proofs import ProvenReceipt
from hub.client.receiving import Message
from hub.errors import Refusal
from hub.model.json import JsonObject

Report: TypeAlias = Callable[[dict[str, Any]], None]


async def receive_batch(hub: Hub, folder: Path, report: Report, *, wait: int = 0) -> None:
    """Hand over what waits; raises ``Unreachable`` where the hub is not there."""
    for message in await hub.lease(wait=wait):
        report(await hand_over(message, folder))


async def report_finished(hub: Hub, report: Report) -> None:
    """Make up for what broke off before; done once, at the beginning."""
    for said in await hub.finish():
        report(said)


async def receive_steadily(
    hub: Hub, folder: Path, report: Report, *, sleep: Sleep = asyncio.sleep
) -> None:
    """Hand over what comes, for ever; a hub that is away is waited for."""
    pauses = steady()
    is_new = True
    while True:
        try:
            if is_new:
                await report_finished(hub, report)
                is_new = False
            await receive_batch(hub, folder, report, wait=30)
            pauses = steady()
        except Unreachable as trouble:
            report({"unreachable": str(trouble)})
            await sleep(max(next(pauses), trouble.retry_after or 0))


async def hand_over(message: Message, folder: Path) -> dict[str, Any]:
    """Open, put down durably, and only then say ``taken``; tells what became of it.

    Raises ``Unreachable`` alone: all else is about this message and not about the next.
    """
    try:
        return await _hand_over(message, folder)
    except Refusal as refusal:
        # It was rejected or given back already.
        return {"id": _name(message), "refused": refusal.code, "pointers": list(refusal.pointers)}
    except Refused as refused:
        with suppress(Refused):
            await message.give_back()
        return {"id": _name(message), "refused": refused.code, "pointers": list(refused.pointers)}
    except Untrustworthy as doubt:
        with suppress(Refused):
            await message.give_back(failed=True)
        return {"id": _name(message), "refused": "untrustworthy", "detail": str(doubt)}


async def _hand_over(message: Message, folder: Path) -> dict[str, Any]:
    content = await message.open()
    envelope = message.envelope
    file = folder / f"{envelope.jti}.json"
    if not message.is_repeated and not _holds(file, content):
        Copies(message.hub.agency).note(message, file)
        write_json(file, content)
    gone = let_go(message.hub.agency, message)
    taken = await message.take()
    if gone:
        await sign_all(message.hub)
    receipts = folder / f"{envelope.jti}.quittungen.json"
    write_json(receipts, _receipts(message, taken))
    return {
        "id": envelope.jti,
        "conversation": envelope.cnv,
        "from": envelope.iss,
        "protocol": envelope.proto,
        "step": envelope.step,
        "urgency": envelope.urg,
        "file": str(file),
        "receipts": str(receipts),
        "turn": message.turn,
        "partial": message.partial,
        "erased": list(gone),
    }


def _receipts(message: Message, taken: ProvenReceipt | None) -> dict[str, Any]:
    """Return the visible chain up to the own ``taken``, and its proof as the hub gave it.

    Where another unit was quicker, there is no ``taken`` of this one.
    """
    said = json.loads(taken.raw) if taken is not None else None
    return {"v": 1, "id": message.id, "receipts": message.chain, "taken": said}


def _holds(file: Path, content: JsonObject) -> bool:
    """Tell whether a hand-over that broke off had come as far as the file."""
    try:
        return bool(json.loads(file.read_bytes()) == content)
    except (FileNotFoundError, ValueError):
        return False


def _name(message: Message) -> str:
    """Return the id of a message, or of its lease where the message cannot be read at all."""
    try:
        return message.id
    except Refusal:
        return message.lease
