# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which days are holidays, at law and at school?

What the statute names is described in ``specs/calendar``; the dates come from a library, and a
test holds them against the statute. It is loaded when somebody first asks: that takes longer than
most commands do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from hub.directory.hours import DAY
from hub.model.roster import Roster


@dataclass(frozen=True)
class SchoolHolidays:
    """One run of days without lessons."""

    name: str
    first: date
    last: date


@lru_cache(maxsize=64)
def public_holidays(land: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a Land with their German names."""
    return MappingProxyType(_known(land, year, "public"))


def holiday_on(land: str, day: date) -> str | None:
    """Return the name of the public holiday that a day is."""
    return public_holidays(land, day.year).get(day)


@lru_cache(maxsize=64)
def school_holidays(land: str, year: int) -> tuple[SchoolHolidays, ...]:
    """Return the school holidays that touch a year, cut to it; none where none are known yet.

    They move no deadline: a child is in danger in August too. They are shown, so that whoever
    reads a roster knows why nobody is at the school, and rosters of schools are written by them.
    """
    days = sorted(_known(land, year, "school").items())
    found: list[SchoolHolidays] = []
    for day, name in days:
        if found and found[-1].name == name and found[-1].last + DAY == day:
            found[-1] = SchoolHolidays(name, found[-1].first, day)
        else:
            found.append(SchoolHolidays(name, day, day))
    return tuple(found)


def school_holidays_on(land: str, day: date) -> SchoolHolidays | None:
    """Return the school holidays that a day lies in."""
    spans = school_holidays(land, day.year)
    return next((each for each in spans if each.first <= day <= each.last), None)


def land_of(roster: Roster | None) -> str:
    """Return the Land whose holidays count for a unit."""
    return roster.land if roster is not None else "nw"


def _known(land: str, year: int, category: str) -> dict[date, str]:
    from holidays.countries.germany import Germany  # noqa: PLC0415  it takes a while

    return dict(Germany(subdiv=land.upper(), years=year, language="de", categories=(category,)))
