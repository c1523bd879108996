# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the portal: with a passkey after a one-time link, and out again."""

from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.errors import NotFound, TokenInvalid
from hub.people.invitations import whose_code
from hub.people.passkeys import Shown, begin_first, enter, keep_first
from hub.people.sessions import Opened, enter_by_code, leave
from hub.portal.desk import SIGN_IN, Desk
from hub.web.browsers import device_of
from hub.web.edge import body_as, json_response
from hub.web.portal import signin_oidc
from hub.web.portal.edge import TheDesk
from hub.web.portal.shell import shell
from hub.web.portal.visitor import (
    MaybeVisitor,
    TheVisitor,
    Visitor,
    check_own_page,
    check_stranger,
    forget,
    may_enter_by_code,
    onward,
    remember,
)
from hub.web.portal.where import where_next

router = APIRouter(prefix=SIGN_IN, include_in_schema=False)
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
    prf: bool = False


@router.get("")
async def get_sign_in(
    request: Request, desk: TheDesk, visitor: MaybeVisitor, weiter: str = ""
) -> Response:
    """The way in."""
    return shell(
        "portal/anmeldung.html",
        request,
        page="signin",
        signed_in=visitor is not None,
        onward=onward(weiter),
        provider=desk.oidc.name if desk.oidc else "",
    )


@router.get("/einmal")
async def get_link(request: Request) -> Response:
    """What a one-time link leads to; its code stands behind ``#``, and only the page reads it."""
    check_stranger(request)
    return shell("portal/anmeldung_einmal.html", request, page="link", signed_in=False)


@router.post("/einmal/frage")
async def ask_about_link(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Say whose a one-time code is and which ways in there are; asking uses nothing up."""
    check_stranger(request)
    check_own_page(request)
    code = (await body_as(request, _Wanted)).code
    whose = await desk.books.read(lambda connection: whose_code(connection, code, desk.second))
    if whose is None:
        raise TokenInvalid
    return json_response(
        {
            "name": whose.name,
            "may_enter": may_enter_by_code(request),
            "joins": visitor is not None,
            "provider": desk.oidc.name if desk.oidc else "",
        }
    )


@router.post("/einmal")
async def post_link(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Open a session for a one-time code, where nothing is at stake."""
    check_stranger(request)
    check_own_page(request)
    code = (await body_as(request, _Wanted)).code
    if not may_enter_by_code(request):
        raise TokenInvalid
    opened = await enter_by_code(code, device_of(request), desk)
    return await _entered(opened, visitor, desk, "")


@router.post("/passkey/frage")
async def ask_to_show(request: Request, desk: TheDesk) -> Response:
    """Ask for any passkey of this portal; the same question for everybody."""
    check_stranger(request)
    check_own_page(request)
    return json_response(desk.questions.to_show(desk.second))


@router.post("/passkey/antwort")
async def take_shown(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Open a session for whoever has shown a passkey."""
    check_stranger(request)
    check_own_page(request)
    said = await body_as(request, _Shown)
    check_stranger(request, str(said.credential.get("id", ""))[:100])
    opened = await enter(Shown(said.credential, device=device_of(request)), desk)
    return await _entered(opened, visitor, desk, said.onward)


@router.post("/passkey/neu")
async def ask_to_make(request: Request, desk: TheDesk) -> Response:
    """Ask for a new passkey of somebody who has a one-time code."""
    check_stranger(request)
    check_own_page(request)
    return json_response(await begin_first((await body_as(request, _Wanted)).code, desk))


@router.post("/passkey")
async def take_made(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Keep a new passkey, and open the first session with it."""
    check_stranger(request)
    check_own_page(request)
    made = await body_as(request, _Made)
    shown = Shown(made.credential, made.label.strip(), made.prf, device_of(request))
    return await _entered(await keep_first(made.code, shown, desk), visitor, desk, "")


@router.post("/abmelden")
async def post_sign_out(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Sign out: the session ends in the books, and the browser forgets it."""
    await leave(visitor.person, visitor.session.digest, desk)
    return forget(Response(status_code=204), desk)


async def end_before(visitor: Visitor | None, desk: Desk) -> None:
    """End the session that the browser had before, now that it has a new one."""
    if visitor is not None:
        with suppress(NotFound):
            await leave(visitor.person, visitor.session.digest, desk)


async def _entered(opened: Opened, visitor: Visitor | None, desk: Desk, wanted: str) -> Response:
    await end_before(visitor, desk)
    answer = json_response({"to": await where_next(opened, desk, wanted)})
    return remember(answer, opened, desk)
