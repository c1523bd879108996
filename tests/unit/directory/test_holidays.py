# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The library's holidays are those of the statute, or somebody has to look why not."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import pytest

from hub.directory.holidays import (
    holiday_on,
    public_holidays,
    school_holidays,
    school_holidays_on,
)
from hub.protocols.compiled import load_compiled
from hub.schemas import SPECS
from tests.unit.directory.duties import easter, statute

YEARS = range(2024, 2036)
KNOWN_SUNDAYS = {
    2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28",
    2028: "2028-04-16", 2029: "2029-04-01", 2030: "2030-04-21", 2031: "2031-04-13",
    2032: "2032-03-28", 2033: "2033-04-17", 2034: "2034-04-09", 2035: "2035-03-25",
}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_easter_is_reckoned_rightly(year: int) -> None:
    assert easter(year).isoformat() == KNOWN_SUNDAYS[year]


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_are_those_of_the_statute(year: int) -> None:
    assert dict(public_holidays("nw", year)) == statute(year)


@pytest.mark.parametrize("year", YEARS)
def test_what_many_take_for_a_holiday_is_none(year: int) -> None:
    assert not statute(year, "none").keys() & public_holidays("nw", year).keys()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-06-04", "Fronleichnam"),
        ("2027-05-27", "Fronleichnam"),
        ("2026-11-01", "Allerheiligen"),
        ("2026-12-24", None),
        ("2026-12-26", "Zweiter Weihnachtstag"),
        ("2026-12-31", None),
        ("2026-10-31", None),
    ],
)
def test_days_that_are_looked_at_twice(day: str, name: str | None) -> None:
    assert holiday_on("nw", date.fromisoformat(day)) == name


def test_the_description_cites_a_provision_that_stands_in_the_law() -> None:
    said = (SPECS / "calendar" / "feiertage-nw.yaml").read_text("utf-8")

    assert "basis: feiertagsgnw-2-1" in said
    assert "feiertagsgnw-2-1" in load_compiled().law


def test_nobody_changes_what_is_kept_for_all() -> None:
    with pytest.raises(TypeError):
        public_holidays("nw", 2026)[date(2026, 12, 24)] = "Heiligabend"  # type: ignore[index]


def test_school_holidays_are_spells_with_a_name() -> None:
    found = school_holidays("nw", 2026)

    assert found[0].name == "Weihnachtsferien"
    assert {"Sommerferien", "Herbstferien"} <= {each.name for each in found}
    assert all(one.last < other.first for one, other in pairwise(found))
    summer = next(each for each in found if each.name == "Sommerferien")
    assert summer.last - summer.first > timedelta(days=40)


def test_a_day_is_in_its_school_holidays_or_in_none() -> None:
    autumn = school_holidays_on("nw", date(2026, 10, 25))

    assert autumn is not None
    assert autumn.name == "Herbstferien"
    assert school_holidays_on("nw", date(2026, 11, 23)) is None


def test_years_whose_school_holidays_nobody_has_set_have_none() -> None:
    assert school_holidays("nw", 2040) == ()


def test_the_library_is_loaded_only_where_somebody_asks() -> None:
    """Half a second for every command would be felt."""
    code = "import hub.directory.duty, sys; sys.exit('holidays' in sys.modules)"

    assert subprocess.run((sys.executable, "-c", code), check=False).returncode == 0
