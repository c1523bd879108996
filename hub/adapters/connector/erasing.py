# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which copies must not be in this house any more, and has the hub heard that they are gone?

A crisis service hands over in the morning; once a person of the desk by day has taken over, its
copies of the notice and of its own handover go. What another unit has taken, or what was withdrawn,
goes as well, and so does what an office does not want to keep until its end. Each time the content
is gone first, and then this unit signs ``erased``; where the hub does not answer, it is signed
later.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import drop_contents, read_row, resting_rows
from hub.client import Refused
from hub.client.copies import Copies
from hub.client.erasing import sign_all
from hub.errors import Refusal

_log: Final = structlog.stdlib.get_logger()
DAY: Final = 86_400


def delete_copy(message: str, house: House) -> None:
    """Delete the content of one message, so that ``erased`` is signed of it."""
    copies = Copies(house.agency)
    if (copy := copies.find(message)) is not None:
        copies.delete(copy, house.spool.file(message))
    else:
        house.spool.delete(message)


async def sign_gone(house: House) -> None:
    """Write down which contents are gone, and sign it; raises ``Unreachable``."""
    gone = await asyncio.to_thread(_gone, house)
    if not gone:
        return
    await house.write(partial(drop_contents, messages=gone))
    for message in await sign_all(house.hub):
        _log.info("connector.erased", message=message)


async def erase_resting(house: House) -> None:
    """Erase what rests longer than this office wants to keep it; raises ``Unreachable``.

    Of what no person has taken note of the hub refuses it, and it stays.
    """
    days = house.configuration.settings.keeping.days
    if days is None:
        return
    rested = partial(resting_rows, before=house.second - days * DAY)
    for message in await house.read(rested):
        with suppress(Refused, Refusal):
            await house.hub.erase(message)
            await house.write(partial(drop_contents, messages=(message,)))
            _log.info("connector.erased", message=message)


def _gone(house: House) -> tuple[str, ...]:
    """Return what is gone and not signed; forget that of which nobody asks any more."""
    copies = Copies(house.agency)
    waiting = []
    for copy in [each for each in copies if each.is_gone]:
        row = house.books.read_now(partial(read_row, message=copy.message))
        if row is not None and row.ends_at < house.second:
            copies.forget(copy.message)
        else:
            waiting.append(copy.message)
    return tuple(waiting)
