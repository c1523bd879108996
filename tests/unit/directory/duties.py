# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rosters, invented, and a second way to work out who covers a minute.

``who_covers`` knows no instants of boundaries: it looks at the wall clock of a minute and at
nothing else. In the second run of the hour that October has twice, all boundaries of that hour lie
behind.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from hub.directory.participants import Directory
from hub.model.participant import Status, Unit
from hub.model.roster import Hours, Line, Roster, Service, Weekday
from hub.schemas import SPECS
from tests.unit.directory.builders import a_participant, a_unit, an_entry

BERLIN: Final = ZoneInfo("Europe/Berlin")
OFFICE: Final = "jugendamt:05978040"
ASD: Final = f"{OFFICE}.asd"
HEAD: Final = f"{OFFICE}.bereitschaft"
SERVICE: Final = "krisendienst:rufbereitschaft-demo.05978040"
UNITS: Final = {"asd": ASD, "leitung": HEAD, "dienst": SERVICE}
DAYS: Final[tuple[Weekday, ...]] = ("mo", "di", "mi", "do", "fr", "sa", "so")
FIRST: Final = date(2026, 1, 1)
LAST: Final = date(2027, 12, 31)


def instant(text: str) -> int:
    """Return the second of a time; without an offset, one of Berlin."""
    there = datetime.fromisoformat(text)
    return int((there if there.tzinfo else there.replace(tzinfo=BERLIN)).timestamp())


def some_hours(text: str) -> Hours:
    """Return hours from ``mo di 08:00-16:00``."""
    *days, span = text.split()
    begins, _, ends = span.partition("-")
    return Hours.model_validate({"days": tuple(days), "begins": begins, "ends": ends})


def a_line(
    name: str = "ASD",
    unit: str | None = ASD,
    *,
    order: int = 1,
    when: Any = "always",
    on_holidays: bool = True,
    term: tuple[date, date] = (FIRST, LAST),
) -> Line:
    is_other = unit is not None and not unit.startswith(OFFICE)
    return Line(
        unit=unit,
        name=name,
        telephone="0221 4710123",
        order=order,
        when=when,
        on_holidays=on_holidays,
        valid_from=term[0],
        valid_until=term[1],
        basis="sgb8-8a-1" if is_other else None,
    )


def a_roster(
    *lines: Line,
    office: Iterable[str] = ("mo di mi do fr 08:00-16:00",),
    closed: tuple[date, ...] = (),
    term: tuple[date, date] = (FIRST, LAST),
) -> Roster:
    return Roster(
        land="nw",
        office_hours=tuple(some_hours(each) for each in office),
        closed=closed,
        valid_from=term[0],
        valid_until=term[1],
        lines=lines or (a_line(),),
    )


def consent(first: date = FIRST, last: date = LAST, to: str = OFFICE) -> Service:
    return Service(organisation=to, valid_from=first, valid_until=last)


def an_office(roster: Roster | None = None, unit: str = ASD, name: str = "Erfunden") -> Unit:
    found = a_unit(unit, roles=("jugendamt",))
    return found.model_copy(update={"roster": roster, "name": name})


def on_file(
    roster: Roster | None,
    *services: Service,
    service: Status = "valid",
    beside: Sequence[Unit] = (),
) -> Directory:
    """Return a directory with an office, its head, a crisis service, and other offices."""
    own = an_office(roster, name="Allgemeiner Sozialer Dienst"), an_office(unit=HEAD)
    crisis = a_unit(SERVICE, roles=("krisendienst",)).model_copy(update={"serves": services})
    return Directory(
        (
            a_participant(an_entry(*own, organisation=OFFICE)),
            a_participant(an_entry(crisis, organisation=SERVICE.partition(".")[0]), service),
            *(
                a_participant(an_entry(each, organisation=each.id.partition(".")[0]))
                for each in beside
            ),
        )
    )


def table() -> tuple[dict[str, Directory], list[dict[str, Any]]]:
    """Return the rosters of the table, each in a directory, and its cases."""
    path = Path(__file__).parent / "duty.yaml"
    read = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    known = {name: _directory(said) for name, said in read["rosters"].items()}
    return known | {"keiner": on_file(None)}, read["cases"]


