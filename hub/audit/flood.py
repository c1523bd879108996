# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Refusals that repeat: so many a minute get an entry each, the rest are counted in one.

Otherwise one broken client could fill the log, and hide a single success among its refusals.
"""

from collections import Counter
from threading import Lock
from typing import Final

OWN_ENTRIES: Final = 60
"""Equal refusals of one sender a minute that leave an entry of their own."""


class Flood:
    """Counts equal refusals by sender and code within a minute. Memory only."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._seen: Counter[tuple[str, str]] = Counter()
        self._silent: Counter[tuple[str, str]] = Counter()
        self._left: list[tuple[str, str, int]] = []

    def is_counted_only(self, sender: str, code: str, now: int) -> bool:
        """Count one refusal; True where it must not leave an entry of its own."""
        with self._lock:
            self._turn(now)
            self._seen[sender, code] += 1
            return self._seen[sender, code] > OWN_ENTRIES

    def count_unknown(self, code: str, now: int) -> None:
        """Count a refusal whose sender nobody knows; it never leaves an entry of its own."""
        self.count("", code, now)

    def count(self, sender: str, code: str, now: int) -> None:
        """Count a refusal that never leaves an entry of its own, whoever sent it."""
        with self._lock:
            self._turn(now)
            self._silent[sender, code] += 1

    def take_counts(self, now: int) -> list[tuple[str, str, int]]:
        """Return (sender, code, number) of what was only counted in minutes that are over."""
        with self._lock:
            self._turn(now)
            left, self._left = self._left, []
            return left

    def put_back(self, counts: list[tuple[str, str, int]]) -> None:
        """Give counts back that could not be entered; they come again with the next."""
        with self._lock:
            self._left = counts + self._left

    def _turn(self, now: int) -> None:
        minute = now // 60
        if minute == self._minute:
            return
        beyond = Counter({key: number - OWN_ENTRIES for key, number in self._seen.items()})
        counted = +beyond + self._silent
        self._left += [(sender, code, number) for (sender, code), number in counted.items()]
        self._seen.clear()
        self._silent.clear()
        self._minute = minute
