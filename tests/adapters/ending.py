# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the targets of the crash matrix have in common: a folder, and an end after an effect."""

import os
import signal
from pathlib import Path
from typing import Final

EFFECTS: Final = "effects.txt"
LAST: Final = "last"
"""While a file of this name lies there, the next effect is the last one of the process."""


def note_effect(home: Path, line: str) -> None:
    """Write down durably that something took effect."""
    with (home / EFFECTS).open("a", encoding="ascii") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def noted(home: Path) -> list[str]:
    """Return what took effect, in its order."""
    file = home / EFFECTS
    return file.read_text("ascii").splitlines() if file.exists() else []


def end_if_last(home: Path) -> None:
    """End as a power cut does, where this effect is to be the last one."""
    if (home / LAST).exists():
        (home / LAST).unlink()
        os.kill(os.getpid(), signal.SIGKILL)
