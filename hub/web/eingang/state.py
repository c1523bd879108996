# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is the connector? What waits, what a target refuses, whom nobody has heard; no content."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.connector.house import House
from hub.adapters.connector.quarantine import quarantined, retry, troubled
from hub.adapters.connector.status import status_of
from hub.adapters.inbox.acts import Act, By, refused_acts, waiting_acts
from hub.adapters.inbox.acts_releasing import release_by
from hub.adapters.inbox.roles import LEADS, MANAGES
from hub.web.eingang.edge import HOME, TheRoom, render
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor

router = APIRouter(prefix=f"{HOME}/zustand", include_in_schema=False)
MAY_SEE: Final = (MANAGES, LEADS)
LATELY: Final = 7 * 86_400
"""Seconds for which an act that the hub has refused is shown here ("Vorgabe des Projekts")."""
Message = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


@router.get("")
async def get(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """Hub, targets, quarantine, and acts that wait to be sent."""
    visitor.require(*MAY_SEE)
    return await _page(request, room.house(visitor.unit), room.second)


@router.post("/{message}/erneut")
async def post_retry(message: Message, room: TheRoom, visitor: TheVisitor) -> Response:
    """Have a delivery tried again at once; it stays in quarantine until the target has it."""
    house = _house(room.house(visitor.unit), visitor)
    await asyncio.to_thread(retry, house.books, message, room.second)
    return _back("erneut")


@router.post("/{message}/entlassen")
async def post_release(
    message: Message, request: Request, room: TheRoom, visitor: TheVisitor, form: TheForm
) -> Response:
    """Take from somebody that they have seen to a delivery by other means.

    The box says so in words: afterwards the target never gets it.
    """
    house = _house(room.house(visitor.unit), visitor)
    if not form.has("erledigt"):
        wrong = {f"erledigt-{message}": "Bestätigen Sie, dass die Nachricht weitergegeben ist."}
        return await _page(request, house, room.second, wrong=wrong)
    await release_by(_by(visitor), message, house)
    return _back("entlassen")


def _house(house: House, visitor: Visitor) -> House:
    visitor.require(*MAY_SEE)
    return house


def _by(visitor: Visitor) -> By:
    role = next(each for each in MAY_SEE if each in visitor.roles)
    return By(visitor.person, visitor.name, role)


def _back(done: str) -> Response:
    return RedirectResponse(f"{HOME}/zustand?getan={done}", status_code=303)


async def _page(
    request: Request, house: House, now: int, *, wrong: dict[str, str] | None = None
) -> Response:
    names = tuple(each.name for each in house.targets)
    status = await asyncio.to_thread(status_of, house.books, house.agency.id, names)
    waiting, refused = await _acts(house, now)
    return render(
        request,
        "zustand.html",
        status=422 if wrong else 200,
        found=status,
        now=now,
        is_silent=status.is_silent(now),
        is_well=status.is_well(now),
        quarantine=await asyncio.to_thread(quarantined, house.books),
        troubled=await asyncio.to_thread(troubled, house.books),
        waiting=waiting,
        refused=refused,
        kinds={each.name: each.settings.kind for each in house.targets},
        titles=_titles(house),
        wrong=wrong or {},
        done=request.query_params.get("getan", ""),
    )


async def _acts(house: House, now: int) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    """Return what people have done and the hub does not know yet, or does not take."""
    waiting = await house.read(waiting_acts)
    return waiting, await house.read(lambda connection: refused_acts(connection, now - LATELY))


def _titles(house: House) -> dict[str, str]:
    return {each.name: each.title for each in house.hub.catalogue.all()}
