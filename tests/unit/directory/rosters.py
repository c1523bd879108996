# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rosters, invented, of a Jugendamt with a crisis service."""

from datetime import date
from typing import Any

from hub.model.roster import Hours, Line, Roster, Service

FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)
DESK = "jugendamt:05170032.asd"
DUTY = "jugendamt:05170032.bereitschaft"
SERVICE = "krisendienst:rufbereitschaft-demo.05170032"
WORKDAYS = ("mo", "di", "mi", "do", "fr")
TELEPHONE = "0221 4710101"


def hours(begins: str = "08:00", ends: str = "16:00", **changes: Any) -> Hours:
    return Hours(**({"days": WORKDAYS, "begins": begins, "ends": ends} | changes))


def a_line(**changes: Any) -> Line:
    """Return the line of the desk itself, at any time."""
    said: dict[str, Any] = {
        "unit": DESK,
        "name": "Dienst",
        "telephone": TELEPHONE,
        "order": 1,
        "when": "always",
        "valid_from": FIRST,
        "valid_until": LAST,
    }
    return Line(**(said | changes))


def a_roster(*lines: Line, **changes: Any) -> Roster:
    said: dict[str, Any] = {
        "land": "nw",
        "office_hours": (hours(),),
        "valid_from": FIRST,
        "valid_until": LAST,
        "lines": lines or (a_line(),),
    }
    return Roster(**(said | changes))


def by_day_and_by_night() -> Roster:
    """Return the roster of an office that a crisis service stands in for when it is closed."""
    return a_roster(
        a_line(when="office-hours"),
        a_line(unit=SERVICE, name="Krisendienst", when="outside", basis="lkischgnrw-4-2"),
        a_line(unit=None, name="Leitstelle", order=2),
    )


def a_service(**changes: Any) -> Service:
    said: dict[str, Any] = {
        "organisation": "jugendamt:05170032",
        "valid_from": FIRST,
        "valid_until": LAST,
    }
    return Service(**(said | changes))
