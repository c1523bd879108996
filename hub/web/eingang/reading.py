# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log of reading: who opened what at this office, for whoever watches over data protection.

Whoever looks at it is in it: the purpose is asked for first, and entered before anything is shown.
"""

import asyncio
import re
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from hub.adapters.inbox.roles import WATCHES
from hub.adapters.inbox.room import Room
from hub.adapters.reading.checking import in_words
from hub.adapters.reading.heads import BEAT
from hub.adapters.reading.hours import IN_WORDS
from hub.adapters.reading.leaving import export_zip
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.looking import Found, Wanted, find
from hub.adapters.reading.proving import verified
from hub.adapters.reading.reading import Reading
from hub.adapters.reading.words import CLASSES, DENIED, GROUNDS, KINDS, LOOKED, PURPOSES, ROLES
from hub.directory.hours import day_of, term
from hub.model.ids import UUID
from hub.people.books.people import names_of
from hub.web.eingang.edge import HOME, TheRoom, render
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor

router = APIRouter(prefix=f"{HOME}/lesebuch", include_in_schema=False)
SHOWN: Final = 30
"""Days that are shown where nobody asks for others."""
ZIP: Final = "application/zip"
_PLACE: Final = re.compile(r"[0-9]{1,15}")
_MARKED: Final = {DENIED: "warnung", "reading.entrusted": "hinweis"}


@router.get("")
async def get_log(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """Who opened what, the newest first; without a purpose only the question for it."""
    log = _log(room, visitor)
    filters = _filters(request)
    purpose = request.query_params.get("zweck", "")
    if purpose not in PURPOSES:
        return _page(request, room, filters=filters, wrong=_unsaid(request))
    wanted, wrong = _wanted(filters, room.second)
    if wrong:
        return _page(request, room, filters=filters, purpose=purpose, wrong=wrong)
    await log.note(_look(visitor, purpose))
    found = await find(log, wanted)
    names = await _names(found, room)
    newest = log.answers.newest()
    return _page(
        request,
        room,
        filters=filters,
        purpose=purpose,
        found=found,
        names=names,
        proven=0 if newest is None else newest.checkpoint.size,
        since=day_of(wanted.since),
        until=day_of(wanted.until - 1),
    )


@router.get("/pruefung")
async def get_proof(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """Whether the log holds, computed anew from its entries, and whether the hub knows the same."""
    log = _log(room, visitor)
    verdict = await verified(log, room.house(visitor.unit).hub)
    return render(
        request, "lesebuch_pruefung.html", verdict=verdict, words=in_words(verdict), vkey=log.vkey
    )


@router.post("/ausfuhr")
async def post_export(room: TheRoom, visitor: TheVisitor, form: TheForm) -> Response:
    """The whole log as a file that anybody can verify; no name is in it."""
    log = _log(room, visitor)
    purpose = form.one("zweck")
    if purpose not in PURPOSES:
        return Response(status_code=303, headers={"location": f"{HOME}/lesebuch?zweck="})
    await log.note(_look(visitor, purpose))
    name = f"lesebuch-{visitor.unit.replace(':', '-')}-{day_of(room.second)}.zip"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(await asyncio.to_thread(export_zip, log), media_type=ZIP, headers=headers)


def _log(room: Room, visitor: Visitor) -> ReadingLog:
    """Return the log of the visitor's office; raises ``NotPermitted`` for everybody else."""
    visitor.require(WATCHES)
    log: ReadingLog = room.reading[visitor.unit]
    return log


def _look(visitor: Visitor, purpose: str) -> Reading:
    return Reading(visitor.person, WATCHES, LOOKED, ground=purpose)


def _filters(request: Request) -> dict[str, str]:
    said = request.query_params
    return {name: said.get(name, "") for name in ("von", "bis", "art", "vorgang", "zeit", "vor")}


def _unsaid(request: Request) -> dict[str, str]:
    """Say what is missing, where somebody has sent the form without it."""
    if "zweck" in request.query_params:
        return {"zweck": "Wählen Sie, wozu Sie das Lesebuch einsehen."}
    return {}


def _wanted(filters: dict[str, str], now: int) -> tuple[Wanted, dict[str, str]]:
    """Read what is asked for, and what of it is nothing that could be asked."""
    wrong: dict[str, str] = {}
    until = _day(filters["bis"], day_of(now))
    since = _day(filters["von"], (until or day_of(now)) - timedelta(days=SHOWN))
    if since is None:
        wrong["von"] = "Den Beginn als Datum angeben, etwa 01.03.2026."
    if until is None:
        wrong["bis"] = "Das Ende als Datum angeben, etwa 31.03.2026."
    if since is not None and until is not None and until < since:
        wrong["bis"] = "Das Ende liegt vor dem Beginn."
    if filters["vorgang"] and not UUID.fullmatch(filters["vorgang"].strip()):
        wrong["vorgang"] = "Die Kennung besteht aus 32 Zeichen mit vier Bindestrichen."
    if wrong or since is None or until is None:
        return Wanted(0, 0), wrong
    begins, ends = term(since, until)
    kind = filters["art"] if filters["art"] in KINDS else ""
    before = int(filters["vor"]) if _PLACE.fullmatch(filters["vor"]) else None
    about = filters["vorgang"].strip()
    return Wanted(begins, ends, kind, about, filters["zeit"] == "ausserhalb", before), {}


def _day(said: str, otherwise: date) -> date | None:
    if not said:
        return otherwise
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


async def _names(found: Found, room: Room) -> dict[str, str]:
    """Return what the people are called whose pseudonyms these are, as far as it is known."""
    persons = tuple(frozenset(found.persons.values()))
    names = await room.people.read(partial(names_of, persons=persons))
    return {pid: names[person] for pid, person in found.persons.items() if person in names}


def _page(
    request: Request,
    room: Room,
    *,
    filters: dict[str, str],
    purpose: str = "",
    found: Found | None = None,
    wrong: dict[str, str] | None = None,
    **shown: Any,
) -> Response:
    said = {"names": {}, "proven": 0, "since": None, "until": None, **shown}
    return render(
        request,
        "lesebuch.html",
        status=422 if wrong else 200,
        filters=filters,
        purpose=purpose,
        found=found,
        wrong=wrong or {},
        kinds=KINDS,
        classes=CLASSES,
        grounds=GROUNDS,
        role_names=ROLES,
        purposes=[(each, GROUNDS[each]) for each in PURPOSES],
        marked=_MARKED,
        hours=IN_WORDS,
        titles={each.name: each.title for each in room.catalogue.all()},
        trouble=room.house(request.state.visitor.unit).heard.get(BEAT, (0, ""))[1],
        **said,
    )
