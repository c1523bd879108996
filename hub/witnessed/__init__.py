# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Showing the log to its witnesses, and saying in the log when they stay away.

Runs beside everything else and nothing waits for it: whether a witness answers is no business of
somebody who has a child to report.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from hub.errors import Failure
from hub.node import Node
from hub.witnessed.asking import Call, Said
from hub.witnessed.feeding import Feeder
from hub.witnessed.standing import Tell, Turn

__all__ = ["Call", "Feeder", "Said", "Tell", "Turn", "witnessing"]
_log = structlog.stdlib.get_logger()


@asynccontextmanager
async def witnessing(node: Node, call: Call, tell: Tell, every: float) -> AsyncIterator[None]:
    """Show the log to its witnesses for as long as the block lasts, where there is a policy."""
    if not node.policy.least:
        yield
        return
    feeding = asyncio.create_task(_feed(Feeder(node, call, tell), every))
    try:
        yield
    finally:
        feeding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeding


async def _feed(feeder: Feeder, every: float) -> None:
    while True:
        try:
            await feeder.turn()
        except Failure as trouble:
            _log.warning("witness.not-kept", code=trouble.code)
        except Exception as error:  # noqa: BLE001  one mistake must not leave the log alone
            _log.error("witness.failed", reason=type(error).__name__)
        await asyncio.sleep(every)
