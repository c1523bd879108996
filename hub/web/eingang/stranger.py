# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is answered to somebody whose session does not do: who has to sign in, or to show a passkey?

A session ends after a quarter of an hour, and a call about a child may take longer. So a form that
comes too late is not lost: the page keeps it and sends it once the person has shown who they are.
Nothing of it is kept here.
"""

from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.room import Room
from hub.errors import NotPermitted
from hub.people.proving import how_to_prove
from hub.people.sessions import SignInWanted
from hub.web.browsers import is_form, read_form
from hub.web.eingang.edge import render
from hub.web.eingang.onward import here, sign_in_address
from hub.web.eingang.visitor import MARKE, AnotherSession, Rates, jar_of
from hub.web.problems import Problems


class ProofWanted(AnotherSession):
    """Whoever asks has to show once more who they are."""


def install(app: FastAPI) -> None:
    """Have these refusals answered here, and everybody's requests counted."""
    app.state.rates = Rates()
    for kind in (SignInWanted, AnotherSession, ProofWanted):
        app.add_exception_handler(kind, answer_stranger)


async def answer_stranger(request: Request, refusal: Any) -> Response:
    """Answer with a page where a person sees it, and tell a script that its session is over."""
    problems: Problems = request.app.state.problems
    if "text/html" not in request.headers.get("accept", ""):
        return problems.response(refusal)
    if request.method in {"GET", "HEAD"}:
        return _led(request)
    return await _kept(request, refusal) or problems.response(refusal)


def _led(request: Request) -> Response:
    """Lead to the way in; or back to the same page, where a link elsewhere has led here.

    A browser sends no ``SameSite=Strict`` cookie after a link of another site, as in a mail, and
    does so on the next step, which is ours.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        return render(request, "anmeldung_weiter.html", to=here(request), is_in=False)
    return RedirectResponse(sign_in_address(request), status_code=303)


async def _kept(request: Request, refusal: Any) -> Response | None:
    """Give a form back to be sent again; None for what is no form of a page of ours."""
    if not (is_form(request) and _is_ours(request)):
        return None
    room: Room = request.app.state.room
    form = (await read_form(request)).without(MARKE)
    return render(
        request,
        "anmeldung_nochmal.html",
        status=403,
        fields=tuple(form.fields.items()),
        action=request.url.path,
        proof=await _proof(request, refusal, room),
        provider=room.oidc.name if room.oidc else "",
    )


async def _proof(request: Request, refusal: Any, room: Room) -> str:
    """Say how somebody shows once more who they are; empty where that is not what is missing."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is None or not isinstance(refusal, ProofWanted):
        return ""
    return str((await how_to_prove(visitor.known, room))["kind"])


def _is_ours(request: Request) -> bool:
    try:
        jar_of(request.app.state.room).check_own_page(request)
    except NotPermitted:
        return False
    return True
