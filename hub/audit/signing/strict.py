# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May this be signed? A signer signs what goes on from where it stands, and nothing else.

It keeps its last word in a file, durably and before the word is out. So neither the administrator
of the database nor whoever has taken the hub over can have a fork, a truncated log or a restored
backup signed: there is no call that takes anything back.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.guard import RolledBack, check_extends, write_guard
from hub.audit.merkle import EMPTY, Unproven
from hub.audit.note import Verifier, parse_note, verify_note
from hub.audit.signing.growth import Growth
from hub.audit.signing.keyring import with_lines

STATE: Final = "checkpoint"


class NotHere(Unproven):
    """The request is about another size than the one that was signed last."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} entries were signed last")
        self.size = size


class Key(Protocol):
    """A name with its private half, wherever that is."""

    @property
    def verifier(self) -> Verifier: ...
    def sign(self, text: str) -> str: ...


class StrictSigner:
    """The keys of one log, and the last checkpoint that they signed."""

    def __init__(self, folder: Path, keys: Sequence[Key]) -> None:
        """Take up where the file says; raises ``Unproven`` where it is missing or no such note.

        A signer that has forgotten must not begin anew: it would sign whatever comes first.
        """
        self._path = folder / STATE
        self._keys = tuple(keys)
        self._lock = Lock()
        self._last = self._read()

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        return tuple(key.verifier for key in self._keys)

    @property
    def note(self) -> str:
        """The last checkpoint as it was signed."""
        return self._path.read_text("utf-8")

    def sign(self, growth: Growth) -> str:
        """Return the note with the lines of all keys; on the disk before it is returned.

        Raises ``NotHere`` where another size was signed last, and ``RolledBack`` where the log
        does not go on from there. The same once more is signed once more.
        """
        with self._lock:
            if growth.old != self._last.size:
                raise NotHere(self._last.size)
            if growth.checkpoint.size == 0 and growth.checkpoint.root != EMPTY:
                raise RolledBack("the root of an empty log is another one")
            check_extends(self._last, growth.checkpoint, growth.proof)
            note = signed(growth.checkpoint, self._keys)
            write_guard(self._path, note)
            self._last = growth.checkpoint
            return note

    def _read(self) -> Checkpoint:
        try:
            note = self.note
        except FileNotFoundError:
            raise Unproven("it is not known what was signed last") from None
        except UnicodeDecodeError:
            raise Unproven("not a signed note") from None
        checkpoint = parse_text(parse_note(note).text)
        if not any(_holds(note, each, checkpoint) for each in self.verifiers):
            raise Unproven("no signature of these keys")
        return checkpoint


def begin(folder: Path, keys: Sequence[Key], checkpoint: Checkpoint) -> None:
    """Write the first word of a signer; raises ``FileExistsError`` where there is one."""
    path = folder / STATE
    if path.exists():
        raise FileExistsError(path)
    write_guard(path, signed(checkpoint, keys))


def signed(checkpoint: Checkpoint, keys: Sequence[Key]) -> str:
    """Return the note of a checkpoint with the lines of all keys of its name."""
    own = [key for key in keys if key.verifier.name == checkpoint.origin]
    if not own:
        raise RolledBack("it is the log of another hub")
    return with_lines(checkpoint.text, [key.sign(checkpoint.text) for key in own])


def _holds(note: str, verifier: Verifier, checkpoint: Checkpoint) -> bool:
    if verifier.name != checkpoint.origin:
        return False
    try:
        verify_note(note, verifier)
    except Unproven:
        return False
    return True
