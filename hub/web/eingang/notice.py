# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One message: the one next act on top, then what matters in thirty seconds, then all of it."""

from dataclasses import replace
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Path, Request, Response
from pydantic import BeforeValidator

from hub.adapters.forms.sections import dialled
from hub.adapters.inbox import times
from hub.adapters.inbox.acts_next import roles_in_order
from hub.adapters.inbox.assigned import GROUNDS
from hub.adapters.inbox.looking import OPENED, SHOWN, ContentSpoiled, Look, Looker, look
from hub.adapters.inbox.room import Room
from hub.adapters.reading.shut import LogShut
from hub.errors import Failure
from hub.web.eingang.edge import HOME, render
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor

router = APIRouter(prefix=f"{HOME}/mitteilung", include_in_schema=False)
UNAVAILABLE: Final = 503
GROUND: Final = "grund"
WHY: Final = "Bitte wählen Sie, worauf Sie sich stützen."
Message = Annotated[str, BeforeValidator(str), Path()]
ONE: Final = "/{message:uuid}"
"""What is no id leads nowhere: the same answer as for a message that is not here."""
_log: Final = structlog.stdlib.get_logger()


@router.get(ONE)
async def get_notice(message: Message, request: Request, visitor: TheVisitor) -> Response:
    """A message, as much of it as this person may see at once."""
    return await shown(message, request, looker(visitor, SHOWN))


@router.post(f"{ONE}/anvertraut")
async def post_entrusted(
    message: Message, request: Request, visitor: TheVisitor, form: TheForm
) -> Response:
    """The same with what was entrusted (§ 65 SGB VIII): an act of its own, with its own entry.

    The page is the answer to the act and has no address, so nobody comes back to it by accident.
    Whoever has the matter from somebody else says first on which ground they open it.
    """
    by = looker(visitor, OPENED, opens=True)
    return await shown(message, request, replace(by, ground=form.one(GROUND)))


def looker(visitor: Visitor, kind: str, *, opens: bool = False) -> Looker:
    """Return who looks; the log has the role in which this person acts first of all."""
    role = next(iter(roles_in_order(visitor.roles)), min(visitor.roles, default=""))
    return Looker(visitor.person, visitor.roles, role, kind, opens)


async def shown(
    message: str, request: Request, by: Looker, template: str = "mitteilung.html"
) -> Response:
    """Answer with a page of a message, once the log of reading says who sees it."""
    room: Room = request.app.state.room
    unit = request.state.visitor.unit
    try:
        found = await look(message, by, room.house(unit), room.reading[unit])
    except Failure as failure:
        return unlogged(request, failure)
    wrong = {GROUND: WHY} if by.opens and not found.is_opened else {}
    status = 422 if wrong else 200
    said = {
        **_values(found, room),
        "wrong": wrong,
        "shows_content": True,
        "done": _done(request, found),
    }
    return render(request, template, status=status, **said)


def unlogged(request: Request, failure: Failure) -> Response:
    """Say why nothing is shown, mostly because it could not be entered, and what to do instead."""
    is_spoiled, is_shut = isinstance(failure, ContentSpoiled), isinstance(failure, LogShut)
    _log.error("inbox.spoiled" if is_spoiled else "inbox.unlogged", code=failure.code)
    page = "mitteilung_gesperrt.html"
    return render(request, page, status=UNAVAILABLE, is_spoiled=is_spoiled, is_shut=is_shut)


def _values(found: Look, room: Room) -> dict[str, Any]:
    return {
        "look": found,
        "line": found.waiting,
        "notice": found.notice,
        "standing": found.standing,
        "opened": found.is_opened,
        "grounds": (("", "Bitte wählen"), *GROUNDS.items()),
        "now": room.second,
        "times": times,
        "dialled": dialled,
    }


def _done(request: Request, found: Look) -> Any:
    """Return the act that has just been done here, to be confirmed; None where there is none."""
    act = request.query_params.get("getan", "")
    return next((each for each in found.standing.acts if each.id == act), None)
