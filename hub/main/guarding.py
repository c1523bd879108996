# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keeping the guard file: looked at before a node opens, written while it runs and when it stops.

Whoever restores an older copy of the database takes back what the hub has signed. That may be
meant, and then somebody says so (``meldeweg audit accept-restore``); it never just happens.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint
from hub.audit.guard import check_extends, read_guard, write_guard
from hub.audit.log import Log
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey
from hub.audit.tree import Tree, read_checkpoint
from hub.errors import ReadOnly
from hub.main.folder import DataDir
from hub.settings import Settings
from hub.store.readers import Readers

EVERY: Final = 1.0
"""Seconds between two looks at whether the log has grown."""
ADVICE: Final = (
    "Nichts löschen. Ist das die richtige Datenbank? Wurde eine Sicherung mit Absicht "
    "zurückgespielt, dann „meldeweg audit accept-restore --reason …“, solange kein Hub läuft."
)
_log = structlog.stdlib.get_logger()


class RollbackSuspected(ReadOnly):
    """The database is older than what this hub has signed."""


def guard_file(data: DataDir) -> Path:
    """Return where the guard file of a hub lies; outside the data directory it guards more."""
    return Settings().guard or data.path / "guard" / "checkpoint"


def check_guard(path: Path, verifier: Verifier, connection: Connection) -> bool:
    """Refuse, by ``RollbackSuspected``, a log that does not extend the guard file.

    Returns whether there is such a file; a hub without one, new or moved here, gets one.
    """
    try:
        guard = read_guard(path, verifier)
    except Unproven:
        raise RollbackSuspected(
            "Die Wächterdatei ist unbrauchbar: beschädigt, oder von einem anderen Hub"
        ) from None
    if guard is None:
        return False
    head = read_checkpoint(connection)
    newest = None if head is None else head[0]
    try:
        check_extends(guard, newest, _proof(guard, newest, connection))
    except Unproven:
        size = 0 if newest is None else newest.size
        raise RollbackSuspected(
            "Rückspielung einer älteren Sicherung vermutet: Unterschrieben waren "
            f"{guard.size} Einträge, die Datenbank hat {size} und setzt sie nicht fort"
        ) from None
    return True


def _proof(guard: Checkpoint, newest: Checkpoint | None, connection: Connection) -> Sequence[bytes]:
    """Make from the database what shows that its log begins with what the guard file knows."""
    if newest is None or newest.size < guard.size:
        return ()
    return Tree().consistency(connection, guard.size, newest.size)


@contextmanager
def guarded(data: DataDir, log: Log, readers: Readers) -> Iterator["Guard"]:
    """Let nobody write to a log that was set back, and keep the guard file meanwhile.

    The last word is written when the block ends; what was committed since, after a crash, the
    database has and the file has not, which is the harmless way round.
    """
    guard = Guard(guard_file(data), log, readers)
    readers.run_now(guard.check)
    guard.start()
    try:
        yield guard
    finally:
        guard.stop()


class Guard(Thread):
    """Writes the newest checkpoint to the guard file, beside the writer and never in its way."""

    def __init__(self, path: Path, log: Log, readers: Readers) -> None:
        super().__init__(name="guard", daemon=True)
        self._path = path
        self._verifier = parse_vkey(log.vkey)
        self._grown = log
        self._readers = readers
        self._size = -1
        self._ended = Event()
        self._is_set_back = False
        self._has_failed = False

    def check(self, connection: Connection) -> str:
        """Return the newest checkpoint as signed; ``RollbackSuspected`` where the file knows more.

        A log without entries has none, and returns nothing.
        """
        check_guard(self._path, self._verifier, connection)
        head = read_checkpoint(connection)
        return "" if head is None else head[1]

    def is_set_back(self) -> bool:
        """Whether the database was found to be older than the file while the node ran."""
        return self._is_set_back

    def run(self) -> None:
        while not self._ended.wait(EVERY):
            self._keep()

    def stop(self) -> None:
        self._ended.set()
        self.join()
        self._keep()

    def _keep(self) -> None:
        size = self._grown.size
        if size == self._size or self._is_set_back:
            return
        try:
            note = self._readers.run_now(self.check)
            if note:
                write_guard(self._path, note)
            self._size, self._has_failed = size, False
        except RollbackSuspected:
            self._is_set_back = True
            _log.critical("guard.rollback-suspected")
        except Exception as trouble:  # noqa: BLE001  the guard must not end with one mistake
            # On a full disk the old file stays, which guards what it guarded; said once.
            if not self._has_failed:
                _log.warning("guard.not-written", kind=type(trouble).__name__)
            self._has_failed = True
