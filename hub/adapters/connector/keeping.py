# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the connector keep, for how long, and what does it remember of hub and targets?"""

import asyncio
from functools import partial
from typing import Final

import structlog

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import (
    Beat,
    drop_contents,
    ended_rows,
    forget_rows,
    put_beat,
    read_row,
)
from hub.adapters.health import Health, unwell
from hub.adapters.inbox.acts_keeping import clear_acts, clear_unwritten
from hub.client.copies import Copies
from hub.errors import Failure

_log: Final = structlog.stdlib.get_logger()
REMEMBERED: Final = 180 * 86_400
"""Seconds after its end for which is known what became of a message. Vorgabe des Projekts."""
STILL: Final = 30
"""Seconds after which is written down once more that all is well."""
PATIENCE: Final = 10
"""Seconds in which a target says how it is."""
HUB: Final = "hub"
LOG: Final = "lesebuch"
"""Under which name is remembered how the log of reading is."""
COMPARISON: Final = "abgleich"
"""Under which name is remembered whether hub and unit hold the same receipts."""
_TARGET: Final = "ziel:"


def clear(house: House) -> None:
    """Delete the contents whose end has come, and forget what ended long ago."""
    while ended := house.books.read_now(partial(ended_rows, now=house.second)):
        for message in ended:
            house.spool.delete(message)
            Copies(house.agency).forget(message)
        house.books.write_now(partial(drop_contents, messages=ended))
    before = house.second - REMEMBERED
    clear_acts(house, before)
    house.books.write_now(partial(forget_rows, before=before))


def clear_orphans(house: House) -> None:
    """Delete contents that no row speaks of: the message is leased and opened anew."""
    house.spool.sweep()
    for name in tuple(house.spool.names()):
        if house.books.read_now(partial(read_row, message=name)) is None:
            house.spool.delete(name)
    clear_unwritten(house)


async def hear(house: House, name: str, trouble: str = "") -> None:
    """Remember how the hub or a target is; the same again is written down now and then.

    Where the own disk takes nothing, it is known in this process alone, which goes on.
    """
    now = house.second
    at, before = house.heard.get(name, (0, ""))
    if trouble == before and now - at < STILL:
        return
    house.heard[name] = (now, trouble)
    try:
        await house.write(partial(put_beat, heard=Beat(name, now, not trouble, trouble)))
    except Failure as failure:
        _log.error("connector.not-noted", code=failure.code)


async def ask_targets(house: House) -> None:
    """Ask each target how it is, and remember what it says."""
    for target in house.targets:
        try:
            async with asyncio.timeout(PATIENCE):
                said = await target.adapter.check()
        except TimeoutError:
            said = unwell("Das Ziel antwortet nicht.")
        except Exception:  # noqa: BLE001  an own adapter may raise anything
            said = unwell("Die Anbindung des Ziels lässt sich nicht befragen.")
        await hear(house, beat_of(target.name), _trouble(said))


def beat_of(target: str) -> str:
    """Return under which name is remembered how a target is."""
    return _TARGET + target


def _trouble(said: Health) -> str:
    return "" if said.is_well else said.text or "Das Ziel nimmt gerade nichts an."
