# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who has an evaluation, knows the rule, and tries to work out what is hidden.

Nothing here knows flows. Whatever is shown is an equation, whatever is known of the rest a bound;
the smallest and the largest solution of each hidden count come from the simplex method in whole
numbers (Bland's rule), or, for large systems, from bounds that tighten each other.
"""

from collections.abc import Mapping, Sequence

from hub.inquire.suppression import LEAST, Cell, Figure

ENDLESS = 10**6
Bounds = tuple[int, int]
Sums = list[tuple[list[int], list[int]]]
"""Of each sum the counts that go in and those that come out, by their place."""


def known_bounds(cells: Sequence[Cell], told: Mapping[str, Figure]) -> list[Bounds]:
    """Return what anybody knows at once of each count."""
    return [_bounds(told[each.key]) if each.table else (0, ENDLESS) for each in cells]


def sums_of(cells: Sequence[Cell]) -> Sums:
    """Return what anybody knows of how the tables hang together."""
    points = {point for each in cells for point in (each.tail, each.head)}
    return [
        (
            [index for index, each in enumerate(cells) if each.head == point],
            [index for index, each in enumerate(cells) if each.tail == point],
        )
        for point in sorted(points)
    ]


def worked_out(cells: Sequence[Cell], told: Mapping[str, Figure], index: int) -> Bounds:
    """Return the smallest and the largest that one count can be, to the last integer."""
    bounds, sums = known_bounds(cells, told), sums_of(cells)
    low = _extreme(bounds, sums, index, sign=1)
    high = _extreme(bounds, sums, index, sign=-1)
    return low, high


def narrowed(cells: Sequence[Cell], told: Mapping[str, Figure]) -> list[Bounds]:
    """Return bounds of all counts after each sum has tightened them until nothing moves."""
    bounds, sums = known_bounds(cells, told), sums_of(cells)
    for _ in range(len(cells) * 4):
        before = list(bounds)
        for into, out in sums:
            _tighten(bounds, into, out)
            _tighten(bounds, out, into)
        if bounds == before:
            break
    return bounds


def _tighten(bounds: list[Bounds], some: list[int], others: list[int]) -> None:
    least, most = sum(bounds[each][0] for each in others), sum(bounds[each][1] for each in others)
    for each in some:
        rest = [bounds[other] for other in some if other != each]
        low = max(bounds[each][0], least - sum(high for _, high in rest))
        high = min(bounds[each][1], most - sum(low for low, _ in rest))
        bounds[each] = (low, high)


def _bounds(figure: Figure) -> Bounds:
    if figure.is_small:
        return 0, LEAST - 1
    return figure.low, ENDLESS if figure.high is None else figure.high


def _extreme(bounds: Sequence[Bounds], sums: Sums, wanted: int, *, sign: int) -> int:
    """Minimise ``sign`` times one count by the simplex method, and return that count."""
    free = [index for index, (low, high) in enumerate(bounds) if low < high]
    if wanted not in free:
        return bounds[wanted][0]
    rows, right = _equations(bounds, sums, free)
    solution = _simplex(rows, right, [sign if each == wanted else 0 for each in free])
    return bounds[wanted][0] + solution[free.index(wanted)]


def _equations(
    bounds: Sequence[Bounds], sums: Sums, free: list[int]
) -> tuple[list[list[int]], list[int]]:
    """Write each count as its lower bound and a part that is not negative, with a slack above."""
    rows, right = [], []
    limited = [index for index in free if bounds[index][1] < ENDLESS]
    for into, out in sums:
        row = [(index in into) - (index in out) for index in free]
        fixed = sum(bounds[each][0] for each in out) - sum(bounds[each][0] for each in into)
        rows.append(row + [0] * len(limited))
        right.append(fixed)
    for place, index in enumerate(limited):
        row = [int(each == index) for each in free]
        rows.append(row + [int(each == place) for each in range(len(limited))])
        right.append(bounds[index][1] - bounds[index][0])
    return rows, right


def _simplex(rows: list[list[int]], right: list[int], costs: list[int]) -> list[int]:
    """Return the x >= 0 with rows · x = right that costs least."""
    count, width = len(rows), len(rows[0]) if rows else len(costs)
    table = [
        [(each if limit >= 0 else -each) for each in row]
        + [int(place == other) for other in range(count)]
        + [abs(limit)]
        for place, (row, limit) in enumerate(zip(rows, right, strict=True))
    ]
    basis = [width + place for place in range(count)]
    first = [0] * width + [1] * count
    assert _run(table, basis, first, width + count) == 0, "what is shown contradicts itself"
    _leave_helpers(table, basis, width)
    _run(table, basis, costs + [0] * len(first), width)
    solution = [0] * width
    for place, index in enumerate(basis):
        if index < width:
            solution[index] = table[place][-1]
    return solution


def _leave_helpers(table: list[list[int]], basis: list[int], width: int) -> None:
    for place in range(len(basis)):
        if basis[place] >= width:
            column = next((each for each in range(width) if table[place][each]), None)
            if column is not None:
                _pivot(table, basis, place, column)


def _run(table: list[list[int]], basis: list[int], costs: list[int], usable: int) -> int:
    while True:
        entering = next(
            (each for each in range(usable) if _reduced(table, basis, costs, each) < 0), None
        )
        if entering is None:
            break
        ratios = [
            (row[-1], basis[place], place) for place, row in enumerate(table) if row[entering] > 0
        ]
        if not ratios:
            break
        _pivot(table, basis, min(ratios)[2], entering)
    return sum((costs[each] * row[-1] for each, row in zip(basis, table, strict=True)))


def _reduced(table: list[list[int]], basis: list[int], costs: list[int], column: int) -> int:
    used = (
        costs[each] * row[column] for each, row in zip(basis, table, strict=True) if row[column]
    )
    return costs[column] - sum(used)


def _pivot(table: list[list[int]], basis: list[int], place: int, column: int) -> None:
    # Where what goes in comes out, nothing else occurs, and no fraction ever does.
    pivot = table[place][column]
    assert pivot in {1, -1}
    table[place] = [each * pivot for each in table[place]]
    for other, row in enumerate(table):
        if other != place and row[column]:
            factor = row[column]
            table[other] = [
                one - factor * two if two else one
                for one, two in zip(row, table[place], strict=True)
            ]
    basis[place] = column