def _directory(said: dict[str, Any]) -> Directory:
    lines = [
        a_line(
            line["name"],
            UNITS[line["unit"]] if "unit" in line else None,
            order=line["order"],
            when=line.get("when") or tuple(some_hours(each) for each in line["times"]),
            on_holidays=line.get("on_holidays", True),
            term=_term(line.get("term", said["term"])),
        )
        for line in said["lines"]
    ]
    closed = tuple(date.fromisoformat(day) for day in said.get("closed", ()))
    roster = a_roster(*lines, office=said["office"], closed=closed, term=_term(said["term"]))
    return on_file(roster, *([consent(*_term(said["consent"]))] if "consent" in said else []))


def _term(text: str) -> tuple[date, date]:
    first, last = text.split()
    return date.fromisoformat(first), date.fromisoformat(last)


def easter(year: int) -> date:
    """Return Easter Sunday, by the rule of Gauss as Lichtenberg completed it."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    seed = (19 * (year % 19) + moon) % 30
    bound = (seed + (year % 19) // 11) // 29
    full = 21 + seed - bound
    sunday = 7 - (year + year // 4 + 2 - (3 * century + 3) // 4) % 7
    return date(year, 3, 1) + timedelta(days=full + 7 - (full - sunday) % 7 - 1)


@lru_cache
def statute(year: int, kind: str = "holidays") -> dict[date, str]:
    """Return the days of a year that our description of the statute names."""
    path = SPECS / "calendar" / "feiertage-nw.yaml"
    read = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return {_dated(each, year): each["name"] for each in read[kind]}


def _dated(said: dict[str, Any], year: int) -> date:
    if "on" in said:
        return date.fromisoformat(f"{year}-{said['on']}")
    return easter(year) + timedelta(days=said["easter"])


def who_covers(roster: Roster, at: int, services: Sequence[Service] = ()) -> list[str]:
    """Return the names of the lines that cover a minute, in their order."""
    there = datetime.fromtimestamp(at, BERLIN)
    minute: float = there.hour * 60 + there.minute
    if there.fold:
        minute = 3 * 60 - 0.5
    covering = [line for line in roster.lines if _covers(line, roster, there.date(), minute)]
    agreed = [line for line in covering if _is_agreed(line, there.date(), services)]
    return [line.name for line in sorted(agreed, key=lambda line: line.order)]


def is_open(roster: Roster, at: int) -> bool:
    """Tell whether an office is open in a minute, within its term."""
    there = datetime.fromtimestamp(at, BERLIN)
    minute = 3 * 60 - 0.5 if there.fold else there.hour * 60 + there.minute
    return _is_open(roster, there.date(), minute)


def _covers(line: Line, roster: Roster, day: date, minute: float) -> bool:
    terms = (line, roster)
    if not all(each.valid_from <= day <= each.valid_until for each in terms):
        return False
    if line.when == "outside":
        return not _is_open(roster, day, minute)
    if line.when == "office-hours":
        return _is_open(roster, day, minute)
    skipped = () if line.on_holidays else statute(day.year) | statute(day.year - 1)
    if line.when == "always":
        return day not in skipped
    return any(begun not in skipped for begun in _running(line.when, day, minute))


def _is_agreed(line: Line, day: date, services: Sequence[Service]) -> bool:
    if line.unit is None or line.unit.startswith(OFFICE):
        return True
    return any(each.valid_from <= day <= each.valid_until for each in services)


def _is_open(roster: Roster, day: date, minute: float) -> bool:
    off = {*statute(day.year), *statute(day.year - 1), *roster.closed}
    return any(
        begun not in off and begun >= roster.valid_from
        for begun in _running(roster.office_hours, day, minute)
    )


def _running(hours: Iterable[Hours], day: date, minute: float) -> Iterator[date]:
    """Give the days on which those shifts began that run in a minute of a day."""
    for each in hours:
        begins, ends = (_minutes(text) for text in (each.begins, each.ends))
        if ends <= begins:
            ends += 24 * 60
        for back in (0, 1):
            begun = day - timedelta(days=back)
            if DAYS[begun.weekday()] in each.days and begins <= minute + back * 1440 < ends:
                yield begun


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
