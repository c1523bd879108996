# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When does PostgreSQL let go of what was erased? Some minutes later, and beside the writer.

An update leaves the old row where it was. ``VACUUM`` gives its place to others; until somebody
takes it, and in the journal (WAL) until that is reused, the bytes stay on the disk.
"""

import threading
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

EVERY: Final = 180.0
"""Seconds between asking and vacuuming, and so at the least between two vacuums."""
TABLES: Final = ("message", "addition", "conversation", "conversation_entry", "erasure")
"""Where content lies, and what is forgotten with a conversation."""
_log: Final = structlog.stdlib.get_logger()


class Vacuum:
    """Vacuums the tables with content, on a connection and in a thread of its own."""

    def __init__(self, engine: Engine, every: float = EVERY) -> None:
        self._engine = engine
        self._every = every
        self._asked = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        """Have it done soon; however often it is asked meanwhile, it is done once."""
        self._asked.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="vacuum", daemon=True)
            self._thread.start()

    def run(self) -> None:
        """Do it now."""
        with self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            for table in TABLES:
                connection.exec_driver_sql(f"VACUUM {table}")

    def stop(self) -> None:
        """End the thread. What was asked for is asked for again when the hub starts."""
        self._stopped.set()
        self._asked.set()
        if self._thread is not None:
            self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while self._asked.wait() and not self._stopped.wait(self._every):
            self._asked.clear()
            try:
                self.run()
            except DBAPIError as trouble:
                _log.warning("vacuum.failed", reason=type(trouble.orig).__name__)
                self._asked.set()
