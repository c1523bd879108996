# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Half-years touch each other, and none is shown before nothing can be added to it."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import BERLIN
from hub.errors import NotFound
from hub.inquire.halves import LAST, WAIT, Half, half_of, halves_at
from hub.inquire.median import ENOUGH, median_of
from hub.inquire.suppression import SMALL, Figure
from hub.web.report import said

SECONDS = st.floats(1_700_000_000, 2_000_000_000)


@given(SECONDS)
def test_those_shown_are_settled_and_touch_each_other(second: float) -> None:
    halves = halves_at(second)

    assert len(halves) == LAST
    assert all(later.begins == before.ends for later, before in pairwise(halves))
    assert halves[0].settled <= second < halves[0].settled + 184 * 86_400 + 3600


@given(SECONDS)
def test_a_key_leads_to_what_is_settled_and_to_nothing_else(second: float) -> None:
    newest = halves_at(second)[0]
    following = Half(newest.year + newest.number // 2, 3 - newest.number)

    assert half_of(newest.key, second) == newest
    with pytest.raises(NotFound):
        half_of(following.key, second)


def test_a_half_year_begins_at_midnight_where_its_readers_are() -> None:
    first, second = Half(2026, 1), Half(2026, 2)

    assert datetime.fromtimestamp(first.begins, BERLIN) == datetime(2026, 1, 1, tzinfo=BERLIN)
    assert first.ends == second.begins
    assert datetime.fromtimestamp(second.begins, BERLIN) == datetime(2026, 7, 1, tzinfo=BERLIN)
    assert second.ends == Half(2027, 1).begins
    assert first.settled == first.ends + WAIT


def test_the_middle_one_is_named_where_the_shown_figures_tell_it() -> None:
    hidden, many = Figure(12, 16), Figure(30, 30)

    assert median_of([hidden, many, SMALL]) == 1
    assert median_of([many, hidden, SMALL]) == 0
    assert median_of([Figure(20, 24), Figure(20, 24), SMALL]) is None, "either may be"
    assert median_of([Figure(ENOUGH - 1, ENOUGH - 1)]) is None, "too few"
    assert median_of([Figure(30, None), SMALL]) is None


def test_figures_are_said_as_people_read_them() -> None:
    assert said(Figure(1234, 1234)) == "1\N{NARROW NO-BREAK SPACE}234"
    assert said(SMALL) == said(Figure(0, 4)) == "unter 5"
    assert said(Figure(56, 60)) == "56 bis 60"
    assert said(Figure(0, 12)) == "höchstens 12"
    assert said(Figure(5, None)) == "nicht gezeigt"
