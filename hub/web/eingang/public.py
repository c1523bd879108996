# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be read without signing in: data protection, accessibility, and whether it is alive."""

from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, text
from starlette.responses import RedirectResponse

from hub.adapters.connector.keeping import REMEMBERED
from hub.people.acts import LASTS as ACTS_LAST
from hub.people.books.sessions import IDLE, LONGEST
from hub.people.invitations import CODE_LASTS
from hub.web.eingang.edge import HOME, TheRoom, render
from hub.web.eingang.visitor import MaybeVisitor

router = APIRouter(include_in_schema=False)
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


@router.get("/")
async def get_root() -> Response:
    return RedirectResponse(HOME, status_code=303)


@router.get(f"{HOME}/datenschutz")
async def get_privacy(request: Request, visitor: MaybeVisitor) -> Response:
    """What is kept of those who work here (Art. 13 DSGVO), and where the content lies."""
    lasts = {
        "idle": IDLE // _MINUTE,
        "session": LONGEST // _HOUR,
        "code": CODE_LASTS // _HOUR,
        "acts": ACTS_LAST // _DAY,
        "known": REMEMBERED // _DAY,
    }
    return render(request, "datenschutz.html", visitor=visitor, lasts=lasts)


@router.get(f"{HOME}/barrierefreiheit")
async def get_statement(request: Request, visitor: MaybeVisitor) -> Response:
    """How accessible these pages are, and whom to tell of a barrier."""
    return render(request, "barrierefreiheit.html", visitor=visitor)


@router.get("/health/live")
async def get_live() -> Response:
    """Whether the process answers; nothing of what it holds."""
    return Response(status_code=204)


@router.get("/health/ready")
async def get_ready(room: TheRoom) -> Response:
    """Whether people can sign in and read; the hub may be away meanwhile."""
    for books in (room.people, *(house.books for house in room.houses.values())):
        await books.read(_ask)
    return Response(status_code=204)


def _ask(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
