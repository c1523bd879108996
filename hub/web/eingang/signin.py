# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the inbox: with a passkey, after a one-time link, and out again."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from hub.adapters.inbox.room import Room
from hub.errors import TokenInvalid
from hub.people.invitations import whose_code
from hub.people.passkeys import Shown, begin_first, enter, keep_first
from hub.people.sessions import Opened, enter_by_code
from hub.web.bodies import body_as, json_response
from hub.web.browsers import device_of, read_form
from hub.web.eingang import signin_oidc
from hub.web.eingang.edge import TheRoom, render
from hub.web.eingang.entering import end_before, entered
from hub.web.eingang.onward import SIGN_IN, onward, where_next
from hub.web.eingang.visitor import (
    MaybeVisitor,
    TheVisitor,
    Visitor,
    check_stranger,
    jar_of,
    may_enter_by_code,
    remember,
)

router = APIRouter(include_in_schema=False)
router.include_router(signin_oidc.router)
LONGEST_CODE: Final = 100
Code = Annotated[str, Field(max_length=LONGEST_CODE)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Wanted(_Closed):
    code: Code


class _Shown(_Closed):
    credential: dict[str, Any]
    onward: Annotated[str, Field(max_length=500)] = ""


class _Made(_Closed):
    code: Code
    credential: dict[str, Any]
    label: Annotated[str, Field(max_length=60)] = ""


@router.get(SIGN_IN)
async def get_sign_in(
    request: Request,
    room: TheRoom,
    visitor: MaybeVisitor,
    weiter: str = "",
    abgemeldet: str = "",
) -> Response:
    """The way in; whoever is in already goes on."""
    if visitor is not None:
        return RedirectResponse(where_next(weiter, visitor.roles), status_code=303)
    provider = room.oidc.name if room.oidc else ""
    return render(
        request,
        "anmeldung.html",
        onward=onward(weiter),
        provider=provider,
        has_left=abgemeldet == "1",
    )


@router.get(f"{SIGN_IN}/einmal")
async def get_link(request: Request, visitor: MaybeVisitor) -> Response:
    """What a one-time link leads to; its code stands behind ``#``, and only the page reads it."""
    del visitor
    check_stranger(request)
    return render(request, "anmeldung_einmal.html")


@router.post(f"{SIGN_IN}/einmal")
async def post_link(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Say whose a one-time code is and which ways in there are; asking uses nothing up."""
    code = await _code(request, room)
    whose = await room.books.read(lambda connection: whose_code(connection, code, room.second))
    if whose is None:
        return _used(request)
    return render(
        request,
        "anmeldung_willkommen.html",
        code=code,
        name=whose.name,
        joins=visitor is not None and visitor.person != whose.id,
        may_enter=may_enter_by_code(request),
        provider=room.oidc.name if room.oidc else "",
    )


@router.post(f"{SIGN_IN}/einmal/eintreten")
async def post_entering(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Open a session for a one-time code, where nothing is at stake."""
    code = await _code(request, room)
    if not may_enter_by_code(request):
        return _used(request)
    try:
        opened, known = await entered(await enter_by_code(code, device_of(request), room), room)
    except TokenInvalid:
        return _used(request)
    await end_before(visitor, room)
    answer = RedirectResponse(where_next("", known.roles), status_code=303)
    return remember(answer, opened, room)


@router.post(f"{SIGN_IN}/passkey/frage")
async def ask_to_show(request: Request, room: TheRoom) -> Response:
    """Ask for any passkey of this inbox; the same question for everybody."""
    check_stranger(request)
    jar_of(room).check_own_page(request)
    return json_response(room.questions.to_show(room.second))


@router.post(f"{SIGN_IN}/passkey/antwort")
async def take_shown(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Open a session for whoever has shown a passkey."""
    check_stranger(request)
    jar_of(room).check_own_page(request)
    said = await body_as(request, _Shown)
    check_stranger(request, str(said.credential.get("id", ""))[:100])
    opened = await enter(Shown(said.credential, device=device_of(request)), room)
    return await _entered(opened, visitor, room, said.onward)


@router.post(f"{SIGN_IN}/passkey/neu")
async def ask_to_make(request: Request, room: TheRoom) -> Response:
    """Ask for a new passkey of somebody who has a one-time code."""
    check_stranger(request)
    jar_of(room).check_own_page(request)
    return json_response(await begin_first((await body_as(request, _Wanted)).code, room))


@router.post(f"{SIGN_IN}/passkey")
async def take_made(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Keep a new passkey, and open the first session with it."""
    check_stranger(request)
    jar_of(room).check_own_page(request)
    made = await body_as(request, _Made)
    shown = Shown(made.credential, made.label.strip(), device=device_of(request))
    return await _entered(await keep_first(made.code, shown, room), visitor, room, "")


@router.post("/eingang/abmelden")
async def post_sign_out(room: TheRoom, visitor: TheVisitor) -> Response:
    """Sign out: the session ends in the books, and the browser forgets it."""
    await end_before(visitor, room)
    return jar_of(room).drop(RedirectResponse(f"{SIGN_IN}?abgemeldet=1", status_code=303))


async def _entered(opened: Opened, visitor: Visitor | None, room: Room, wanted: str) -> Response:
    opened, known = await entered(opened, room)
    await end_before(visitor, room)
    said = {
        "to": where_next(wanted, known.roles),
        # For a form that waits to be sent again: by whom, and under which session.
        "name": known.person.name,
        "marke": jar_of(room).marke(opened.secret),
    }
    return remember(json_response(said), opened, room)


async def _code(request: Request, room: Room) -> str:
    check_stranger(request)
    jar_of(room).check_own_page(request)
    return (await read_form(request)).one("code")[:LONGEST_CODE]


def _used(request: Request) -> Response:
    return render(request, "anmeldung_verbraucht.html", status=403)
