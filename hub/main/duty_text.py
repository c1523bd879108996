# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is it shown at a command line who has to act: at one moment, and in a week?"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from hub.directory.duty import Known, OnDuty, Turn, calendar_of, on_duty
from hub.directory.duty_words import WEEKDAYS, dated
from hub.directory.holidays import holiday_on, school_holidays_on
from hub.directory.hours import DAY, ZONE, day_of, instant
from hub.directory.nodesk import URGENT, whom_to_ring
from hub.protocols.compiled import load_compiled

DAYS: Final = 7
NOBODY: Final = f"niemand; „{URGENT}“ wird zurückgewiesen"
HOURS: Final = 24 * 3600


def shown(found: OnDuty, directory: Known, said_by: str) -> str:
    """Say who is asked, in which order, until when, and what follows."""
    head = [_title(found.unit, directory), dated(found.at), "", found.reason]
    chain = [line for each in enumerate(found.turns, 1) for line in _asked(*each)]
    lines = [*head, "", *chain, "", *_later(found, directory), *_school(found, directory)]
    if not found.is_valid:
        lines += ["", f"Eine Mitteilung „{URGENT}“ würde jetzt zurückgewiesen:"]
        lines += [whom_to_ring(found.unit, directory, found.at)]
    return "\n".join([*lines, said_by])


def as_json(found: OnDuty, directory: Known, said_by: str) -> dict[str, Any]:
    """Return the same for programs; times with the offset that the wall clock has then."""
    calendar = calendar_of(found.unit, directory)
    ring = None if found.is_valid else whom_to_ring(found.unit, directory, found.at)
    return {
        "unit": found.unit,
        "at": _iso(found.at),
        "valid": found.is_valid,
        "first": found.first,
        "until": _iso(found.until),
        "reason": found.reason,
        "turns": [_turn_json(turn) for turn in found.turns],
        "office": {
            "open": calendar.is_open(found.at),
            "opens": _iso(calendar.opens(found.at)),
            "closes": _iso(calendar.closes(found.at)),
            "closed_for": calendar.closed_for(day_of(found.at)),
        },
        "instead": ring,
        "source": said_by,
    }


def week(unit: str, directory: Known, at: int) -> list[OnDuty]:
    """Return what holds from an instant on for seven days, cut where days begin."""
    first, last = day_of(at), day_of(at) + DAYS * DAY
    midnights = {instant(first + each * DAY, 0) for each in range(1, DAYS)}
    end = instant(last, 0)
    found = []
    while at < end:
        found.append(now := on_duty(unit, directory, at))
        cuts = {end, *midnights, *([] if now.until is None else [now.until])}
        at = min(each for each in cuts if each > at)
    return found


def week_shown(spans: list[OnDuty], directory: Known, said_by: str) -> str:
    """Return the seven days as a table."""
    unit = spans[0].unit
    lines = [_title(unit, directory)]
    ends = [*(each.at for each in spans[1:]), instant(day_of(spans[-1].at) + DAY, 0)]
    width = max((len(_who(each)) for each in spans if each.is_valid), default=0)
    told = zip(spans, ends, strict=True)
    for day, of_day in groupby(told, key=lambda each: day_of(each[0].at)):
        lines += ["", _day(unit, day, directory)]
        lines += [_row(each, end, width) for each, end in of_day]
    return "\n".join([*lines, "", said_by])


def week_json(spans: list[OnDuty], said_by: str) -> dict[str, Any]:
    return {
        "unit": spans[0].unit,
        "spans": [
            {
                "from": _iso(each.at),
                "valid": each.is_valid,
                "turns": [_turn_json(turn) for turn in each.turns],
            }
            for each in spans
        ],
        "source": said_by,
    }


def _title(unit: str, directory: Known) -> str:
    office, known = directory.organisation(unit), directory.unit(unit)
    names = dict.fromkeys(each.name for each in (office, known) if each is not None)
    return f"{', '.join(names)} ({unit})"


def _asked(place: int, turn: Turn) -> Iterator[str]:
    reads = turn.unit or "wird angerufen"
    yield f"  {place}. {turn.name}, Telefon {turn.telephone or 'nicht verzeichnet'} ({reads})"
    basis = f" Grundlage: {_cited(turn.basis)}." if turn.basis else ""
    yield f"     {turn.reason}{basis}"


def _later(found: OnDuty, directory: Known) -> Iterator[str]:
    if found.until is None:
        yield "Eine Änderung ist nicht abzusehen."
        return
    then = on_duty(found.unit, directory, found.until)
    names = ", ".join(turn.name for turn in then.turns) if then.is_valid else NOBODY
    yield f"Das gilt bis {dated(found.until)}. Danach: {names}."


def _school(found: OnDuty, directory: Known) -> Iterator[str]:
    day, land = day_of(found.at), calendar_of(found.unit, directory).land
    if spell := school_holidays_on(land, day):
        yield f"Schulferien ({spell.name}) bis {spell.last:%d.%m.%Y}; Fristen laufen weiter."


def _day(unit: str, day: date, directory: Known) -> str:
    calendar = calendar_of(unit, directory)
    hours = (instant(day, 24 * 60) - instant(day, 0)) // 3600
    spell = school_holidays_on(calendar.land, day)
    notes = [
        calendar.closed_for(day) or holiday_on(calendar.land, day),
        f"dieser Tag hat {hours} Stunden" if hours * 3600 != HOURS else None,
        spell.name if spell else None,
    ]
    said = ", ".join(note for note in notes if note)
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}{f' ({said})' if said else ''}"


def _row(found: OnDuty, end: int, width: int) -> str:
    span = f"  {_clock(found.at)} – {_clock(end, is_end=True)}  "
    if not found.is_valid:
        return f"{span}{NOBODY}"
    after = [turn.name for turn in found.turns[1:]]
    then = f"  dann {', '.join(after)}" if after else ""
    return f"{span}{_who(found).ljust(width)}  {found.turns[0].telephone}{then}"


def _who(found: OnDuty) -> str:
    return found.turns[0].name


def _clock(at: int, *, is_end: bool = False) -> str:
    said = f"{datetime.fromtimestamp(at, ZONE):%H:%M}"
    return "24:00" if is_end and said == "00:00" else said


def _cited(basis: str) -> str:
    known = load_compiled().law.get(basis)
    return known.citation if known else basis


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {
        "unit": turn.unit,
        "name": turn.name,
        "telephone": turn.telephone,
        "order": turn.order,
        "basis": turn.basis,
        "reason": turn.reason,
    }


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, ZONE).isoformat()
