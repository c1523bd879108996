# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables that hang together in the ways that those of an evaluation do, with chosen counts."""

from collections.abc import Iterator, Mapping, Sequence

from hub.inquire.suppression import Cell

Linked = tuple[tuple[Cell, ...], Mapping[str, str]]


def in_a_row(*tables: Sequence[int]) -> Linked:
    """Return tables that split the same notices, one way after the other."""
    cells = [Cell("alle", "aus", "0", sum(tables[0]), "alle")]
    for number, table in enumerate(tables):
        head = "aus" if number == len(tables) - 1 else str(number + 1)
        cells += _table(f"t{number}", table, str(number), head)
    return tuple(cells), {f"t{number}": "alle" for number in range(len(tables))}


def one_inside(*tables: Sequence[int], beside: int) -> Linked:
    """Return two groups, of which the first is split again by each of the tables."""
    count = sum(tables[0])
    cells = [
        Cell("alle", "aus", "ein", count + beside, "alle"),
        Cell("gruppe", "ein", "0", count, "gruppen"),
        Cell("andere", "ein", "aus", beside, "gruppen"),
    ]
    for number, table in enumerate(tables):
        head = "aus" if number == len(tables) - 1 else str(number + 1)
        cells += _table(f"t{number}", table, str(number), head)
    totals = {"gruppen": "alle", **{f"t{number}": "gruppe" for number in range(len(tables))}}
    return tuple(cells), totals


def with_a_gap(senders: Sequence[int], urgencies: Sequence[int]) -> Linked | None:
    """Return two tables of two, where the first sender knows the first urgency alone."""
    (one, two), (soon, late) = senders, urgencies
    if soon < one or one + two != soon + late:
        return None
    cells = (
        Cell("alle", "aus", "ein", one + two, "alle"),
        Cell("s0", "ein", "s0", one, "s"),
        Cell("s1", "ein", "s1", two, "s"),
        Cell("s0>u0", "s0", "u0", one),
        Cell("s1>u0", "s1", "u0", soon - one),
        Cell("s1>u1", "s1", "u1", late),
        Cell("u0", "u0", "aus", soon, "u"),
        Cell("u1", "u1", "aus", late, "u"),
    )
    return cells, {"s": "alle", "u": "alle"}


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to split a number into so many parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def _table(name: str, counts: Sequence[int], tail: str, head: str) -> list[Cell]:
    return [Cell(f"{name}.{at}", tail, head, count, name) for at, count in enumerate(counts)]
