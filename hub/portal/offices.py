# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom would a message reach now: with which keys, who has duty, and until when is somebody there?

The browser gets the signed entries beside the answer and checks what it is told against them.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from hub.client.directory import DirectoryView
from hub.client.readers import desk_readers, person_reader
from hub.directory.calendar import Calendar
from hub.directory.duty import OnDuty, calendar_of, on_duty
from hub.directory.duty_words import WEEKDAYS
from hub.directory.hours import ZONE, day_of
from hub.directory.nodesk import check_desk
from hub.errors import NoDutyDesk, NotFound, Overloaded
from hub.model.json import Json, JsonObject
from hub.model.protocol import Step
from hub.portal.desk import Desk
from hub.portal.offices_shelf import Consulted, consult
from hub.sealing.seal import ReaderChoice

DEFAULT: Final = "unverzueglich"
MIDNIGHT: Final = time()
WEEK: Final = timedelta(days=6)


@dataclass(frozen=True)
class Wanted:
    """For what an office is to be reached."""

    unit: str
    urgency: str = DEFAULT
    protocol: str | None = None
    step: str | None = None
    reader: str | None = None
    """kid of the one person, where a step is for a person alone."""
    begins: bool = True


class NobodyThere(NoDutyDesk):
    """Nobody is on duty for what cannot wait; these can be rung."""

    def __init__(self, refusal: NoDutyDesk, turns: list[Json]) -> None:
        super().__init__(refusal.detail, pointers=refusal.pointers, allowed=refusal.allowed)
        self.turns = turns


async def listed(desk: Desk, house: str) -> JsonObject:
    """Return the signed list of those who take part."""
    known = await consult(desk, house)
    return {"list": known.shelved.listed, **_age(known)}


async def office(desk: Desk, house: str, wanted: Wanted) -> JsonObject:
    """Return keys, duty and hours of a unit for a message of this house, with what proves them.

    Raises ``RecipientUnknown`` where it does not take part, ``NobodyThere`` where nobody is on
    duty for what cannot wait.
    """
    known = await consult(desk, house, wanted.unit)
    _check_known(known, wanted.unit)
    unit = known.view.addressed(wanted.unit, desk.second, begins=wanted.begins)
    if wanted.begins:
        known = await _with_somebody_there(desk, house, wanted, known)
    participants = known.view.participants
    duty = on_duty(wanted.unit, participants, desk.second)
    return {
        "unit": unit.id,
        "name": full_name(unit.id, known.view),
        "telephone": unit.telephone,
        "list": known.shelved.listed,
        "organisations": organisations_of(known, wanted.unit, house),
        "readers": _readers(desk, house, wanted, known.view),
        "duty": _duty(duty),
        "hours": hours(calendar_of(wanted.unit, participants), desk.second),
        **_age(known),
    }


def organisations_of(known: Consulted, *units: str) -> JsonObject:
    """Return the signed entries of units and of those who stand in for them, to be verified."""
    kept = known.organisations(*units).organisations
    return {name: dict(said) for name, said in kept.items()}


def full_name(unit: str, view: DirectoryView) -> str:
    """Return the name of a unit with that of its organisation, where they differ."""
    found, body = view.participants.unit(unit), view.participants.organisation(unit)
    if found is None:
        return body.name if body else unit
    if body is None or body.name == found.name:
        return found.name
    return f"{body.name}, {found.name}"


def hours(calendar: Calendar, at: int) -> JsonObject:
    """Say in German whether an office is open, until when, or when it opens again."""
    if calendar.is_open(at):
        ends = calendar.closes(at)
        return {"open": True, "text": "rund um die Uhr" if ends is None else _until(ends, at)}
    opens = calendar.opens(at)
    text = "geschlossen" if opens is None else f"geschlossen, wieder {_from(opens, at)}"
    return {"open": False, "text": text}


def _check_known(known: Consulted, unit: str) -> None:
    """Refuse to say of an office that it is unknown where the hub was not to be asked about it."""
    body = known.view.participants.organisation(unit)
    if known.is_stale and (body is None or body.entry is None):
        raise Overloaded


async def _with_somebody_there(
    desk: Desk, house: str, wanted: Wanted, known: Consulted
) -> Consulted:
    try:
        check_desk(wanted.urgency, wanted.unit, known.view.participants, desk.second)
    except NoDutyDesk:
        # Whom to ring instead, the neighbours' entries say, which nobody needed before.
        known = await consult(desk, house, wanted.unit, *known.view.near(wanted.unit))
    try:
        check_desk(wanted.urgency, wanted.unit, known.view.participants, desk.second)
    except NoDutyDesk as refusal:
        turns = on_duty(wanted.unit, known.view.participants, desk.second)
        raise NobodyThere(refusal, _turns(turns)) from None
    return known


def _readers(desk: Desk, house: str, wanted: Wanted, view: DirectoryView) -> list[Json]:
    """Return to whose keys the browser is to seal; none where it did not say what."""
    if wanted.protocol is None or wanted.step is None:
        return []
    step = desk.catalogue.known(wanted.protocol).step(wanted.step)
    if step is None:
        raise NotFound
    return [
        {
            "kid": each.public.kid,
            "pub": each.public.b64,
            "classes": list(each.classes),
            "rel": each.rel,
        }
        for each in _chosen(desk, house, wanted, view, step)
    ]


def _chosen(
    desk: Desk, house: str, wanted: Wanted, view: DirectoryView, step: Step
) -> list[ReaderChoice]:
    classes = desk.catalogue.schemas.by_digest(step.schema_digest).classes
    if step.person_only:
        keys = view.unit(wanted.unit).reading
        return person_reader(keys, wanted.reader, classes, desk.second)
    known = view.participants
    return desk_readers(wanted.unit, wanted.urgency, classes, known, desk.second, sender=house)


def _duty(duty: OnDuty) -> JsonObject:
    return {
        "is_valid": duty.is_valid,
        "reason": duty.reason,
        "until": duty.until,
        "turns": _turns(duty),
    }


def _turns(duty: OnDuty) -> list[Json]:
    return [
        {
            "unit": each.unit,
            "name": each.name,
            "telephone": each.telephone,
            "reason": each.reason,
        }
        for each in duty.turns
    ]


def _until(ends: int, at: int) -> str:
    """Say an end; midnight is the end of the day before it."""
    if datetime.fromtimestamp(ends, ZONE).time() == MIDNIGHT:
        return f"{_day(ends - 1, at, 'bis ')}24:00 Uhr"
    return f"{_day(ends, at, 'bis ')}{_time(ends)}"


def _from(opens: int, at: int) -> str:
    return f"{_day(opens, at, 'ab ')}{_time(opens)}"


def _day(moment: int, at: int, word: str) -> str:
    """Say the day of a moment as people do: today, tomorrow, its name, and later its date."""
    day, today = day_of(moment), day_of(at)
    if day == today:
        return f"heute {word}"
    if day == today + timedelta(days=1):
        return f"{word}morgen "
    name = WEEKDAYS[day.weekday()]
    dated = f", {day:%d.%m.}," if day - today >= WEEK else ""
    return f"{word}{name}{dated} "


def _time(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, ZONE):%H:%M} Uhr"


def _age(known: Consulted) -> JsonObject:
    return {"fetched_at": known.shelved.fetched_at, "stale": known.is_stale}
