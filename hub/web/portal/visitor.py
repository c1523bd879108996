# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the browser, and was it one of our pages that asked?

The cookie holds 256 random bits and means nothing by itself. Whatever changes something comes from
this address, as the browser itself says, and bears a token that only a page of this session had.
"""

import re
import time
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Request, Response
from starlette.responses import RedirectResponse

from hub.people.sessions import Opened, SignInWanted, signed_in
from hub.portal.desk import SIGN_IN, Desk
from hub.web.browsers import UNSAFE, Jar, check_marke, is_loopback, peer_of
from hub.web.visitor import Visitor

__all__ = [
    "HOME",
    "MaybeVisitor",
    "TheVisitor",
    "Visitor",
    "check_own_page",
    "check_stranger",
    "forget",
    "jar_of",
    "may_enter_by_code",
    "onward",
    "remember",
    "sign_in_page",
]
HOME: Final = "/portal"
_ONWARD: Final = re.compile(r"/portal(/[A-Za-z0-9_-]{1,64}){0,4}(\?[A-Za-z0-9_=&.:-]{0,200})?")


async def maybe_visitor(request: Request) -> Visitor | None:
    """Return who is at the browser; None for a stranger and for a session that has ended."""
    desk = _desk(request)
    jar = jar_of(desk)
    secret = jar.secret(request)
    if not secret:
        return None
    known = await signed_in(secret, desk, is_still=request.headers.get("x-still") == "1")
    return None if known is None else Visitor(known, jar.marke(secret))


async def visitor_of(request: Request) -> Visitor:
    """Return who asks; raises ``SignInWanted`` for a stranger, ``NotPermitted`` for a forgery."""
    visitor = await maybe_visitor(request)
    if visitor is None:
        raise SignInWanted
    edge: Any = request.app.state.edge
    edge.visitors.check_rate(visitor.session.digest, time.monotonic())
    if request.method in UNSAFE:
        check_own_page(request)
        check_marke(request.headers.get("x-marke", ""), visitor.marke)
    return visitor


TheVisitor = Annotated[Visitor, Depends(visitor_of)]
MaybeVisitor = Annotated[Visitor | None, Depends(maybe_visitor)]


def jar_of(desk: Desk) -> Jar:
    """Return the cookies of this portal."""
    return Jar(desk.settings.public_url, "portal")


def check_own_page(request: Request) -> None:
    """Refuse what no page of this portal has sent."""
    jar_of(_desk(request)).check_own_page(request)


def check_stranger(request: Request, account: str = "") -> None:
    """Count a request of nobody known, by its address and the account that it is about.

    What was counted wears off by itself: nobody can lock anybody out for good.
    """
    edge: Any = request.app.state.edge
    edge.strangers.check_rate(f"{peer_of(request)} {account}".strip(), time.monotonic())


def may_enter_by_code(request: Request) -> bool:
    """Tell whether a one-time link opens a session by itself: a demonstration, on this machine."""
    return _desk(request).is_demonstration and is_loopback(peer_of(request))


def remember(response: Response, opened: Opened, desk: Desk) -> Response:
    """Give the browser its session."""
    return jar_of(desk).keep(response, opened.secret, opened.ends_at - desk.second)


def forget(response: Response, desk: Desk) -> Response:
    """Take the session out of the browser; in the books it has ended already."""
    return jar_of(desk).drop(response)


def onward(said: str | None) -> str:
    """Return where to go on after signing in: a page of this portal, whatever was asked for."""
    return said if said and _ONWARD.fullmatch(said) else HOME


def sign_in_page(request: Request) -> Response:
    """Lead somebody who is not signed in to the way in, and from there back to this page."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?weiter={quote(onward(path), safe='')}", status_code=303)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.edge.desk
    return desk
