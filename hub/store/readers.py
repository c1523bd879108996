# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A few threads read; none of them writes, and none of them holds up the writer."""

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
THREADS = 4


class Readers:
    """Runs pure decisions and queries off the event loop, each on a consistent snapshot."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")

    async def run(self, question: Callable[[Connection], T]) -> T:
        """Answer ``question`` in a reading thread."""
        return await get_running_loop().run_in_executor(self._pool, self.run_now, question)

    def run_now(self, question: Callable[[Connection], T]) -> T:
        """Answer ``question`` in this thread."""
        with self._engine.connect() as connection, connection.begin():
            return question(connection)

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
