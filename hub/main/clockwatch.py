# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the clock of this machine run, or was it put?

A deadline that a wrong clock has let run out cannot be taken back: expired is expired, and erased
is gone. So after a jump nothing ends until the clock has been steady again for a while.
"""

from dataclasses import dataclass
from typing import Final, Self

JUMP: Final = 60
"""Seconds that the clock may run apart from the time that has passed, from one turn to the next."""
LEAP: Final = 1800
"""Seconds from which on one turn of patience is not enough; the commonest mistake is an hour."""
TURNS: Final = 10
"""Turns in which nothing ends after a leap, beside the one that saw it."""
DAY: Final = 86_400
"""Seconds that a hub may have stood still; after more, somebody has to have looked at the clock."""


@dataclass
class ClockWatch:
    """Holds the clock of the hub against one that nobody can put."""

    _before: tuple[float, float] | None = None
    _distrusted: int = 0
    ahead: float = 0
    """Seconds by which a demonstration was put ahead on purpose; that is no jump."""

    @classmethod
    def since(cls, newest: float | None, wall: float) -> Self:
        """Begin to watch; ``newest`` is when the log says that something happened last.

        A clock before that, or long after it, may be right. But whatever would end by it ends
        some turns later, so that somebody who sees it has a moment.
        """
        is_near = newest is None or -JUMP <= wall - newest <= DAY
        return cls(_distrusted=0 if is_near else 1 + TURNS)

    def jump(self, wall: float, passed: float) -> float:
        """Return by how many seconds the clock was put since the last look; zero where it runs."""
        before, self._before = self._before, (wall, passed)
        self._distrusted = max(0, self._distrusted - 1)
        if before is None:
            return 0
        apart = (wall - before[0]) - (passed - before[1])
        if abs(apart) <= JUMP:
            return 0
        self._distrusted = 1 + (TURNS if abs(apart) > LEAP else 0)
        return apart

    def put(self, ahead: float) -> float:
        """Note by how much a demonstration is ahead; returns by how much that has changed."""
        by, self.ahead = ahead - self.ahead, ahead
        return by

    @property
    def is_trusted(self) -> bool:
        """Whether something may end by this clock now."""
        return self._distrusted == 0
