# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No hidden count of linked tables can be worked out, whoever tries and whatever they know."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.inquire import suppression
from hub.inquire.suppression import LEAST, Cell, Figure, suppress
from tests.unit.inquire.attacker import ENDLESS, narrowed, worked_out
from tests.unit.inquire.tables import Linked, in_a_row, one_inside, splits, with_a_gap

SMALL_ONES = set(range(LEAST))
WIDTH = LEAST - 1
COUNTS = st.one_of(st.integers(0, 8), st.integers(0, 60))


def exposed(cells: tuple[Cell, ...], told: Mapping[str, Figure]) -> list[str]:
    """Return the hidden counts of which an attacker works out more than the rule allows."""
    found = []
    for index, cell in enumerate(cells):
        if cell.table and told[cell.key].value is None:
            low, high = worked_out(cells, told, index)
            may_be_small = told[cell.key].is_small
            if (may_be_small and (low, high) != (0, WIDTH)) or high - low < WIDTH:
                found.append(cell.key)
    return found


def without_secondary(cells: tuple[Cell, ...]) -> dict[str, Figure]:
    """Hide what is small and nothing else, as one does who has not thought about sums."""
    return {
        each.key: suppression.SMALL if each.count < LEAST else Figure(each.count, each.count)
        for each in cells
        if each.table
    }


@st.composite
def linked(draw: st.DrawFn) -> Linked:
    """Draw tables of one of the forms that an evaluation is made of."""
    first = draw(st.lists(COUNTS, min_size=2, max_size=6))
    others = [_split(draw, sum(first)) for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        return in_a_row(first, *others)
    return one_inside(first, *others, beside=draw(COUNTS))


def _split(draw: st.DrawFn, total: int) -> list[int]:
    cuts = draw(st.lists(st.integers(0, total), min_size=1, max_size=3))
    edges = [0, *sorted(cuts), total]
    return [after - before for before, after in pairwise(edges)]


@settings(max_examples=2000)
@given(linked())
@example(in_a_row([55, 3, 2], [30, 30]))
@example(one_inside([9, 4], [13, 0], beside=3))
def test_nobody_works_out_a_hidden_count(tables: Linked) -> None:
    cells, totals = tables

    told = suppress(cells, totals)

    assert exposed(cells, told) == []
    for cell in cells:
        figure = told[cell.key]
        assert figure.value in {None, cell.count}
        assert figure.value is None or figure.value >= LEAST
        assert figure.low <= cell.count <= (ENDLESS if figure.high is None else figure.high)


def test_without_secondary_suppression_the_attacker_succeeds() -> None:
    """Otherwise the test above would prove nothing."""
    cells, totals = in_a_row([55, 3, 20], [30, 48])

    assert exposed(cells, without_secondary(cells)) == ["t0.1"]
    assert worked_out(cells, without_secondary(cells), 2) == (3, 3)
    assert exposed(cells, suppress(cells, totals)) == []


@settings(max_examples=100)
@given(linked())
def test_both_attackers_agree(tables: Linked) -> None:
    """What tightens step by step is never narrower than what is exact."""
    cells, totals = tables
    told = suppress(cells, totals)

    for index, (low, high) in enumerate(narrowed(cells, told)):
        exact = worked_out(cells, told, index)
        assert low <= exact[0] <= exact[1] <= high


def every_publication(worlds: Iterable[Linked | None]) -> dict[object, list[dict[str, int]]]:
    """Publish every world there is; together stand those that look the same."""
    seen: dict[object, list[dict[str, int]]] = {}
    for world in filter(None, worlds):
        cells, totals = world
        told = tuple(suppress(cells, totals).items())
        seen.setdefault(told, []).append({each.key: each.count for each in cells})
    return seen


def ruled_out(seen: Mapping[object, list[dict[str, int]]]) -> list[str]:
    """Return the small counts of which somebody who knows the program can exclude a number."""
    return [
        key
        for told, worlds in seen.items()
        if isinstance(told, tuple)
        for key, figure in told
        if figure.is_small and {each[key] for each in worlds} != SMALL_ONES
    ]


def worlds_of(form: str) -> Iterable[Linked | None]:
    forms: dict[str, Iterable[Linked | None]] = {
        "one": (in_a_row(each) for total in range(19) for each in splits(total, 3)),
        "two": (
            in_a_row(one, two)
            for total in range(17)
            for one in splits(total, 2)
            for two in splits(total, 2)
        ),
        "inside": (
            one_inside(one, beside=total - sum(one))
            for total in range(20)
            for count in range(total + 1)
            for one in splits(count, 2)
        ),
        "gap": (
            with_a_gap(one, two)
            for total in range(17)
            for one in splits(total, 2)
            for two in splits(total, 2)
        ),
    }
    return forms[form]


@pytest.mark.parametrize("form", ["one", "two", "inside", "gap"])
def test_whoever_knows_the_program_and_tries_all_worlds_excludes_nothing(form: str) -> None:
    """Which count is hidden for the sake of another must not tell anything either."""
    assert ruled_out(every_publication(worlds_of(form))) == []


def test_with_one_less_of_room_whoever_knows_the_program_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second one that is missing would say that the small one is not four."""
    monkeypatch.setattr(suppression, "ROOM", LEAST)

    assert ruled_out(every_publication(worlds_of("one")))


def test_small_ones_are_told_from_those_hidden_for_their_sake() -> None:
    told = suppress(*in_a_row([55, 3, 2], [30, 30]))

    assert told["alle"].value == 60
    assert told["t0.0"] == Figure(52, 60)
    assert told["t0.1"].is_small
    assert told["t1.0"].value == 30


def test_a_table_that_cannot_be_saved_goes_and_the_others_stay() -> None:
    told = suppress(*in_a_row([6, 1], [7]))

    assert told["alle"].value == told["t1.0"].value == 7
    assert not told["t0.1"].is_small
    assert told["t0.0"].low == told["t0.1"].low == 0


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    cells, totals = in_a_row([5, 6, 7], [9, 9])

    assert [each.value for each in suppress(cells, totals).values()] == [18, 5, 6, 7, 9, 9]


def test_zero_looks_like_four() -> None:
    """Nothing at all in a half-year is an answer too."""
    nothing = suppress(*in_a_row([0, 0, 0], [0, 0]))
    little = suppress(*in_a_row([1, 1, 2], [0, 4]))

    assert nothing == little


def test_numbers_that_do_not_add_up_are_no_flow() -> None:
    cells, totals = in_a_row([5, 6], [12])

    with pytest.raises(ValueError, match="does not go out"):
        suppress(cells, totals)


def test_the_forms_are_not_empty() -> None:
    """A test over no world would pass."""
    for form in ("one", "two", "inside", "gap"):
        assert sum(1 for each in worlds_of(form) if each) > 500
