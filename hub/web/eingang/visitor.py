# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the browser, for which office, and was it a page of the inbox that asked?"""

import time
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.adapters.inbox.room import Room
from hub.errors import NotPermitted
from hub.people.sessions import Opened, SignInWanted, signed_in
from hub.web.browsers import (
    UNSAFE,
    Form,
    Jar,
    check_marke,
    is_form,
    is_loopback,
    peer_of,
    read_form,
)
from hub.web.limits import Buckets, Rate
from hub.web.visitor import Visitor

__all__ = [
    "MARKE",
    "AnotherSession",
    "MaybeVisitor",
    "Rates",
    "SignInWanted",
    "TheForm",
    "TheVisitor",
    "Visitor",
    "check_stranger",
    "jar_of",
    "may_enter_by_code",
    "remember",
]
MARKE: Final = "marke"
"""Field of a form, and with ``x-`` before it the header of a script, that bears the token."""
VISITORS: Final = Rate(per_second=20, burst=200)
"""Requests of one session ("Vorgabe des Projekts")."""
STRANGERS: Final = Rate(per_second=20, burst=400)
"""Requests from one address of which nobody knows who asks; a whole office shares one."""


class AnotherSession(NotPermitted):
    """What was sent comes from a page of ours, and from a session that is not this one."""


@dataclass(frozen=True)
class Rates:
    """How much each session, and each address of strangers, has asked lately."""

    visitors: Buckets = field(default_factory=lambda: Buckets(VISITORS))
    strangers: Buckets = field(default_factory=lambda: Buckets(STRANGERS))


async def maybe_visitor(request: Request) -> Visitor | None:
    """Return who is at the browser; None for a stranger and for a session that has ended.

    A role that was taken back, or has ended, counts for nothing from the next request on.
    """
    room, visitor = _room(request), None
    jar = jar_of(room)
    secret = jar.secret(request)
    if secret:
        is_still = request.headers.get("x-still") == "1"
        known = await signed_in(secret, room, is_still=is_still)
        if known is not None and known.session.unit in room.houses:
            visitor = Visitor(known, jar.marke(secret))
    request.state.visitor = visitor
    return visitor


async def visitor_of(request: Request) -> Visitor:
    """Return who asks; raises ``SignInWanted`` for a stranger, ``NotPermitted`` for a forgery."""
    visitor = await maybe_visitor(request)
    if visitor is None:
        raise SignInWanted
    rates_of(request).visitors.check_rate(visitor.session.digest, time.monotonic())
    if request.method in UNSAFE:
        jar_of(_room(request)).check_own_page(request)
        await _check_marke(request, visitor)
    return visitor


TheVisitor = Annotated[Visitor, Depends(visitor_of)]
MaybeVisitor = Annotated[Visitor | None, Depends(maybe_visitor)]


async def form_of(request: Request, visitor: TheVisitor) -> Form:
    """Return the fields of a form that a page of this session has sent, without the token."""
    del visitor
    return (await read_form(request)).without(MARKE)


TheForm = Annotated[Form, Depends(form_of)]


async def _check_marke(request: Request, visitor: Visitor) -> None:
    """Refuse what bears another token; a form may be sent again, by whoever is here now."""
    if not is_form(request):
        check_marke(request.headers.get(f"x-{MARKE}", ""), visitor.marke)
        return
    try:
        check_marke((await read_form(request)).one(MARKE), visitor.marke)
    except NotPermitted:
        raise AnotherSession from None


def jar_of(room: Room) -> Jar:
    """Return the cookies of this inbox."""
    return Jar(room.settings.public_url, "eingang")


def remember(response: Response, opened: Opened, room: Room) -> Response:
    """Give the browser its session."""
    return jar_of(room).keep(response, opened.secret, opened.ends_at - room.second)


def rates_of(request: Request) -> Rates:
    """Return how much has been asked of this application lately."""
    rates: Rates = request.app.state.rates
    return rates


def check_stranger(request: Request, account: str = "") -> None:
    """Count a request of nobody known, by its address and the account that it is about.

    What was counted wears off by itself: nobody can lock anybody out for good.
    """
    key = f"{peer_of(request)} {account}".strip()
    rates_of(request).strangers.check_rate(key, time.monotonic())


def may_enter_by_code(request: Request) -> bool:
    """Tell whether a one-time link opens a session by itself: a demonstration, on this machine."""
    return _room(request).is_demonstration and is_loopback(peer_of(request))


def _room(request: Request) -> Room:
    room: Room = request.app.state.room
    return room
