# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One message on paper: a page to print, and a file (PDF/A-3a, PDF/UA-1) for the office's own file.

Both hold what this person may see at once and nothing else; what was entrusted leaves the screen by
no way that goes without a further thought.
"""

import asyncio

from fastapi import APIRouter, Request, Response

from hub.adapters.forms.as_pdf import MEDIA_TYPE, as_pdf
from hub.adapters.inbox.looking import EXPORTED, PRINTED, look
from hub.adapters.inbox.supplements import supplements
from hub.errors import ContentErased, Failure
from hub.web.eingang.edge import HOME, TheRoom
from hub.web.eingang.notice import ONE, Message, looker, shown, unlogged
from hub.web.eingang.visitor import TheVisitor

router = APIRouter(prefix=f"{HOME}/mitteilung", include_in_schema=False)


@router.get(f"{ONE}/druck")
async def get_print(message: Message, request: Request, visitor: TheVisitor) -> Response:
    """A message as it is printed."""
    return await shown(message, request, looker(visitor, PRINTED), "druck.html")


@router.get(f"{ONE}.pdf")
async def get_pdf(
    message: Message, request: Request, room: TheRoom, visitor: TheVisitor
) -> Response:
    """The same as a file, with the JSON form of as much inside."""
    house, log = room.house(visitor.unit), room.reading[visitor.unit]
    try:
        found = await look(message, looker(visitor, EXPORTED), house, log)
    except Failure as failure:
        return unlogged(request, failure)
    if found.notice is None:
        raise ContentErased
    made = await asyncio.to_thread(as_pdf, found.notice.told, tuple(supplements(found.notice)))
    headers = {
        "content-disposition": f'inline; filename="{made.name}"',
        "cache-control": "no-store",
    }
    return Response(made.content, media_type=MEDIA_TYPE, headers=headers)
