# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From this house to the target: one attempt, and what follows from how it ended.

Before each attempt the target is asked whether it has the delivery: this connector may have been
killed, and so may another one of the same office, of which this one knows nothing.
"""

import asyncio
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import structlog

from hub.adapters.base import HandedOver, TargetRefused, TargetTrouble
from hub.adapters.connector import moments
from hub.adapters.connector.house import House
from hub.adapters.connector.lanes import Target
from hub.adapters.connector.rows import (
    HANDED_OVER,
    QUARANTINE,
    RELEASED,
    Row,
    change_row,
    read_row,
)
from hub.adapters.connector.spool import SpoolSpoiled
from hub.adapters.delivery import Delivery

_log: Final = structlog.stdlib.get_logger()
SLOW: Final = "target-slow"
FAILED: Final = "adapter-failed"
GONE: Final = "content-gone"
NO_TARGET: Final = "no-target"


@dataclass(frozen=True)
class Trouble:
    """Why an attempt did not end with the target having it; ``final`` where no repetition helps."""

    code: str
    reason: str
    final: bool = False
    pointers: tuple[str, ...] = ()
    retry_after: int | None = None


async def attempt(row: Row, house: House) -> Row:
    """Try once, write down how it went, and return the delivery as it is then."""
    found = await _try(row, house)
    if isinstance(found, HandedOver):
        house.watch(moments.HANDED, row.id)
        changed = replace(
            row,
            state=HANDED_OVER,
            attempts=row.attempts + 1,
            next_at=None,
            code=None,
            reason=None,
            pointers="[]",
            reference=found.reference,
            handed_at=house.second,
        )
    else:
        _log.warning("connector.not-handed-over", message=row.id, code=found.code)
        changed = _troubled(row, found, house)
    kept = await house.write(partial(_put, before=row, after=changed))
    house.watch(moments.NOTED, row.id)
    return kept


async def _try(row: Row, house: House) -> HandedOver | Trouble:
    target = house.target(row.target)
    if target is None:
        return Trouble(NO_TARGET, "Dieses Ziel steht nicht mehr in den Einstellungen.", final=True)
    try:
        kept = await asyncio.to_thread(house.spool.read, row.id)
    except (FileNotFoundError, SpoolSpoiled):
        return Trouble(GONE, "Der Inhalt liegt nicht mehr lesbar in diesem Haus.", final=True)
    house.watch(moments.HANDING, row.id)
    return await _hand_over(kept.delivery, target)


async def _hand_over(delivery: Delivery, target: Target) -> HandedOver | Trouble:
    adapter = target.adapter
    try:
        async with asyncio.timeout(target.settings.patience):
            known = await adapter.already_there(delivery)
            return known or await adapter.hand_over(delivery)
    except TargetRefused as refused:
        return Trouble(refused.code, refused.reason, final=True, pointers=refused.pointers)
    except TargetTrouble as trouble:
        return Trouble(trouble.code, trouble.reason, retry_after=trouble.retry_after)
    except TimeoutError:
        return Trouble(SLOW, "Das Ziel hat nicht rechtzeitig geantwortet.")
    except Exception as error:  # noqa: BLE001  an own adapter may raise anything; nothing is lost
        _log.error("connector.adapter-failed", kind=type(error).__name__, message=delivery.id)
        return Trouble(FAILED, "Die Anbindung des Ziels ist mit einem Fehler abgebrochen.")


def _troubled(row: Row, trouble: Trouble, house: House) -> Row:
    """Return a delivery that waits for its next attempt, or lies in quarantine."""
    attempts = row.attempts + 1
    target, retries = house.target(row.target), house.configuration.settings.retries
    said: dict[str, Any] = {
        "attempts": attempts,
        "code": trouble.code,
        "reason": trouble.reason,
        "pointers": json.dumps(trouble.pointers),
    }
    if trouble.final:
        return replace(row, state=QUARANTINE, next_at=None, **said)
    if target is None or row.state == QUARANTINE or attempts >= target.settings.attempts:
        return replace(row, state=QUARANTINE, next_at=house.second + int(retries.again), **said)
    pause = min(retries.first * 2 ** (attempts - 1), retries.longest)
    pause = max(pause, min(trouble.retry_after or 0, retries.longest))
    return replace(row, next_at=house.second + int(-(-pause // 1)), **said)


def _put(connection: Any, before: Row, after: Row) -> Row:
    """Write how it went, unless a person has seen to the delivery meanwhile."""
    now = read_row(connection, before.id)
    if now is not None and now.state == RELEASED and after.state != HANDED_OVER:
        return now
    members = ("state", "attempts", "next_at", "code", "reason", "pointers", "reference")
    values = {name: getattr(after, name) for name in (*members, "handed_at")}
    change_row(connection, before.id, **values)
    return read_row(connection, before.id) or after
