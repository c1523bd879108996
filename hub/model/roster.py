# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act when: the roster of a unit, as its organisation signs it.

Times are those of the wall clock of Europe/Berlin. A roster has a last day, because one that
nobody renews is one that nobody stands behind; what it says beyond that day counts for nothing.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.contact import Reached, Telephone, Text
from hub.model.ids import Party
from hub.model.law import BasisCode
from hub.model.noun import Noun

Weekday = Literal["mo", "di", "mi", "do", "fr", "sa", "so"]
WallTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""Time of the wall clock; ``24:00`` is the end of the day."""
When = Literal["always", "office-hours", "outside"]
"""``outside``: whenever the office of this roster is closed, holidays included."""


class Hours(Noun):
    """From one time of the wall clock to another, on some days of the week.

    Where the end is not after the beginning, it lies on the day that follows.
    """

    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    begins: WallTime
    ends: WallTime


class Line(Noun):
    """One who is asked, at which times and for how long it was agreed."""

    unit: Party | None = None
    """Who reads. None: somebody who is called and reads nothing, a control centre say."""
    name: Text
    """As people call it: „Bereitschaft“, „Krisendienst“, „Leitstelle“."""
    telephone: Telephone
    order: Annotated[int, Field(ge=1, le=8)]
    """1 is asked first; of those that are there at a time, the next is asked after it."""
    when: When | Annotated[tuple[Hours, ...], Field(min_length=1, max_length=14)]
    on_holidays: bool = True
    """Whether the times of ``when`` run on public holidays too; ``outside`` always does."""
    valid_from: date
    valid_until: date
    """The last day; at midnight the line is gone."""
    basis: BasisCode | None = None
    """Why another organisation may read; demanded of a line that names one."""
    reached: Reached = Reached()


class Roster(Noun):
    """Who has to act for a unit, and when its office is open."""

    land: Literal["nw"]
    """Whose public holidays count."""
    office_hours: Annotated[tuple[Hours, ...], Field(max_length=14)]
    """Empty: the office is never open, everything is ``outside``."""
    closed: Annotated[tuple[date, ...], Field(max_length=60)] = ()
    """Days on which the office is closed beside public holidays."""
    valid_from: date
    valid_until: date
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=24)]


class Service(Noun):
    """For whom a unit stands in, as its own organisation signs it; a line needs both."""

    organisation: Party
    valid_from: date
    valid_until: date
    """The last day of the contract."""
