# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a witness keep when a log contradicts itself? Both notes, as the log signed them.

Two kinds. Two roots of one size, both signed by the log, convict it before anybody who knows its
key. A larger log that does not go on from the one before, as far as was shown, does not yet: then
it is for the log to show how it goes on, and it cannot if there are two histories.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from hub.audit.witness.shelf import name_of, write_durably

What = Literal["two-roots", "no-continuation"]
MOST: Final = 1000
"""Pieces of each kind that are kept of one log. A stranger can send genuine checkpoints, and who
has the log's key can sign as many roots as he likes; to convict him the first are enough."""
A_DAY: Final = 10
"""Pieces of a day of the kind that does not convict yet. A log that was set back asks again each
minute, so its own turn comes though a stranger was first."""
DAY: Final = 86_400


@dataclass(frozen=True)
class Contradiction:
    """Two notes of one log that do not go together."""

    what: What
    origin: str
    at: int
    """Second at which the second one was shown."""
    cosigned: str
    """The note that the witness had cosigned."""
    submitted: str
    """The note that was shown then, signed by the log too."""
    old: int
    """The size from which it was said to go on."""
    proof: tuple[str, ...]
    """What was said to show that, in hexadecimal."""


class Drawer:
    """The folder with what was found, one file for each piece; nothing is ever taken out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, found: Contradiction) -> bool:
        """Keep a piece once, however often it is sent; returns whether it is new."""
        text = f"{found.what}\n{found.cosigned}\n{found.submitted}"
        name = f"{found.what}-{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
        path = self._folder / name_of(found.origin) / name
        if path.exists() or self._is_full(path.parent, found.what):
            return False
        if found.what == "no-continuation" and self.count_of_day(found) >= A_DAY:
            return False
        write_durably(path, json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n")
        os.utime(path, (found.at, found.at))
        return True

    def count_of_day(self, found: Contradiction) -> int:
        """Count the pieces of the same log and kind that came in the day before one."""
        pieces = (self._folder / name_of(found.origin)).glob(f"{found.what}-*.json")
        return sum(found.at - DAY < piece.stat().st_mtime <= found.at for piece in pieces)

    def all(self) -> Iterator[Contradiction]:
        """Return everything that was kept, the gravest first."""
        for kind in ("two-roots", "no-continuation"):
            for path in sorted(self._folder.glob(f"*/{kind}-*.json")):
                said = json.loads(path.read_text("utf-8"))
                yield Contradiction(**{**said, "proof": tuple(said["proof"])})

    @staticmethod
    def _is_full(folder: Path, what: What) -> bool:
        return sum(1 for _ in folder.glob(f"{what}-*.json")) >= MOST
