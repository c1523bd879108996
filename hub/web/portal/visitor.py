# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the browser, and was it one of our pages that asked?

The cookie holds 256 random bits and means nothing by itself. Whatever changes something comes from
this address, as the browser itself says, and bears a token that only a page of this session had.
"""

import hmac
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from starlette.responses import RedirectResponse

from hub.errors import NotPermitted
from hub.portal.books.people_sessions import StoredSession
from hub.portal.desk import Desk
from hub.portal.roles import check_one_of
from hub.portal.sessions import Opened, SignedIn, SignInWanted, signed_in
from hub.sealing.canonical import b64

SIGN_IN: Final = "/portal/anmeldung"
HOME: Final = "/portal"
UNSAFE: Final = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ONWARD: Final = re.compile(r"/portal(/[A-Za-z0-9_-]{1,64}){0,4}(\?[A-Za-z0-9_=&.:-]{0,200})?")


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, at one house, and the token that belongs in what they send."""

    known: SignedIn
    marke: str

    @property
    def person(self) -> str:
        return self.known.person.id

    @property
    def name(self) -> str:
        return self.known.person.name

    @property
    def unit(self) -> str:
        return self.session.unit

    @property
    def roles(self) -> frozenset[str]:
        return self.known.roles

    @property
    def session(self) -> StoredSession:
        return self.known.session

    def require(self, *roles: str) -> None:
        """Refuse where none of these roles is held at the house of this session."""
        check_one_of(self.roles, roles)


async def maybe_visitor(request: Request) -> Visitor | None:
    """Return who is at the browser; None for a stranger and for a session that has ended."""
    desk = _desk(request)
    secret = request.cookies.get(cookie_name(desk), "")
    if not _SECRET.fullmatch(secret):
        return None
    known = await signed_in(secret, desk, is_still=request.headers.get("x-still") == "1")
    return None if known is None else Visitor(known, marke_of(secret))


async def visitor_of(request: Request) -> Visitor:
    """Return who asks; raises ``SignInWanted`` for a stranger, ``NotPermitted`` for a forgery."""
    visitor = await maybe_visitor(request)
    if visitor is None:
        raise SignInWanted
    edge: Any = request.app.state.edge
    edge.visitors.check_rate(visitor.session.digest, time.monotonic())
    if request.method in UNSAFE:
        check_own_page(request)
        shown = request.headers.get("x-marke", "")
        if not hmac.compare_digest(shown.encode(), visitor.marke.encode()):
            raise NotPermitted("The request belongs to another session.")
    return visitor


TheVisitor = Annotated[Visitor, Depends(visitor_of)]
MaybeVisitor = Annotated[Visitor | None, Depends(maybe_visitor)]


def marke_of(secret: str) -> str:
    """Return the token of a session; it is in no cookie, and nobody gets from it to the secret."""
    return b64(sha256(f"portal {secret}".encode()).digest())


def check_own_page(request: Request) -> None:
    """Refuse what no page of ours has sent; every browser of these years says where it comes from.

    Where one says neither, it is none that could be tricked, and none that signs in here.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    address = urlsplit(_desk(request).settings.public_url)
    ours = f"{address.scheme}://{address.netloc}"
    if site not in {None, "same-origin"} or origin not in {None, ours}:
        raise NotPermitted("The request does not come from a page of this portal.")
    if site is None and origin is None:
        raise NotPermitted("The request does not say where it comes from.")


def check_stranger(request: Request, account: str = "") -> None:
    """Count a request of nobody known, by its address and the account that it is about.

    What was counted wears off by itself: nobody can lock anybody out for good.
    """
    edge: Any = request.app.state.edge
    edge.strangers.check_rate(f"{peer_of(request)} {account}".strip(), time.monotonic())


def cookie_name(desk: Desk, word: str = "portal") -> str:
    """Return what a cookie is called; with ``__Host-`` no other host or path can set it.

    Browsers take such a name over TLS alone, and so a portal on loopback has another.
    """
    return word if is_plain(desk) else f"__Host-{word}"


def is_plain(desk: Desk) -> bool:
    """Tell whether the portal is reached without TLS, which it is on this machine alone."""
    address = urlsplit(desk.settings.public_url)
    return address.scheme == "http" and is_loopback(address.hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is that of this machine to itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def peer_of(request: Request) -> str:
    return request.client.host if request.client else ""


def may_enter_by_code(request: Request) -> bool:
    """Tell whether a one-time link opens a session by itself: a demonstration, on this machine."""
    return _desk(request).is_demonstration and is_loopback(peer_of(request))


def remember(response: Response, opened: Opened, desk: Desk) -> Response:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(desk),
        opened.secret,
        max_age=max(0, opened.ends_at - desk.second),
        path="/",
        secure=not is_plain(desk),
        httponly=True,
        samesite="strict",
    )
    return response


def forget(response: Response, desk: Desk) -> Response:
    """Take the session out of the browser; in the books it has ended already."""
    response.delete_cookie(
        cookie_name(desk), path="/", secure=not is_plain(desk), httponly=True, samesite="strict"
    )
    return response


def onward(said: str | None) -> str:
    """Return where to go on after signing in: a page of this portal, whatever was asked for."""
    return said if said and _ONWARD.fullmatch(said) else HOME


def sign_in_page(request: Request) -> Response:
    """Lead somebody who is not signed in to the way in, and from there back to this page."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?weiter={quote(onward(path), safe='')}", status_code=303)


def device_of(request: Request) -> str:
    """Return what the owner of a session will know a device by; nothing that tells two apart."""
    said = request.headers.get("user-agent", "")[:400]
    system = next((name for word, name in _SYSTEMS if word in said), "")
    browser = next((name for word, name in _BROWSERS if word in said), "Browser")
    return f"{browser}, {system}" if system else browser


_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# Each names those below it as well, so the order decides.
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.edge.desk
    return desk
