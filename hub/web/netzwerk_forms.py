# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What whoever coordinates a network enters: versions of its rules, acceptances, meetings.

What is not right comes back on the same page with everything that was filled in, and a summary on
top leads to each place.
"""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from hub.enrol.affairs import (
    NewAcceptance,
    NewMeeting,
    NewVersion,
    call_meeting,
    call_off,
    publish_rules,
    record_acceptance,
)
from hub.errors import IdReused, NotFound
from hub.inquire.network import Affairs, Meeting, affairs_of
from hub.model.ids import UUID
from hub.web.edge import TheEdge
from hub.web.filled import Filled
from hub.web.netzwerk import Hall, TheHall, shown
from hub.web.netzwerk_calendar import ICS, as_ics
from hub.web.people import POLICY, go
from hub.web.sessions import form_of

router = APIRouter(prefix="/netzwerk/{key}", include_in_schema=False)
DOCUMENT: Final = "geschaeftsordnung"
MEETINGS: Final = ("Netzwerktreffen", "Netzwerkkonferenz", "Schulung", "Arbeitsgruppe")
LONGEST_VERSION: Final = 9999
_UNSENT: Final = Filled({})


@router.get("/geschaeftsordnung")
async def get_rules(hall: TheHall) -> Response:
    """The versions of the rules of procedure, who accepted which, and forms for both."""
    return await _rules(hall, _UNSENT)


@router.post("/geschaeftsordnung/fassungen")
async def post_version(request: Request, hall: TheHall, edge: TheEdge) -> Response:
    """Put a version before the members."""
    filled = Filled(await form_of(request, edge, hall.visitor))
    new = _version(filled)
    if not filled.wrong:
        try:
            await publish_rules(hall.place.key, new, hall.visitor.known, hall.node)
            return go(f"{hall.path}/geschaeftsordnung")
        except IdReused:
            filled.wrong["fassung"] = "Diese Fassung gibt es schon; eine neue bekommt eine Nummer."
    return await _rules(hall, filled)


@router.post("/geschaeftsordnung/zustimmungen")
async def post_acceptance(request: Request, hall: TheHall, edge: TheEdge) -> Response:
    """Enter that a member has accepted a version."""
    filled = Filled(await form_of(request, edge, hall.visitor))
    affairs = await affairs_of(hall.place, hall.node)
    new = _acceptance(filled, hall, affairs)
    if not filled.wrong:
        try:
            await record_acceptance(hall.place.key, new, hall.visitor.known, hall.node)
            return go(f"{hall.path}/geschaeftsordnung")
        except IdReused:
            filled.wrong["mitglied"] = "Diese Zustimmung ist schon eingetragen."
    return await _rules(hall, filled)


@router.get("/kalender")
async def get_calendar(hall: TheHall) -> Response:
    """Meetings and trainings, those to come first, and a form for another."""
    return await _calendar(hall, _UNSENT)


@router.post("/kalender")
async def post_meeting(request: Request, hall: TheHall, edge: TheEdge) -> Response:
    """Enter a meeting."""
    filled = Filled(await form_of(request, edge, hall.visitor))
    new = _meeting(filled, hall)
    if filled.wrong:
        return await _calendar(hall, filled)
    await call_meeting(hall.place.key, new, hall.visitor.known, hall.node)
    return go(f"{hall.path}/kalender")


@router.post("/kalender/absage")
async def post_calling_off(request: Request, hall: TheHall, edge: TheEdge) -> Response:
    """Call a meeting off."""
    form = await form_of(request, edge, hall.visitor)
    await call_off(hall.place.key, form.get("termin", ("",))[0], hall.node)
    return go(f"{hall.path}/kalender")


@router.get("/kalender/{name}.ics")
async def get_invitation(name: str, hall: TheHall) -> Response:
    """A meeting as a file for calendars, to be sent to those who are invited."""
    meeting = await _meeting_of(name, hall)
    roles = ", ".join(hall.words.get(each, each) for each in meeting.invited)
    url = f"{hall.node.public_url}{hall.path}/kalender"
    content = as_ics(meeting, hall.place.name, roles or "alle Mitglieder", url)
    named = {**POLICY, "content-disposition": 'attachment; filename="einladung.ics"'}
    return Response(content, media_type=ICS, headers=named)


async def _rules(hall: Hall, filled: Filled) -> Response:
    affairs = await affairs_of(hall.place, hall.node)
    asked = hall.asked
    return shown(
        "geschaeftsordnung",
        hall,
        "/geschaeftsordnung",
        status=422 if filled.wrong else 200,
        filled=filled,
        versions=affairs.versions,
        current=affairs.current,
        asked=asked,
        member_options=[(each.organisation, each.name) for each in asked],
        version_options=[
            (f"{each.document}/{each.version}", f"{each.title}, Fassung {each.version}")
            for each in affairs.versions
        ],
    )


async def _calendar(hall: Hall, filled: Filled) -> Response:
    affairs = await affairs_of(hall.place, hall.node)
    now = hall.node.clock()
    return shown(
        "kalender",
        hall,
        "/kalender",
        status=422 if filled.wrong else 200,
        filled=filled,
        meetings=[each for each in affairs.meetings if each.ends_at >= now],
        past=[each for each in reversed(affairs.meetings) if each.ends_at < now],
        meeting_kinds=[(each, each) for each in MEETINGS],
    )


async def _meeting_of(name: str, hall: Hall) -> Meeting:
    affairs = await affairs_of(hall.place, hall.node)
    for each in affairs.meetings:
        if UUID.fullmatch(name) and each.id == name:
            return each
    raise NotFound


def _version(filled: Filled) -> NewVersion:
    new = NewVersion(
        document=DOCUMENT,
        title=filled.line("titel", "der Name der Geschäftsordnung"),
        version=filled.line("fassung", "die Nummer der Fassung"),
        published_on=filled.day("vom", "Tag der Fassung"),
        content=filled.text("wortlaut", "Wortlaut"),
        link=filled.line("adresse", "Adresse", required=False),
    )
    number = new.version
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= LONGEST_VERSION):
        filled.wrong["fassung"] = "Fassung: eine ganze Zahl, zum Beispiel 3."
    if not new.content and not new.link:
        filled.wrong["wortlaut"] = "Es fehlt: der Wortlaut oder die Adresse, unter der er steht."
    if new.link and not _is_address(new.link):
        filled.wrong["adresse"] = "Adresse: eine, die mit https:// beginnt."
    return new


def _acceptance(filled: Filled, hall: Hall, affairs: Affairs) -> NewAcceptance:
    versions = {f"{each.document}/{each.version}" for each in affairs.versions}
    members = {each.organisation for each in hall.asked}
    member = filled.one_of("mitglied", members, "das Mitglied")
    chosen = filled.one_of("zu", versions, "die Fassung")
    document, _, version = chosen.partition("/")
    for each in affairs.versions:
        if (each.document, each.version) == (document, version) and member in each.by:
            filled.wrong["mitglied"] = "Dieses Mitglied hat der Fassung schon zugestimmt."
    return NewAcceptance(
        document=document,
        version=version,
        organisation=member,
        accepted_on=filled.day("am", "Tag der Zustimmung"),
        function=filled.line("funktion", "die Funktion, in der zugestimmt wurde"),
        source=filled.line("quelle", "wo die Zustimmung steht"),
    )


def _meeting(filled: Filled, hall: Hall) -> NewMeeting:
    # In the order of the page, for objections stand in the order in which they are found.
    title = filled.line("titel", "worum es geht")
    kind = filled.one_of("art", MEETINGS, "die Art des Termins")
    on = filled.day("am", "Wann")
    new = NewMeeting(
        title=title,
        kind=kind,
        begins_at=filled.second(on, "von", "Beginn"),
        ends_at=filled.second(on, "bis", "Ende"),
        place=filled.line("ort", "der Ort"),
        invited=filled.some_of("eingeladen", hall.roles, "wer eingeladen ist"),
    )
    if not filled.wrong and new.ends_at <= new.begins_at:
        filled.wrong["bis"] = "Ende: Es liegt nicht nach dem Beginn."
    return new


def _is_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme == "https" and bool(urlsplit(text).hostname)
    except ValueError:
        return False
