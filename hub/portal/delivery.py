# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the portal fetch and send by itself, for every house that takes part?

Houses are visited side by side, so that one whose hub is slow keeps no other waiting; with many of
them each turn visits some, and the next turn the next.
"""

import asyncio
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.hub import Hub
from hub.errors import Failure, Refusal
from hub.portal.books.mail_filings import due_filings
from hub.portal.books.people_houses import WORKS, read_houses
from hub.portal.delivery_events import hear
from hub.portal.delivery_letters import fetch
from hub.portal.desk import Desk
from hub.portal.filings_sending import send
from hub.portal.letters_saying import say_due
from hub.portal.offices_shelf import note_unreachable

AT_A_TIME: Final = 40
"""Houses that one turn visits."""
SIDE_BY_SIDE: Final = 8
_log: Final = structlog.stdlib.get_logger()
_VISITS: Final[WeakKeyDictionary[Hub, asyncio.Lock]] = WeakKeyDictionary()
_next: Final[dict[str, int]] = {}


async def turn(desk: Desk) -> None:
    """Visit the houses whose turn it is."""
    units = await desk.books.read(_working)
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def visiting(unit: str) -> None:
        async with room:
            try:
                await visit(unit, desk)
            except (OSError, ValueError) as trouble:
                # The folder of one house must not stop the others.
                _log.error("portal.house-unreadable", unit=unit, reason=type(trouble).__name__)

    await asyncio.gather(*map(visiting, _some(units, desk)))


async def visit(unit: str, desk: Desk) -> None:
    """Send what waits, say what is owed, hear what was said, and fetch what came.

    One visit after the other: whoever asks for one finds done what an earlier one has begun.
    """
    async with _VISITS.setdefault(desk.line(unit), asyncio.Lock()):
        await _visit(unit, desk)


async def _visit(unit: str, desk: Desk) -> None:
    for errand in (_send_due, say_due, hear, fetch):
        try:
            await errand(unit, desk)
        except Unreachable as trouble:
            note_unreachable(desk, unit)
            _log.info("portal.hub-unreachable", unit=unit, reason=str(trouble))
            return
        except (Refused, Refusal, Failure) as trouble:
            _log.warning("portal.errand-failed", unit=unit, code=trouble.code)
        except (Untrustworthy, OSError) as doubt:
            _log.error("portal.errand-doubtful", unit=unit, reason=type(doubt).__name__)
        except Exception as error:  # noqa: BLE001  one house must not end the turn of all others
            _log.exception("portal.errand-broke", unit=unit, exc_info=error)


async def _send_due(unit: str, desk: Desk) -> None:
    due = await desk.books.read(partial(due_filings, unit=unit, second=desk.second))
    for row in due:
        try:
            await send(row, desk)
        except Exception as error:  # noqa: BLE001  one notice must not keep the others back
            _log.exception("portal.filing-broke", unit=unit, message=row.id, exc_info=error)


def _some(units: tuple[str, ...], desk: Desk) -> tuple[str, ...]:
    """Return those whose turn it is: all of few, else the next ones of many."""
    if len(units) <= AT_A_TIME:
        return units
    place = str(desk.settings.data_dir)
    begins = _next.get(place, 0) % len(units)
    _next[place] = begins + AT_A_TIME
    return (units + units)[begins : begins + AT_A_TIME]


def _working(connection: Connection) -> tuple[str, ...]:
    return tuple(house.unit for house in read_houses(connection) if house.state == WORKS)
