# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much larger or smaller could one number of a flow be, if some of the others are known?

What comes in at a point goes out of it. One number can rise by as much as can flow from its head
back to its tail another way; the other numbers give way within their bounds. With whole numbers as
bounds the answer is exact for whole numbers (Ford and Fulkerson).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ENDLESS: Final = 1 << 40


@dataclass(frozen=True)
class Pipe:
    """So many go from one point to another; between which bounds, is what somebody knows of it."""

    tail: str
    head: str
    now: int
    low: int
    high: int


class Flow:
    """Numbers that give way to each other."""

    def __init__(self, pipes: Sequence[Pipe]) -> None:
        points = {point for each in pipes for point in (each.tail, each.head)}
        self._place = {point: index for index, point in enumerate(sorted(points))}
        self._ends = [(self._place[each.tail], self._place[each.head]) for each in pipes]
        self._low = [each.low for each in pipes]
        self._high = [each.high for each in pipes]
        self._now = [each.now for each in pipes]
        self._check()
        self._touching: list[list[int]] = [[] for _ in points]
        for index, (tail, head) in enumerate(self._ends):
            self._touching[tail].append(index)
            self._touching[head].append(index)
        self.unsettled = {index for index in range(len(pipes)) if not self._settled(index)}
        """The numbers for which there is none within their bounds; empty where all fit together."""

    def range_of(self, index: int, at_most: int) -> tuple[int, int]:
        """Return the least and the largest that one number could be, so far from what it is."""
        tail, head = self._ends[index]
        now, low, high = self._now[index], self._low[index], self._high[index]
        less = self._sent(list(self._now), tail, head, index, min(at_most, now - low))
        more = self._sent(list(self._now), head, tail, index, min(at_most, high - now))
        return now - less, now + more

    def _settled(self, index: int) -> bool:
        """Move one number into its bounds, where the others allow it."""
        tail, head = self._ends[index]
        short, over = self._low[index] - self._now[index], self._now[index] - self._high[index]
        if short > 0:
            self._now[index] += self._sent(self._now, head, tail, index, short)
        if over > 0:
            self._now[index] -= self._sent(self._now, tail, head, index, over)
        return self._low[index] <= self._now[index] <= self._high[index]

    def _sent(self, now: list[int], source: int, goal: int, without: int, wanted: int) -> int:
        """Send as much as is wanted, or as goes, from point to point; changes ``now``."""
        sent = 0
        while sent < wanted:
            way = self._way(now, source, goal, without)
            if way is None:
                break
            least = min(self._room(now, index, forth=forth) for index, forth in way)
            least = min(least, wanted - sent)
            for index, forth in way:
                now[index] += least if forth else -least
            sent += least
        return sent

    def _way(
        self, now: list[int], source: int, goal: int, without: int
    ) -> list[tuple[int, bool]] | None:
        """Return the shortest way on which anything can flow, or None."""
        came: dict[int, tuple[int, bool, int]] = {source: (-1, True, -1)}
        waiting = deque([source])
        while waiting and goal not in came:
            here = waiting.popleft()
            for index in self._touching[here]:
                tail, head = self._ends[index]
                forth = tail == here
                there = head if forth else tail
                if (
                    index != without
                    and there not in came
                    and self._room(now, index, forth=forth) > 0
                ):
                    came[there] = (index, forth, here)
                    waiting.append(there)
        return self._traced(came, goal) if goal in came else None

    def _room(self, now: list[int], index: int, *, forth: bool) -> int:
        return self._high[index] - now[index] if forth else now[index] - self._low[index]

    @staticmethod
    def _traced(came: dict[int, tuple[int, bool, int]], goal: int) -> list[tuple[int, bool]]:
        way = []
        index, forth, before = came[goal]
        while index >= 0:
            way.append((index, forth))
            index, forth, before = came[before]
        return way

    def _check(self) -> None:
        left = [0] * len(self._place)
        for (tail, head), now in zip(self._ends, self._now, strict=True):
            left[tail] -= now
            left[head] += now
        if any(left):
            raise ValueError("what comes in at a point does not go out of it")
