# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are days and times said on a page? In the zone where its readers live, and as they write."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Berlin")
_WEEKDAYS: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def day(said: date | str | int) -> str:
    """Write a day, given as such, as ISO text, or as any second of it: ``Mo, 23.11.2026``."""
    known = _date(said)
    return f"{_WEEKDAYS[known.weekday()]}, {plain(known)}"


def plain(said: date | str | int) -> str:
    """Write a day without the weekday: ``23.11.2026``."""
    return f"{_date(said):%d.%m.%Y}"


def clock(second: int) -> str:
    """Write the time of a second: ``14:05``."""
    return f"{datetime.fromtimestamp(second, ZONE):%H:%M}"


def moment(second: int) -> str:
    """Write day and time of a second."""
    return f"{day(second)}, {clock(second)} Uhr"


def _date(said: date | str | int) -> date:
    if isinstance(said, int):
        return datetime.fromtimestamp(said, ZONE).date()
    return date.fromisoformat(said) if isinstance(said, str) else said
