# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What becomes of a database in whose place a backup was put? It is kept a while, and then goes.

In it lies what was accepted after the backup, and somebody may have to look it up. But nothing is
erased in it any more, so it must not outlive the backups themselves.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub import clock
from hub.audit.openings.months import KEPT
from hub.clock import BERLIN
from hub.main.finding import Finding, good, hint
from hub.main.folder import DataDir

JOURNALS: Final = ("", "-wal", "-shm")
_BEFORE: Final = ".vor-"


def place_aside(data: DataDir, now: float) -> Path:
    """Return where the database goes that a backup replaces at ``now``."""
    return data.path / f"{data.database.name}{_BEFORE}{int(now)}"


def remove_old(data: DataDir, now: float) -> list[Path]:
    """Remove what lies there for longer than 35 days; returns what that was."""
    old = [path for path in _aside(data) if now - _second(path) >= KEPT.total_seconds()]
    for path in old:
        for journal in reversed(JOURNALS):
            Path(f"{path}{journal}").unlink(missing_ok=True)
    return old


def looked_at(data: DataDir) -> Finding:
    """Name for the operator what lies there, and when it goes."""
    found = _aside(data)
    if not found:
        return good("datenbank-davor", "Keine zur Seite gelegte Datenbank liegt herum.")
    last = max(_second(path) for path in found) + KEPT.total_seconds()
    day = datetime.fromtimestamp(max(last, clock.now()), UTC).astimezone(BERLIN)
    return hint(
        "datenbank-davor",
        f"Beim Zurückspielen zur Seite gelegt: {', '.join(path.name for path in found)}. Darin "
        "liegt auch, was seither gelöscht wurde.",
        "Löschen, sobald niemand mehr darin nachsehen muss; der Hub löscht es von selbst, die "
        f"letzte Datei am {day:%d.%m.%Y}.",
    )


def _aside(data: DataDir) -> list[Path]:
    pattern = f"{data.database.name}{_BEFORE}*"
    return sorted(path for path in data.path.glob(pattern) if _named(path).isdecimal())


def _second(path: Path) -> int:
    return int(_named(path))


def _named(path: Path) -> str:
    return path.name.rpartition(_BEFORE)[2]
