# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way in by an account of the municipality: out to the identity provider, and back from it."""

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.room import Room
from hub.errors import TokenInvalid
from hub.people.oidc import FLOW_LASTS, Back, Leaving, Wish, come_back, leave_for_provider
from hub.people.oidc_provider import ProviderSilent
from hub.web.browsers import device_of, read_form
from hub.web.eingang.edge import TheRoom, render
from hub.web.eingang.entering import entered
from hub.web.eingang.onward import SIGN_IN, onward, where_next
from hub.web.eingang.visitor import (
    MaybeVisitor,
    Visitor,
    check_stranger,
    jar_of,
    remember,
)

router = APIRouter(prefix=f"{SIGN_IN}/oidc", include_in_schema=False)
_BROWSER: Final = "eingang-weg"
_ADVICE: Final = (
    "Vielleicht ist Ihr Konto hier noch niemandem zugeordnet: Öffnen Sie dann zuerst den Link aus "
    "Ihrer Einladung. Oder es hat zu lange gedauert; dann versuchen Sie es bitte erneut."
)
_SILENT: Final = (
    "Die Anmeldung Ihrer Verwaltung antwortet gerade nicht. Haben Sie hier auch einen Passkey, "
    "melden Sie sich damit an. Sonst versuchen Sie es bitte gleich wieder."
)


@router.get("")
async def get_leaving(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Lead to the identity provider; ``frisch`` where a session is to be confirmed."""
    check_stranger(request)
    said = request.query_params
    is_fresh = visitor is not None and said.get("frisch") == "1"
    session = visitor.session.digest if visitor is not None and is_fresh else ""
    wish = Wish(onward(said.get("weiter")), session=session, before=_before(visitor))
    try:
        leaving = await leave_for_provider(wish, room)
    except (ProviderSilent, TokenInvalid):
        return _problem(request, _SILENT, 503)
    return _left(RedirectResponse(leaving.url, status_code=303), leaving, room)


@router.post("")
async def post_leaving(request: Request, room: TheRoom, visitor: MaybeVisitor) -> Response:
    """Say where an account is bound by a one-time code; the code is in no address on the way.

    A page elsewhere must not have somebody bind their account to an invitation of its own. Our own
    policy lets no form lead to another site, so a page of ours leads on.
    """
    check_stranger(request)
    jar_of(room).check_own_page(request)
    code = (await read_form(request)).one("code")
    try:
        leaving = await leave_for_provider(Wish(onward(None), code, before=_before(visitor)), room)
    except (ProviderSilent, TokenInvalid):
        return _problem(request, _SILENT, 503)
    page = render(request, "anmeldung_weiter.html", to=leaving.url, is_in=False)
    return _left(page, leaving, room)


@router.get("/zurueck")
async def get_return(
    request: Request,
    room: TheRoom,
    state: str = "",
    code: str = "",
    iss: str | None = None,
) -> Response:
    """Take somebody back from the identity provider, and lead on by a page of our own.

    A browser sends no ``SameSite=Strict`` cookie on a redirect that another site began.
    """
    check_stranger(request)
    browser = request.cookies.get(jar_of(room).name(_BROWSER), "")
    try:
        back = await come_back(Back(state, code, iss, browser, device_of(request)), room)
        opened, known = await entered(back.opened, room)
    except TokenInvalid:
        return _forgotten(_problem(request, _ADVICE, 403), room)
    except ProviderSilent:
        return _forgotten(_problem(request, _SILENT, 503), room)
    to = where_next(back.onward, known.roles)
    page = render(request, "anmeldung_weiter.html", to=to, is_in=True)
    return remember(_forgotten(page, room), opened, room)


def _left(answer: Response, leaving: Leaving, room: Room) -> Response:
    """Let the browser keep what proves on its way back that it began."""
    # Lax, and this one cookie alone: the way back begins at another site.
    return jar_of(room).keep(answer, leaving.browser, FLOW_LASTS, word=_BROWSER, samesite="lax")


def _forgotten(answer: Response, room: Room) -> Response:
    return jar_of(room).drop(answer, word=_BROWSER, samesite="lax")


def _before(visitor: Visitor | None) -> str:
    return "" if visitor is None else visitor.session.digest


def _problem(request: Request, advice: str, status: int) -> Response:
    return render(request, "anmeldung_problem.html", status=status, advice=advice)
