# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the hub: with a passkey, after a one-time link; and seeing which sessions are open.

Machines sign in elsewhere (``signin``), and what they show counts for nothing here.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from hub.enrol.passkeys import begin_passkey, enter_by_passkey, keep_passkey
from hub.enrol.sessions import (
    Opened,
    change_role,
    enter_by_code,
    is_demonstration,
    is_loopback,
    leave,
    own_sessions,
    whose_code,
)
from hub.errors import NotFound, TokenInvalid
from hub.trust.passkeys import Questions
from hub.web.edge import Edge, TheEdge, body_as, check_stranger, json_response
from hub.web.pages import answer
from hub.web.people import HOME, go, page
from hub.web.sessions import (
    TheVisitor,
    Visitor,
    check_own_page,
    forget,
    form_of,
    remember,
)

PATH: Final = "/anmeldung"
router = APIRouter(include_in_schema=False)
STATIC: Final = Path(__file__).parent / "static"
SCRIPT: Final = "text/javascript; charset=utf-8"
LONGEST_CODE: Final = 100


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    code: str


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    credential: dict[str, Any]


class _Made(_Shown):
    code: str


@cache
def _questions(public_url: str) -> Questions:
    return Questions(public_url)


@router.get(PATH)
async def get_sign_in(edge: TheEdge, visitor: TheVisitor) -> Response:
    """The way in; for somebody who is in, their roles and open sessions."""
    if visitor is None:
        return page("anmeldung/anmelden.html", None, asks=True, wanted="")
    sessions = await own_sessions(visitor.known, edge.node)
    return page("anmeldung/sitzungen.html", visitor, sessions=sessions)


@router.get(f"{PATH}/einmal")
async def get_link(request: Request, edge: TheEdge, code: str = "") -> Response:
    """What a one-time link leads to; looking at it uses nothing up."""
    check_stranger(request)
    whose = await whose_code(code, edge.node) if len(code) <= LONGEST_CODE else None
    if whose is None:
        return page("anmeldung/verbraucht.html", None, status=404)
    if _may_enter_by_code(request, edge):
        return page("anmeldung/einmal.html", None, code=code, name=whose[1])
    return page("anmeldung/passkey.html", None, asks=True, code=code, name=whose[1])


@router.post(f"{PATH}/einmal")
async def post_link(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """Open a session for a one-time code, in a demonstration."""
    check_stranger(request)
    form = await form_of(request, edge)
    code = form.get("code", ("",))[0]
    try:
        opened = await enter_by_code(code, _peer(request), edge.node)
    except TokenInvalid:
        edge.node.flood.count_unknown("token-invalid", edge.second)
        return page("anmeldung/verbraucht.html", None, status=403)
    await _end(visitor, edge)
    return remember(go(HOME.get(opened.role, PATH)), opened, edge.node)


@router.post(f"{PATH}/passkey/frage")
async def ask_to_show(request: Request, edge: TheEdge) -> Response:
    """Ask for any passkey of this hub; the same question for everybody."""
    check_stranger(request)
    check_own_page(request, edge)
    return json_response(_of(edge).to_show(edge.second))


@router.post(f"{PATH}/passkey/antwort")
async def take_shown(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """Open a session for whoever has shown a passkey."""
    check_stranger(request)
    check_own_page(request, edge)
    shown = await body_as(request, _Shown)
    opened = await enter_by_passkey(shown.credential, _of(edge), edge.node)
    await _end(visitor, edge)
    return _entered(opened, edge)


@router.post(f"{PATH}/passkey/neu")
async def ask_to_make(request: Request, edge: TheEdge) -> Response:
    """Ask for a new passkey of somebody who has a one-time code."""
    check_stranger(request)
    check_own_page(request, edge)
    wanted = await body_as(request, _Wanted)
    return json_response(await begin_passkey(wanted.code, _of(edge), edge.node))


@router.post(f"{PATH}/passkey")
async def take_made(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """Keep a new passkey, and open the first session with it."""
    check_stranger(request)
    check_own_page(request, edge)
    made = await body_as(request, _Made)
    opened = await keep_passkey(made.code, made.credential, _of(edge), edge.node)
    await _end(visitor, edge)
    return _entered(opened, edge)


@router.post(f"{PATH}/rolle")
async def post_role(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """Go on in another of one's roles, with a new session."""
    visitor = _signed_in(visitor)
    form = await form_of(request, edge, visitor)
    role, _, organisation = form.get("rolle", ("",))[0].partition(" ")
    opened = await change_role(visitor.known, role, organisation, edge.node)
    return remember(go(HOME.get(opened.role, PATH)), opened, edge.node)


@router.post(f"{PATH}/sitzung")
async def post_end(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """End one of one's own sessions."""
    visitor = _signed_in(visitor)
    form = await form_of(request, edge, visitor)
    await leave(visitor.known, form.get("sitzung", ("",))[0], edge.node)
    return go(PATH)


@router.post(f"{PATH}/ende")
async def post_sign_out(request: Request, edge: TheEdge, visitor: TheVisitor) -> Response:
    """Sign out: the session ends at the hub, and the browser forgets it."""
    visitor = _signed_in(visitor)
    await form_of(request, edge, visitor)
    await leave(visitor.known, visitor.known.session.digest, edge.node)
    return forget(go(PATH), edge.node)


@router.get("/static/passkey.js")
def get_script(request: Request) -> Response:
    """The script that asks the browser for a passkey."""
    return answer(request, (STATIC / "passkey.js").read_bytes(), SCRIPT)


def _of(edge: Edge) -> Questions:
    return _questions(edge.node.public_url)


def _entered(opened: Opened, edge: Edge) -> Response:
    return remember(json_response({"to": HOME.get(opened.role, PATH)}), opened, edge.node)


def _signed_in(visitor: Visitor | None) -> Visitor:
    if visitor is None:
        raise NotFound
    return visitor


async def _end(visitor: Visitor | None, edge: Edge) -> None:
    """End the session that the browser had before, now that it has a new one."""
    if visitor is not None:
        with suppress(NotFound):
            await leave(visitor.known, visitor.known.session.digest, edge.node)


def _may_enter_by_code(request: Request, edge: Edge) -> bool:
    return is_demonstration(edge.node) and is_loopback(_peer(request))


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
