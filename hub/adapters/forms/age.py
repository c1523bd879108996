# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How old is the child? Said on the day of the notice, with what is known of the date of birth."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from hub.model.json import Json

_MONTHS_UNTIL: Final = 3
"""Below this many years months are said: for a baby they decide."""
_YEAR: Final = 12


def age(born: Mapping[str, Json], day: date) -> str:
    """Return the age in words; empty where not even the year is known."""
    year, month, at = (_number(born.get(name)) for name in ("jahr", "monat", "tag"))
    if year is None or year > day.year:
        return ""
    if month is None:
        return _about(day.year - year)
    months = (day.year - year) * _YEAR + day.month - month
    if at is not None and day.day < at:
        months -= 1
    return _said(max(0, months), is_exact=at is not None)


def _about(years: int) -> str:
    """Return an age of which only the year of birth is known: one of two."""
    return f"{years - 1} oder {_counted(years, 'Jahr')}" if years else "unter 1 Jahr"


def _said(months: int, *, is_exact: bool) -> str:
    about = "" if is_exact else "etwa "
    years, rest = divmod(months, _YEAR)
    if years >= _MONTHS_UNTIL:
        return about + _counted(years, "Jahr")
    if not years:
        return about + _counted(rest, "Monat")
    beside = f" und {_counted(rest, 'Monat')}" if rest else ""
    return about + _counted(years, "Jahr") + beside


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}e"


def _number(said: Json) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) else None
