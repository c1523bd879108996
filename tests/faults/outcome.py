# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a row of the table says: promised, counted, timed, kept or not."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_SHOWN = 20


@dataclass(frozen=True)
class Outcome:
    """One row, tried once."""

    row: str
    """Number of the row in the table."""
    what: str
    """German: what goes wrong in it."""
    promise: str
    """German: what was promised for that."""
    counted: Sequence[str]
    """German: what was counted."""
    times: Sequence[str] = ()
    findings: Sequence[str] = field(default=())
    """Wherever the promise was not kept; shown as they are."""

    @property
    def is_kept(self) -> bool:
        return not self.findings

    def __str__(self) -> str:
        kept = "gehalten" if self.is_kept else "NICHT GEHALTEN"
        lines = [f"{self.row} {self.what}: {kept}", f"   versprochen: {self.promise}"]
        lines += [f"   gezählt: {'; '.join(self.counted)}"] if self.counted else []
        lines += [f"   Zeiten: {'; '.join(self.times)}"] if self.times else []
        lines += [f"   ! {finding}" for finding in self.findings[:MOST_SHOWN]]
        return "\n".join(lines)


def spread(seconds: Sequence[float]) -> str:
    """Return the least, the median and the largest of several times, in German."""
    if not seconds:
        return "nichts gemessen"
    chosen = (min(seconds), statistics.median(seconds), max(seconds))
    return " / ".join(german(each) for each in chosen) + " s"


def german(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
