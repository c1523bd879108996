# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The duty list: what is waiting, by its clock. No content stands in it."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox import times
from hub.adapters.inbox.roles import READERS
from hub.adapters.inbox.room import Room
from hub.adapters.inbox.shelves import SHELVES, Shelf, Wanted
from hub.adapters.inbox.waiting import Listed, listed
from hub.web.eingang.edge import HOME, TheRoom, as_json, render
from hub.web.eingang.onward import first_page
from hub.web.eingang.visitor import TheVisitor, Visitor

router = APIRouter(prefix=HOME, include_in_schema=False)
EVERY: Final = 20
"""Seconds between two looks of a page that stays open ("Vorgabe des Projekts")."""
NAMES: Final = {"offen": "Offen", "meine": "Meine", "alle": "Alle"}
TheShelf = Annotated[Shelf, Query(alias="liste")]
ThePage = Annotated[int, Query(alias="seite", ge=1, le=10_000)]


@router.get("")
async def get_list(
    request: Request,
    room: TheRoom,
    visitor: TheVisitor,
    shelf: TheShelf = "offen",
    page: ThePage = 1,
) -> Response:
    """What is waiting at this office; whoever only manages or watches goes where they work."""
    if READERS.isdisjoint(visitor.roles):
        return RedirectResponse(first_page(visitor.roles), status_code=303)
    found = await _listed(room, visitor, Wanted(shelf, visitor.person, page))
    answer = render(
        request,
        "liste.html",
        listed=found,
        shelf=shelf,
        shelves=[(each, NAMES[each]) for each in SHELVES],
        now=room.second,
        times=times,
        every=EVERY,
    )
    answer.headers["etag"] = f'"{found.tag}"'
    return answer


@router.get("/stand")
async def get_state(
    room: TheRoom, visitor: TheVisitor, shelf: TheShelf = "offen", page: ThePage = 1
) -> Response:
    """A word that changes when the list does, for a page that stays open; it tells nothing else."""
    visitor.require(*READERS)
    found = await _listed(room, visitor, Wanted(shelf, visitor.person, page))
    return as_json({"stand": found.tag})


async def _listed(room: Room, visitor: Visitor, wanted: Wanted) -> Listed:
    house = room.house(visitor.unit)
    return await house.read(partial(listed, wanted=wanted, catalogue=house.hub.catalogue))
