# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the database take what is written to it?

An empty transaction proves nothing: it reaches no disk, and a full one lets it pass.
"""

import asyncio
from math import inf
from time import monotonic
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, delete

from hub.errors import Failure
from hub.store.replay import add_used, replay
from hub.store.writer import Writer

FRESH: Final = 1.0
"""Seconds for which an answer counts: asking costs a commit, and anybody may ask."""
AT_MOST: Final = 0.15
"""Seconds that whoever asks waits."""
SILENT: Final = 5.0
"""Seconds without an answer after which the writer counts as stuck; a busy one is slower than one
that is at leisure, and still well."""
_NOBODY: Final = "probe"


def try_to_write(connection: Connection) -> None:
    """Write a row and take it out again: nothing of it stays, and the commit was a real one."""
    add_used(connection, _NOBODY, str(uuid4()), 0)
    connection.execute(delete(replay).where(replay.c.issuer == _NOBODY))


class Probe:
    """Asks the writer to write, one question at a time; belongs to one event loop."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._kept_at = -inf
        self._asking: asyncio.Task[None] | None = None

    async def holds(self) -> bool:
        """Return, within a fraction of a second, whether something could be written lately."""
        if self._writer.is_well and monotonic() - self._kept_at < FRESH:
            return True
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=AT_MOST)
        return self._writer.is_well and monotonic() - self._kept_at < SILENT

    async def _ask(self) -> None:
        begun = monotonic()
        try:
            await self._writer.commit(try_to_write)
        except Failure:
            self._kept_at = -inf
        else:
            self._kept_at = begun
