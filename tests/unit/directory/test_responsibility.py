# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.responsibility import Responsibilities, overlaps
from hub.errors import RecipientUnknown
from hub.model.network import District, Responsibility
from tests.unit.directory.builders import a_listed, a_network, a_responsibility

OLD, NEW = "jugendamt:05170000.asd", "jugendamt:05170032.asd"
CHANGE = date(2025, 1, 1)


def a_town_that_got_a_jugendamt_of_its_own() -> Responsibilities:
    last_day = CHANGE - timedelta(days=1)
    rows = (a_responsibility(OLD, ends=last_day), a_responsibility(NEW, begins=CHANGE))
    return Responsibilities.of(a_network(rows))


def test_responsibility_changes_at_midnight() -> None:
    table = a_town_that_got_a_jugendamt_of_its_own()

    assert table.responsible("jugendamt", "05170032", CHANGE - timedelta(days=1)).id == OLD
    assert table.responsible("jugendamt", "05170032", CHANGE).id == NEW


def test_before_the_first_day_nobody_is_claimed() -> None:
    table = a_town_that_got_a_jugendamt_of_its_own()

    with pytest.raises(RecipientUnknown) as refused:
        table.responsible("jugendamt", "05170032", date(2019, 12, 31))

    assert refused.value.pointers == ("/on",)


@pytest.mark.parametrize(
    ("kind", "ags", "pointer"),
    [("jugendamt", "05170048", "/ags"), ("polizei", "05170032", "/kind")],
)
def test_nobody_is_guessed(kind: str, ags: str, pointer: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        a_town_that_got_a_jugendamt_of_its_own().responsible(kind, ags, CHANGE)

    assert refused.value.pointers == (pointer,)


def test_two_networks_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="same day"):
        Responsibilities.of(a_network([a_responsibility(OLD)]), a_network([a_responsibility(NEW)]))


def test_an_office_that_nobody_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="not listed"):
        Responsibilities([a_responsibility(NEW)], [a_listed(OLD)])


def test_what_an_organisation_says_of_itself_counts_more_than_the_proposal() -> None:
    table = Responsibilities(
        [a_responsibility(NEW)], [a_listed(NEW, "Vorschlag"), a_listed(NEW, "Selbst benannt")]
    )

    assert table.responsible("jugendamt", "05170032", CHANGE).name == "Selbst benannt, Dienst"


DAY_ZERO = date(2024, 1, 1)
PERIODS = st.lists(
    st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 3))), max_size=4
)


def rows_of(periods: list[tuple[int, int | None]]) -> list[Responsibility]:
    return [
        a_responsibility(
            begins=DAY_ZERO + timedelta(days=start),
            ends=None if length is None else DAY_ZERO + timedelta(days=start + length),
        )
        for start, length in periods
    ]


@given(PERIODS)
def test_periods_overlap_if_and_only_if_two_are_in_force_on_one_day(
    periods: list[tuple[int, int | None]],
) -> None:
    rows = rows_of(periods)
    days = [DAY_ZERO + timedelta(days=day) for day in range(15)]

    crowded = any(sum(row.in_force_on(day) for row in rows) > 1 for day in days)

    assert bool(overlaps(rows)) == crowded


@given(PERIODS)
def test_without_the_rows_named_as_overlapping_no_day_has_two_offices(
    periods: list[tuple[int, int | None]],
) -> None:
    rows = rows_of(periods)
    named = overlaps(rows)

    rest = [row for place, row in enumerate(rows) if place not in named]

    assert overlaps(rest) == ()


@pytest.mark.parametrize(("pause", "expected"), [(0, (1,)), (1, ())])
def test_the_last_day_of_one_row_is_not_the_first_of_the_next(
    pause: int, expected: tuple[int, ...]
) -> None:
    rows = rows_of([(0, 3), (3 + pause, None)])

    assert overlaps(rows) == expected


def test_another_municipality_or_another_kind_is_no_overlap() -> None:
    rows = [
        a_responsibility(NEW),
        a_responsibility(NEW, ags="05170048", name="Wesel"),
        a_responsibility("polizei:kpb-wesel"),
    ]

    assert overlaps(rows) == ()


KREIS = District(key="05170", name="Kreis Wesel")


def the_places(*places: tuple[str, str], district: District = KREIS) -> Responsibilities:
    return Responsibilities.of(
        a_network([a_responsibility(NEW, ags=ags, name=name) for ags, name in places], district)
    )


FOUR = the_places(
    ("05170048", "Wesel"),
    ("05170016", "Hünxe"),
    ("05170044", "Voerde (Niederrhein)"),
    ("05170032", "Rheinberg"),
)


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Rheinberg", "05170032"),
        (" rheinberg ", "05170032"),
        ("Hünxe", "05170016"),
        ("HUENXE", "05170016"),
        ("Hu\u0308nxe", "05170016"),
        ("Voerde", "05170044"),
        ("Voerde (Niederrhein)", "05170044"),
        ("Stadt Wesel", "05170048"),
        ("05170048", "05170048"),
        ("Wesel (05170048)", "05170048"),
    ],
)
def test_a_municipality_is_found_as_people_write_it(text: str, ags: str) -> None:
    assert FOUR.municipality(text).ags == ags


@pytest.mark.parametrize("text", ["Wesel", "Kreis Wesel"])
def test_wesel_may_be_the_town_or_the_kreis_and_is_not_guessed(text: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        FOUR.municipality(text)

    assert "Wesel (05170048)" in refused.value.allowed
    assert len(refused.value.allowed) == 4
    assert {FOUR.municipality(choice).ags for choice in refused.value.allowed} == {
        place.ags for place in FOUR.municipalities
    }


def test_a_kreis_is_not_its_only_listed_town() -> None:
    table = the_places(("05978040", "Werne"), district=District(key="05978", name="Kreis Unna"))

    with pytest.raises(RecipientUnknown) as refused:
        table.municipality("Kreis Unna")

    assert refused.value.allowed == ("Werne (05978040)",)


def test_two_towns_of_one_name_are_both_offered() -> None:
    table = the_places(("05558028", "Neuenkirchen"), ("05566064", "Neuenkirchen"))

    with pytest.raises(RecipientUnknown) as refused:
        table.municipality("Neuenkirchen")

    assert refused.value.allowed == ("Neuenkirchen (05558028)", "Neuenkirchen (05566064)")


def test_a_kreisfreie_stadt_is_its_own_district() -> None:
    krefeld = District(key="05114", name="Krefeld")

    table = the_places(("05114000", "Krefeld"), district=krefeld)

    assert table.municipality("Krefeld").ags == "05114000"


def test_a_place_nobody_listed_is_unknown() -> None:
    with pytest.raises(RecipientUnknown) as refused:
        FOUR.municipality("Nirgendwo")

    assert refused.value.allowed == ()
    assert "Nirgendwo" not in str(refused.value)
