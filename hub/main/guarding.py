# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keeping the guard file: looked at before a node opens, written while it runs and when it stops.

Whoever restores an older copy of the database takes back what the hub has signed. That may be
meant, and then somebody says so (``meldeweg audit accept-restore``); it never just happens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Final, Literal, TypeAlias

import structlog
from sqlalchemy import Connection

from hub.audit.guard import write_guard
from hub.audit.log import Log
from hub.audit.policy import Policy
from hub.audit.signing.keyring import Keyring, read_keyring
from hub.audit.tree import read_checkpoint
from hub.errors import ReadOnly
from hub.main.comparing import RollbackSuspected, compare, of_guard, of_signer, of_witnesses
from hub.main.folder import DataDir
from hub.settings import Settings
from hub.store.readers import Readers

__all__ = ["ADVICE", "OnDoubt", "RollbackSuspected", "check_guard", "guard_file", "guarded"]

EVERY: Final = 1.0
"""Seconds between two looks at whether the log has grown."""
ADVICE: Final = (
    "Nichts löschen. Ist das die richtige Datenbank? Wurde eine Sicherung mit Absicht "
    "zurückgespielt, dann „meldeweg audit accept-restore --reason …“, solange kein Hub läuft."
)
OnDoubt: TypeAlias = Literal["end", "forbid", "ignore"]
"""What becomes of a node whose database was set back; only what mends that ignores it."""
_log = structlog.stdlib.get_logger()


def guard_file(data: DataDir) -> Path:
    """Return where the guard file of a hub lies; outside the data directory it guards more."""
    return Settings().guard or data.path / "guard" / "checkpoint"


def check_guard(path: Path, keyring: Keyring, connection: Connection) -> bool:
    """Refuse, by ``RollbackSuspected``, a log that does not extend the guard file.

    Returns whether there is such a file; a hub without one, new or moved here, gets one.
    """
    guard = of_guard(path, keyring)
    if guard is not None:
        compare(guard, connection)
    return guard is not None


def check_others(policy: Policy, keyring: Keyring, connection: Connection) -> None:
    """Refuse so a log that does not extend what the signer or a witness that answers knows."""
    for seen in (*of_signer(Settings().signer), *of_witnesses(policy, keyring)):
        # What was signed under a name that the log has given up binds it no more.
        if seen.checkpoint.origin == keyring.origin:
            compare(seen, connection)


@contextmanager
def guarded(
    data: DataDir, log: Log, readers: Readers, policy: Policy, *, on_doubt: OnDoubt = "end"
) -> Iterator["Guard"]:
    """Let nobody write to a log that was set back, and keep the guard file meanwhile.

    A doubt ends the block before it begins, or forbids all writing while it lasts. The last word
    is written when the block ends; what was committed since, after a crash, the database has and
    the file has not, which is the harmless way round.
    """
    guard = Guard(guard_file(data), log, readers)
    try:
        if on_doubt != "ignore":
            readers.run_now(guard.check)
            readers.run_now(partial(check_others, policy, log.keyring))
    except RollbackSuspected as doubt:
        if on_doubt == "end":
            raise
        guard.suspect(doubt)
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
        self._grown = log
        self._readers = readers
        self._size = -1
        self._ended = Event()
        self._doubt: RollbackSuspected | None = None
        self._has_failed = False

    def check(self, connection: Connection) -> str:
        """Return the newest checkpoint as signed; ``RollbackSuspected`` where the file knows more.

        A log without entries has none, and returns nothing.
        """
        keyring = read_keyring(connection) or self._grown.keyring
        check_guard(self._path, keyring, connection)
        head = read_checkpoint(connection)
        return "" if head is None else head[1]

    def is_set_back(self) -> bool:
        """Whether the database was found to be older than what was signed."""
        return self._doubt is not None

    def forbidden(self) -> ReadOnly | None:
        """Say why nothing may be written, where nothing may."""
        return self._doubt

    def suspect(self, doubt: RollbackSuspected) -> None:
        """Have nothing written from now on: going on would be a second history."""
        self._doubt = doubt
        _log.critical("guard.rollback-suspected", why=str(doubt))

    def run(self) -> None:
        while not self._ended.wait(EVERY):
            self._keep()

    def stop(self) -> None:
        self._ended.set()
        self.join()
        self._keep()

    def _keep(self) -> None:
        size = self._grown.size
        if size == self._size or self._doubt is not None:
            return
        try:
            note = self._readers.run_now(self.check)
            if note:
                write_guard(self._path, note)
            self._size, self._has_failed = size, False
        except RollbackSuspected as doubt:
            self.suspect(doubt)
        except Exception as trouble:  # noqa: BLE001  the guard must not end with one mistake
            # On a full disk the old file stays, which guards what it guarded; said once.
            if not self._has_failed:
                _log.warning("guard.not-written", kind=type(trouble).__name__)
            self._has_failed = True
