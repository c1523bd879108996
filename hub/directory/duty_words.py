# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is it said in German who has to act, and why nobody is there?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from hub.directory.calendar import Calendar
from hub.directory.holidays import holiday_on
from hub.directory.hours import ZONE, day_of
from hub.model.ids import kind_of
from hub.model.roster import Line, Roster

WEEKDAYS: Final = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)
_OFFICES: Final = frozenset({"jugendamt", "landesjugendamt", "ordnungsamt", "schulaufsicht"})
_WHEN: Final = {
    "always": "zu jeder Zeit",
    "office-hours": "während der Dienstzeit",
    "outside": "außerhalb der Dienstzeit",
}


def moment(at: int) -> str:
    """Say an instant as a wall clock shows it; where it shows an hour twice, which one."""
    there = datetime.fromtimestamp(at, ZONE)
    second_run = " (nach der Umstellung)" if there.fold else ""
    return f"{WEEKDAYS[there.weekday()]} {there:%H:%M} Uhr{second_run}"


def dated(at: int) -> str:
    """Say an instant with its day; the end of a day as the end of that day."""
    there = datetime.fromtimestamp(at, ZONE)
    if there.hour == there.minute == 0:
        before = datetime.fromtimestamp(at - 1, ZONE)
        return f"{WEEKDAYS[before.weekday()]}, {before:%d.%m.%Y}, 24:00 Uhr"
    return f"{WEEKDAYS[there.weekday()]}, {there:%d.%m.%Y}, {moment(at).partition(' ')[2]}"


def office_state(unit: str, calendar: Calendar, at: int) -> str:
    """Say whether an office is open, and that it is a holiday where it is one."""
    state = "geöffnet" if calendar.is_open(at) else "geschlossen"
    name = holiday_on(calendar.land, day_of(at))
    office = "das Amt" if kind_of(unit) in _OFFICES else "die Stelle"
    return f"{moment(at)}{f' ({name})' if name else ''}, {office} ist {state}"


def now_reason(state: str, until: int | None, name: str, *, reads: bool) -> str:
    """Say who is asked first, and that the roster has it so."""
    said = f"{state}; laut Bereitschaftsplan ist "
    said += f"bis {dated(until)} " if until is not None else ""
    if reads:
        return f"{said}„{name}“ zuerst zu fragen."
    return f"{said}nur „{name}“ anzurufen, gefragt wird zuerst die angeschriebene Stelle selbst."


def missing_reason(roster: Roster | None, at: int, refusing: Sequence[str]) -> str:
    """Say why nobody has to act by the roster."""
    if roster is None:
        return "Diese Stelle hat keinen Bereitschaftsplan veröffentlicht."
    day = day_of(at)
    if day > roster.valid_until:
        return f"Der Bereitschaftsplan galt bis zum {_day(roster.valid_until)}."
    if day < roster.valid_from:
        return f"Der Bereitschaftsplan gilt erst ab dem {_day(roster.valid_from)}."
    said = f"{moment(at)}: Der Bereitschaftsplan nennt für diese Zeit niemanden"
    if refusing:
        names = ", ".join(f"„{name}“" for name in dict.fromkeys(refusing))
        said += f", denn für {names} fehlt die Zusage der anderen Stelle oder sie nimmt nicht teil"
    return f"{said}."


def line_reason(line: Line) -> str:
    """Say why somebody is in the chain at all."""
    when = _WHEN[line.when] if isinstance(line.when, str) else "zu vereinbarten Zeiten"
    said = f"Nach dem Bereitschaftsplan bis {_day(line.valid_until)} {when} an {line.order}. Stelle"
    return f"{said}." if line.unit else f"{said}; wird angerufen und liest nichts."


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
