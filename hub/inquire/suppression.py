# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which counts of linked tables may be shown, so that nobody works out a small one?

Each table splits the same notices in another way, and each notice goes one way through all of
them. So the counts are those of a flow: what comes in at a point goes out of it. Whoever knows
some of them can bound the others, to the last integer, by asking how much could flow another way
round; we ask the same before anything is shown, and hide more until the answer is harmless.

Whoever reads may know all of this, and which counts are left out because they are small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.inquire.flow import ENDLESS, Flow, Pipe

LEAST: Final = 5
"""The smallest count that is shown."""
MOST_OF_SMALL: Final = LEAST - 1
ROOM: Final = LEAST + 1
"""What is hidden for the sake of others is taken for this much at least; in truth it may be less.

The rest is for those who know the rule: where a count of four would have made do without a further
one, a further one that is missing would say that it is not four.
"""


@dataclass(frozen=True)
class Cell:
    """One count: so many notices go from one point to another.

    Without a table it is never shown, and only says what is possible.
    """

    key: str
    tail: str
    head: str
    count: int
    table: str = ""


@dataclass(frozen=True)
class Figure:
    """What is said of a count: itself, that it is small, or between which numbers it lies."""

    low: int
    high: int | None
    is_small: bool = False

    @property
    def value(self) -> int | None:
        """The count, where it is shown."""
        return self.low if self.low == self.high else None


SMALL: Final = Figure(0, MOST_OF_SMALL, is_small=True)


def suppress(cells: Sequence[Cell], totals: Mapping[str, str]) -> dict[str, Figure]:
    """Return what may be said of every count that stands in a table.

    ``totals`` names for each table the cell that is its sum. Guarantees of each count that is left
    out because it is small: by all that is shown it may still be anything below five. And of each
    that is hidden for the sake of others: at least five numbers in a row are possible.
    """
    known = _Known(cells, totals)
    while exposed := known.exposed():
        known.hide_for(exposed)
    return {each.key: known.figure(index) for index, each in enumerate(cells) if each.table}


class _Known:
    """What whoever reads knows: what is shown, and of what is left out whether it is small.

    That is not told of sums: one that is left out would tell that its small parts come to five.
    Nor is it of a table that is left out as a whole.
    """

    def __init__(self, cells: Sequence[Cell], totals: Mapping[str, str]) -> None:
        self._cells = cells
        self._totals = totals
        self._sums = frozenset(totals.values())
        self._hidden = {each.key for each in cells if each.table and each.count < LEAST}
        self._untold: set[str] = set()
        """Tables that are left out as a whole."""

    def exposed(self) -> list[Cell]:
        """Return the hidden counts of which too much could be worked out."""
        flow = self._flow(ROOM)
        return [
            cell
            for index, cell in enumerate(self._cells)
            if self._is_left_out(cell) and not _is_safe(flow, index)
        ]

    def hide_for(self, exposed: Sequence[Cell]) -> None:
        """Hide one more for the sake of what is exposed.

        Another of the same table; else the table as a whole; else one of a table of the same kind;
        else everything but the first count, and at last that one too. From the end of a table and
        never by size: what is hidden must not tell how large it is.
        """
        tables = dict.fromkeys(each.table for each in exposed)
        kinds = {_kind(each) for each in tables}
        known = reversed(self._cells)
        shown = [each for each in known if each.table and not self._is_left_out(each)]
        beside = (each for each in shown if each.table in tables)
        akin = (each for each in shown if _kind(each.table) in kinds)
        whole = (each for each in tables if each not in self._untold)
        if (other := next(beside, None)) is not None:
            self._hidden.add(other.key)
        elif (table := next(whole, None)) is not None:
            self._leave_out(table)
        elif (other := next(akin, None)) is not None:
            self._hidden.add(other.key)
        else:
            rest = {each.table for each in self._cells[1:] if each.table} - self._untold
            self._untold |= rest or {self._cells[0].table}

    def figure(self, index: int) -> Figure:
        """Return what is said of one count: what everybody can work out, and no more."""
        cell = self._cells[index]
        if not self._is_left_out(cell):
            return Figure(cell.count, cell.count)
        if self._is_told(cell) and cell.count < LEAST:
            return SMALL
        low, high = self._flow(LEAST).range_of(index, ENDLESS)
        return Figure(low, None if high > ENDLESS // 2 else high)

    def _leave_out(self, table: str) -> None:
        """Leave out a table with all that stands below it."""
        self._untold.add(table)
        inside = {each.key for each in self._cells if each.table == table}
        for each, total in self._totals.items():
            if total in inside and each not in self._untold:
                self._leave_out(each)

    def _flow(self, least: int) -> Flow:
        """Return the counts within the bounds that are known of them."""
        return Flow([self._pipe(each, least) for each in self._cells])

    def _pipe(self, cell: Cell, least: int) -> Pipe:
        low, high = 0, ENDLESS
        if cell.table and not self._is_left_out(cell):
            low, high = cell.count, cell.count
        elif self._is_told(cell):
            low, high = (0, MOST_OF_SMALL) if cell.count < LEAST else (least, ENDLESS)
        return Pipe(cell.tail, cell.head, cell.count, low, high)

    def _is_left_out(self, cell: Cell) -> bool:
        return cell.key in self._hidden or cell.table in self._untold

    def _is_told(self, cell: Cell) -> bool:
        """Tell whether of a count that is left out everybody knows if it is small."""
        return bool(cell.table) and cell.table not in self._untold and cell.key not in self._sums


def _is_safe(flow: Flow, index: int) -> bool:
    """Tell whether a hidden count may be five numbers in a row, and all small ones or none."""
    if index in flow.unsettled:
        return False
    low, high = flow.range_of(index, ENDLESS)
    return high - low >= MOST_OF_SMALL and (low == 0 or low >= LEAST)


def _kind(table: str) -> str:
    return table.partition("/")[0]
