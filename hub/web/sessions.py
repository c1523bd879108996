# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a browser show whose session it has, and that it was one of our pages that asked?

The cookie holds 256 random bits and means nothing by itself. Whatever changes something comes from
this address, as the browser itself says, and bears a token that only a page of this session had.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request, Response

from hub.enrol.sessions import Opened, SignedIn, is_demonstration, signed_in
from hub.errors import EnvelopeInvalid, NotPermitted
from hub.node import Node
from hub.sealing.canonical import b64
from hub.web.edge import Edge, TheEdge, check_media_type

FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 60
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
Form = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, and the token that belongs in the forms of this session."""

    known: SignedIn
    token: str


def cookie_name(node: Node) -> str:
    """Return what the cookie is called; with ``__Host-`` no other host or path can set it.

    Browsers take such a name over TLS alone, and so a demonstration without TLS has another.
    """
    return "meldeweg" if is_demonstration(node) else "__Host-meldeweg"


def remember(response: Response, opened: Opened, node: Node) -> Response:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(node),
        opened.id,
        max_age=max(0, opened.ends_at - int(node.clock())),
        path="/",
        secure=not is_demonstration(node),
        httponly=True,
        samesite="strict",
    )
    return response


def forget(response: Response, node: Node) -> Response:
    """Take the session out of the browser; at the hub it has ended already."""
    is_plain = is_demonstration(node)
    response.delete_cookie(
        cookie_name(node), path="/", secure=not is_plain, httponly=True, samesite="strict"
    )
    return response


async def visitor_of(request: Request, edge: TheEdge) -> Visitor | None:
    """Return who is at the browser; None for a stranger and for a session that has ended."""
    secret = request.cookies.get(cookie_name(edge.node), "")
    if not _SECRET.fullmatch(secret):
        return None
    known = await signed_in(secret, edge.node)
    return None if known is None else Visitor(known, token_of(secret))


def token_of(secret: str) -> str:
    """Return the token of a session; it is in no cookie, and nobody gets from it to the id."""
    return b64(sha256(f"form {secret}".encode()).digest())


def check_own_page(request: Request, edge: Edge) -> None:
    """Refuse what no page of ours has sent; every browser of these years says where it comes from.

    Where one says neither, it is none that could be tricked, and none that signs in here.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    address = urlsplit(edge.node.public_url)
    ours = f"{address.scheme}://{address.netloc}"
    if site not in {None, "same-origin"} or origin not in {None, ours}:
        raise NotPermitted("The request does not come from a page of this hub.")
    if site is None and origin is None:
        raise NotPermitted("The request does not say where it comes from.")


async def form_of(request: Request, edge: Edge, visitor: Visitor | None = None) -> Form:
    """Return the fields of a form that a page of ours, and of this session, has sent.

    Raises ``NotPermitted`` where the token is not that of the session.
    """
    check_own_page(request, edge)
    check_media_type(request, FORM)
    fields = _fields(await request.body())
    if visitor is not None:
        shown = fields.pop("marke", ("",))
        if not hmac.compare_digest(shown[0].encode(), visitor.token.encode()):
            raise NotPermitted("The form belongs to another session.")
    return fields


def _fields(raw: bytes) -> Form:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise EnvelopeInvalid("The body is not a form.") from None
    found: Form = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value.strip())
    return found


TheVisitor = Annotated[Visitor | None, Depends(visitor_of)]
