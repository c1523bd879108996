# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way in by an account elsewhere: out to the identity provider, and back from it."""

from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from hub.errors import Overloaded, TokenInvalid
from hub.people.oidc import FLOW_LASTS, Back, Leaving, Wish, come_back, leave_for_provider
from hub.people.oidc_provider import ProviderSilent
from hub.portal.desk import Desk
from hub.web.browsers import device_of
from hub.web.edge import body_as, json_response
from hub.web.portal.edge import TheDesk
from hub.web.portal.shell import language_of, shell
from hub.web.portal.visitor import (
    MaybeVisitor,
    Visitor,
    check_own_page,
    check_stranger,
    jar_of,
    onward,
    remember,
)
from hub.web.portal.where import where_next

router = APIRouter(include_in_schema=False)
_BROWSER: Final = "portal-weg"
_ADVICE: Final = {
    "de": (
        "Vielleicht ist Ihr Konto hier noch niemandem zugeordnet: Öffnen Sie dann zuerst den Link "
        "aus Ihrer Einladung. Oder es hat zu lange gedauert; dann versuchen Sie es bitte erneut."
    ),
    "en": (
        "Perhaps your account is not known here yet: then open the link of your invitation first. "
        "Or it took too long; then please try again."
    ),
}
_SILENT: Final = {
    "de": "Die Anmeldung Ihres Trägers antwortet gerade nicht. Versuchen Sie es später wieder.",
    "en": "The sign-in of your authority does not answer just now. Please try again later.",
}


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    code: Annotated[str, Field(max_length=100)]


@router.get("/oidc")
async def get_leaving(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Lead to the identity provider; ``frisch`` where a session is to confirm something."""
    check_stranger(request)
    said = request.query_params
    session = _session(visitor, said.get("frisch", ""))
    wish = Wish(onward(said.get("weiter")), session=session, before=_before(visitor))
    try:
        leaving = await leave_for_provider(wish, desk)
    except (ProviderSilent, TokenInvalid):
        return _problem(request, _SILENT, 503)
    return _left(RedirectResponse(leaving.url, status_code=303), leaving, desk)


@router.post("/oidc")
async def post_leaving(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Say where an account is bound by a one-time code; the code is in no address on the way.

    A page elsewhere must not have somebody bind their account to an invitation of its own.
    """
    check_stranger(request)
    check_own_page(request)
    code = (await body_as(request, _Wanted)).code
    try:
        wish = Wish(onward(None), code, before=_before(visitor))
        leaving = await leave_for_provider(wish, desk)
    except (ProviderSilent, TokenInvalid):
        raise Overloaded from None
    return _left(json_response({"to": leaving.url}), leaving, desk)


def _left(answer: Response, leaving: Leaving, desk: Desk) -> Response:
    """Let the browser keep what proves on its way back that it began."""
    # Lax, and this one cookie alone: the way back begins at another site.
    return jar_of(desk).keep(answer, leaving.browser, FLOW_LASTS, word=_BROWSER, samesite="lax")


@router.get("/oidc/zurueck")
async def get_return(
    request: Request,
    desk: TheDesk,
    state: str = "",
    code: str = "",
    iss: str | None = None,
) -> Response:
    """Take somebody back from the identity provider, and lead on by a page of our own.

    A browser sends no ``SameSite=Strict`` cookie on a redirect that another site began.
    """
    check_stranger(request)
    browser = request.cookies.get(jar_of(desk).name(_BROWSER), "")
    try:
        entered = await come_back(Back(state, code, iss, browser, device_of(request)), desk)
    except TokenInvalid:
        return _forgotten(_problem(request, _ADVICE, 403), desk)
    except ProviderSilent:
        return _forgotten(_problem(request, _SILENT, 503), desk)
    to = await where_next(entered.opened, desk, entered.onward)
    page = shell("portal/anmeldung_zurueck.html", request, page="back", signed_in=False, onward=to)
    return remember(_forgotten(page, desk), entered.opened, desk)


def _before(visitor: Visitor | None) -> str:
    return "" if visitor is None else visitor.session.digest


def _session(visitor: Visitor | None, fresh: str) -> str:
    return visitor.session.digest if visitor is not None and fresh == "1" else ""


def _problem(request: Request, advice: dict[str, str], status: int) -> Response:
    return shell(
        "portal/anmeldung_problem.html",
        request,
        page="used",
        status=status,
        signed_in=False,
        advice=advice[language_of(request)],
    )


def _forgotten(answer: Response, desk: Desk) -> Response:
    return jar_of(desk).drop(answer, word=_BROWSER, samesite="lax")
