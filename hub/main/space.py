# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much room is left on the disk?

A database that runs into the end of the disk can take nothing any more: no receipt, no erasure.
So new messages stop earlier, and what is left serves those that are there.
"""

import os
from pathlib import Path
from time import monotonic
from typing import Final

RESERVE: Final = 512
"""Mebibytes below which the operator should make room."""
MIB: Final = 1_048_576
_EVERY: Final = 1.0


def free_mib(folder: Path) -> int:
    """Return how many mebibytes are free to this process."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize // MIB


class Space:
    """Looks at the disk of a folder, once a second at most."""

    def __init__(self, folder: Path, floor: int) -> None:
        self._folder = folder
        self._floor = floor
        self._looked_at = 0.0
        self._free = 0

    def is_short(self) -> bool:
        """Whether less is free than the floor."""
        now = monotonic()
        if not self._looked_at or now - self._looked_at >= _EVERY:
            self._free, self._looked_at = free_mib(self._folder), now
        return self._free < self._floor
