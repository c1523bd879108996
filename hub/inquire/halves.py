# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which half-years can be evaluated? Those that have been over for sixty days.

Fixed ones alone: two spans that overlap would show by their difference what neither shows. And
what is entered later than sixty days after the end counts no more, so that an evaluation is the
same for ever.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.clock import BERLIN
from hub.errors import NotFound

WAIT: Final = 60 * 24 * 3600
"""Seconds for which receipts and feedback may still come in."""
LAST: Final = 4
"""Half-years that are offered."""
_KEY: Final = re.compile(r"(20[0-9]{2})-([12])")


@dataclass(frozen=True)
class Half:
    """Six months, as seconds from which and before which."""

    year: int
    number: int

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def begins(self) -> int:
        return int(datetime(self.year, 6 * self.number - 5, 1, tzinfo=BERLIN).timestamp())

    @property
    def ends(self) -> int:
        year, number = divmod(2 * self.year + self.number, 2)
        return Half(year, number + 1).begins

    @property
    def settled(self) -> int:
        """The second from which it can be evaluated, and from which nothing is added to it."""
        return self.ends + WAIT


def halves_at(second: float) -> tuple[Half, ...]:
    """Return the half-years that can be evaluated, the newest first."""
    now = datetime.fromtimestamp(second, BERLIN)
    running = 2 * now.year + (now.month > 6)  # noqa: PLR2004  half of twelve
    known = (_half(each) for each in range(running - 1, running - 2 - LAST, -1))
    return tuple(each for each in known if each.settled <= second)[:LAST]


def half_of(key: str, second: float) -> Half:
    """Return a half-year by its key (``2026-2``); refuses one that cannot be evaluated yet."""
    found = _KEY.fullmatch(key)
    half = Half(int(found[1]), int(found[2])) if found else None
    if half is None or half.settled > second:
        raise NotFound
    return half


def _half(counted: int) -> Half:
    year, number = divmod(counted, 2)
    return Half(year, number + 1)
