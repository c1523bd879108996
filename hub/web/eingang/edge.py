# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every page of the inbox need: the room, the frame around it, and its policy?

A page with content is made in memory, goes out once with ``no-store``, and is written nowhere. It
works without any script; a script may keep it fresh, and may ask for a passkey.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from starlette.responses import JSONResponse

from hub.adapters.inbox.roles import NAMES
from hub.adapters.inbox.room import Room
from hub.web.eingang.files import files
from hub.web.eingang.ways import HOME, ways_of
from hub.web.pages import HTML
from hub.web.pages import render as rendered
from hub.web.portal.shell import PERMISSIONS

__all__ = ["HOME", "TheRoom", "render", "room_of"]
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


async def room_of(request: Request) -> Room:
    room: Room = request.app.state.room
    return room


TheRoom = Annotated[Room, Depends(room_of)]


def render(
    request: Request, template: str, *, status: int = 200, visitor: Any = None, **values: Any
) -> Response:
    """Return a page of the inbox in its frame.

    ``template`` lies in ``templates/eingang``. Whoever is signed in is found by itself, where the
    route has asked for a visitor.
    """
    room: Room = request.app.state.room
    somebody = visitor or getattr(request.state, "visitor", None)
    shown = {**_frame(request, room), **_of(somebody, room), **values}
    content = rendered(f"eingang/{template}", **shown)
    headers = {
        "content-security-policy": POLICY,
        "permissions-policy": PERMISSIONS,
        "cache-control": "no-store",
        # With ``no-referrer`` a browser leaves out of a form where it comes from.
        "referrer-policy": "same-origin",
    }
    return Response(content, status, media_type=HTML, headers=headers)


def as_json(content: object, status: int = 200) -> Response:
    """Return something for a script of a page; never anything of a notice's content."""
    return JSONResponse(content, status)


def _frame(request: Request, room: Room) -> dict[str, Any]:
    return {
        "files": files(),
        "path": request.url.path,
        "settings": room.settings,
        "is_invented": room.is_invented,
        "shows_content": False,
    }


def _of(visitor: Any, room: Room) -> dict[str, Any]:
    """Return what the frame says of whoever is signed in, and of their office."""
    if visitor is None:
        return {
            "visitor": None,
            "office": room.first_office,
            "hub_trouble": "",
            "bar": (),
            "held_roles": (),
            "ends_in": 0,
        }
    return {
        "visitor": visitor,
        "office": room.office(visitor.unit),
        "hub_trouble": room.trouble_of_hub(visitor.unit),
        "bar": ways_of(visitor.roles),
        "ends_in": max(0, visitor.session.idle_ends_at - room.second),
        "held_roles": tuple(word for role, word in NAMES.items() if role in visitor.roles),
    }
