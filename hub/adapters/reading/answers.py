# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did the hub answer to a head of this log? Kept as files: they outlive the database.

Each holds the statement as the unit signed it, the entry of the hub's log about it, and the proof
of that entry. Whoever sets the database back, or begins it anew, still has these to explain.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hub.audit.checkpoint import Checkpoint, verify_checkpoint
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey
from hub.sealing.canonical import parse_strict, unb64

_DIGITS: Final = 12


@dataclass(frozen=True)
class Witnessed:
    """A head that the hub has entered."""

    statement: str
    """As the unit signed it."""
    vkey: str
    checkpoint: Checkpoint
    said: dict[str, Any]
    """With the entry of the hub's log, and its proof."""

    @classmethod
    def of(cls, said: dict[str, Any], verifier: Verifier | None = None) -> "Witnessed":
        """Take an answer with its statement; raises ``Unproven`` for a head of another log."""
        try:
            statement = str(said["statement"])
            claims = parse_strict(unb64(statement.split(".")[1]))
        except (ValueError, KeyError, IndexError):
            raise Unproven("not a statement about a head") from None
        if not isinstance(claims, dict):
            raise Unproven("not a statement about a head")
        note, vkey = str(claims.get("note")), str(claims.get("vkey"))
        known = verifier or parse_vkey(vkey)
        return cls(statement, vkey, verify_checkpoint(note, known), said)

    @property
    def at(self) -> str:
        """When the hub entered it."""
        entry = self.said.get("entry")
        return str(entry.get("t", "")) if isinstance(entry, dict) else ""


class Answers:
    """Files in one folder, one for each head, by its size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, witnessed: Witnessed) -> None:
        """Put an answer down; on the disk when this returns."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        file = self.folder / f"{witnessed.checkpoint.size:0{_DIGITS}}.json"
        new = file.with_suffix(".neu")
        with new.open("w", encoding="utf-8") as opened:
            os.fchmod(opened.fileno(), 0o600)
            json.dump(witnessed.said, opened, ensure_ascii=False)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def files(self) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.glob("[0-9]*.json")))

    def all(self) -> Iterator[tuple[str, Witnessed | None]]:
        """Read every answer, the oldest first, each by its name; None for what is none."""
        for file in self.files():
            try:
                yield file.name, _read(file)
            except Unproven:
                yield file.name, None

    def forget(self, before: int) -> None:
        """Delete the answers of the years before one; the newest stays whatever its age."""
        *older, _ = self.files() or (None,)
        for file in filter(None, older):
            with suppress(Unproven):
                if _read(file).at < str(before):
                    file.unlink()

    def newest(self) -> Witnessed | None:
        """Return the last answer; None where there is none, or none that can be read."""
        for file in reversed(self.files()):
            with suppress(Unproven):
                return _read(file)
        return None


def _read(file: Path) -> Witnessed:
    try:
        said = json.loads(file.read_bytes())
    except ValueError:
        raise Unproven("not an answer of the hub") from None
    if not isinstance(said, dict):
        raise Unproven("not an answer of the hub")
    return Witnessed.of(said)
