# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a witness keep of each log? A folder with text files, which any tool can read.

``<SHA-256 of the origin>/vkeys`` holds the keys that it believes, one a line, and ``checkpoint``
the newest note that it cosigned. Nothing of it says anything about a person.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey
from hub.audit.witness.request import Shown, parse_shown

_NAME: Final = re.compile("[0-9a-f]{64}")


def name_of(origin: str) -> str:
    """Return the name under which a log is asked for: its origin, hashed."""
    return hashlib.sha256(origin.encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """What is kept of one log."""

    keys: tuple[Verifier, ...]
    note: str | None
    """The newest checkpoint with the lines of log and witness; None before the first."""

    @property
    def origin(self) -> str:
        return self.keys[0].name

    @property
    def newest(self) -> Shown | None:
        return None if self.note is None else parse_shown(self.note)


class Shelf:
    """The folder of a witness with a folder for each log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, key: Verifier) -> bool:
        """Believe a key of the log that it is named after; returns whether that is new."""
        kept = self.read(name_of(key.name))
        if kept is not None and key in kept.keys:
            return False
        vkeys = [each.vkey for each in (*(kept.keys if kept else ()), key)]
        write_durably(self._folder / name_of(key.name) / "vkeys", "\n".join(vkeys) + "\n")
        return True

    def read(self, name: str) -> Kept | None:
        """Return what is kept of a log; None where it is none of those that are watched.

        Raises ``Unproven`` where a file is not what was written: a witness that has forgotten must
        not begin anew.
        """
        if not _NAME.fullmatch(name):
            return None
        folder = self._folder / name
        try:
            keys = tuple(map(parse_vkey, (folder / "vkeys").read_text("utf-8").splitlines()))
        except FileNotFoundError:
            return None
        if not keys or any(name_of(key.name) != name for key in keys):
            raise Unproven("the keys are not those of this log")
        return Kept(keys, self._note(folder))

    def write(self, origin: str, note: str) -> None:
        """Keep the newest checkpoint; it is on the disk when this returns."""
        write_durably(self._folder / name_of(origin) / "checkpoint", note)

    def logs(self) -> Iterator[Kept]:
        """Return what is kept of each log, in an order that stays."""
        names = (
            sorted(path.name for path in self._folder.glob("*/")) if self._folder.exists() else []
        )
        for name in names:
            if (kept := self.read(name)) is not None:
                yield kept

    @staticmethod
    def _note(folder: Path) -> str | None:
        try:
            return (folder / "checkpoint").read_text("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise Unproven("the checkpoint is not readable") from None


def write_durably(path: Path, text: str) -> None:
    """Put a file in the place of the one before, wholly or not at all, and on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.neu")
    with unfinished.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    for folder in (path.parent, path.parent.parent):
        # A new name is on the disk once its folder is.
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
