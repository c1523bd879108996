# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a portal do by itself? It fetches, it sends again, it forgets, it tells by mail.

Each worker turns by itself, so that a slow hub keeps no mail back; what fails is tried at the next
turn, and nothing that fails ends the others.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from typing import Final

import structlog

from hub.errors import Failure, Refusal
from hub.portal.desk import Desk

Worker = Callable[[Desk], Awaitable[None]]
WORKERS: Final = (
    ("delivery", 2.0),
    ("joining", 30.0),
    ("notices", 10.0),
    ("expiry", 60.0),
    ("comparing", 3600.0),
)
"""Module with ``async def turn(desk)``, and seconds between two turns."""
_log = structlog.stdlib.get_logger()


@contextlib.asynccontextmanager
async def working(desk: Desk) -> AsyncIterator[None]:
    """Do what is due for as long as the block lasts."""
    tasks = [
        asyncio.create_task(_turns(name, import_module(f"hub.portal.{name}").turn, every, desk))
        for name, every in WORKERS
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _turns(name: str, turn: Worker, every: float, desk: Desk) -> None:
    while True:
        try:
            await turn(desk)
        except (Failure, Refusal) as trouble:
            _log.warning("portal.turn-failed", worker=name, code=trouble.code)
        except Exception as error:  # noqa: BLE001  one bad turn must not end all later ones
            _log.exception("portal.turn-broke", worker=name, exc_info=error)
        await asyncio.sleep(every)
