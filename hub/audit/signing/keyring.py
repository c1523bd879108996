# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which key has to stand beneath a checkpoint of this log?

A log keeps its leaves for ever and its keys for a while. A new key of the same name follows by
rotation, and for some weeks the key before it signs too, so that whoever pinned that one has time.
After a compromise the name changes as well: the old key must not be able to speak for the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.key_tables import log_key
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_note, parse_vkey, verify_note


@dataclass(frozen=True)
class LogKey:
    """A key, the size from which on it signs, and how long the one before it does so too."""

    verifier: Verifier
    since_size: int = 0
    until: int = 0
    """Second; 0 where the key before it must not sign any more."""
    audit_id: str = ""


@dataclass(frozen=True)
class Keyring:
    """The keys of one log, the oldest first; never empty."""

    keys: tuple[LogKey, ...]

    @property
    def newest(self) -> Verifier:
        return self.keys[-1].verifier

    @property
    def origin(self) -> str:
        """Name of the log as it signs now."""
        return self.newest.name

    @property
    def began(self) -> int:
        """Size of the log when it began to sign under this name."""
        return min(key.since_size for key in self.keys if key.verifier.name == self.origin)

    def signing(self, at: float) -> tuple[Verifier, ...]:
        """Return whose lines a checkpoint made now bears; the newest comes first."""
        *before, newest = self.keys
        beside = before[-1:] if at < newest.until else ()
        return (newest.verifier, *(each.verifier for each in beside))

    def of(self, size: int) -> Verifier:
        """Return the key without which a checkpoint of this size is none."""
        fitting = [key for key in self.keys if key.since_size < max(size, 1)]
        if not fitting:
            raise Unproven("no key of this log is as old as that")
        return fitting[-1].verifier

    def check(self, note: str) -> Checkpoint:
        """Return the checkpoint of a note that the key of its time has signed, under its name."""
        checkpoint = parse_text(parse_note(note).text)
        verifier = self.of(checkpoint.size)
        verify_note(note, verifier)
        if checkpoint.origin != verifier.name:
            raise Unproven("a checkpoint of another log")
        return checkpoint

    def check_any(self, note: str) -> Checkpoint:
        """Do so for a note that may be of any of the keys, each under its own name."""
        checkpoint = parse_text(parse_note(note).text)
        for key in reversed(self.keys):
            if key.verifier.name == checkpoint.origin and _holds(note, key.verifier):
                return checkpoint
        raise Unproven("no signature of a key of this log")


def read_keyring(connection: Connection) -> Keyring | None:
    """Return the keys of the log; None before its first entry."""
    rows = connection.execute(select(log_key).order_by(log_key.c.since_size))
    keys = [LogKey(parse_vkey(row.vkey), row.since_size, row.until, row.audit_id) for row in rows]
    return Keyring(tuple(keys)) if keys else None


def add_key(connection: Connection, key: LogKey) -> None:
    """Enter a key; its entry stands in the same group."""
    values = {"since_size": key.since_size, "until": key.until, "audit_id": key.audit_id}
    connection.execute(insert(log_key).values(vkey=key.verifier.vkey, **values))


def with_lines(text: str, notes: Sequence[str]) -> str:
    """Put the signature lines of several notes of one text beneath it."""
    return f"{text}\n" + "".join(note.removeprefix(f"{text}\n") for note in notes)


def _holds(note: str, verifier: Verifier) -> bool:
    try:
        verify_note(note, verifier)
    except Unproven:
        return False
    return True
