# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No count below five is shown, and none can be worked out from what is."""

from datetime import datetime
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.inquire.counts import HERE, LEAST, QUARTERS, quarters_before, suppress


@given(st.lists(st.integers(0, 40), min_size=1, max_size=20))
def test_what_is_shown_is_true_and_five_or_more(numbers: list[int]) -> None:
    kept, total = suppress(numbers)

    assert len(kept) == len(numbers)
    assert all(shown in {None, number} for shown, number in zip(kept, numbers, strict=True))
    assert all(shown is None or shown >= LEAST for shown in kept)
    assert total in {None, sum(numbers)}
    assert total is None or total >= LEAST


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_nobody_works_out_what_is_missing(length: int) -> None:
    """Whoever tries all numbers there are keeps every possibility for each that is missing."""
    seen: dict[object, list[tuple[int, ...]]] = {}
    for numbers in product(range(7), repeat=length):
        seen.setdefault(suppress(numbers), []).append(numbers)

    for (kept, _), possible in (
        (key, found) for key, found in seen.items() if isinstance(key, tuple)
    ):
        for place in [index for index, shown in enumerate(kept) if shown is None]:
            assert {numbers[place] for numbers in possible} == set(range(LEAST)), (kept, possible)


def test_a_sum_that_gives_nothing_away_is_shown() -> None:
    assert suppress([3, 4, 1, 20]) == ((None, None, None, 20), 28)
    assert suppress([3, 0, 20]) == ((None, None, 20), None), "three or less in all of them"
    assert suppress([4, 4, 4, 20]) == ((None, None, None, 20), None), "each has to be four"
    assert suppress([4, 20]) == ((None, 20), None), "one alone would be the difference"
    assert suppress([20, 7]) == ((20, 7), 27)


@given(st.floats(1_700_000_000, 2_000_000_000))
def test_the_quarters_shown_are_over_and_touch_each_other(second: float) -> None:
    quarters = quarters_before(second)

    assert len(quarters) == QUARTERS
    assert all(one.ends == next_.begins for one, next_ in pairwise(quarters))
    assert quarters[-1].ends <= second


def test_a_quarter_begins_at_midnight_where_its_readers_are() -> None:
    quarter = quarters_before(datetime(2026, 11, 22, tzinfo=HERE).timestamp())[-1]

    assert (quarter.year, quarter.number) == (2026, 3)
    assert datetime.fromtimestamp(quarter.begins, HERE) == datetime(2026, 7, 1, tzinfo=HERE)
    assert datetime.fromtimestamp(quarter.ends, HERE) == datetime(2026, 10, 1, tzinfo=HERE)
