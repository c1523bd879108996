# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the protocol lets this office say next, as a form made from the schema of the step.

A question back is one of these steps; so are a takeover with the person named, an answer, and what
puts right or takes back what this office has said.
"""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.acts import REFUSED, Kind, read_act
from hub.adapters.inbox.acts_boxes import Given
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_form import Sheet, given_for, sheet_of
from hub.adapters.inbox.acts_given import given_of
from hub.adapters.inbox.acts_next import QUESTION, NextAct, Standing
from hub.adapters.inbox.acts_preset import preset
from hub.adapters.inbox.acts_saying import Written
from hub.adapters.inbox.looking import at_once
from hub.adapters.inbox.thread import causes_of, said_in
from hub.directory.kinds import roles_of_kind
from hub.errors import ConversationMovedOn, NotFound, Refusal, StepNotAllowed
from hub.forms.form import fields_of_step
from hub.web.browsers import Form
from hub.web.eingang.doing import (
    SEE_OTHER,
    SEEN,
    Desk,
    TheDesk,
    act_of,
    done,
    impossible,
    page,
)
from hub.web.eingang.edge import HOME
from hub.web.eingang.visitor import TheForm

router = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)
UNFIT: Final = 422
MOVED: Final = 409
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@router.get("/rueckfrage")
async def get_question(request: Request, desk: TheDesk, aus: str = "") -> Response:
    """The form for a question back, with how many are left."""
    return await _blank(request, desk, QUESTION, aus)


@router.post("/rueckfrage")
async def post_question(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Ask the other side."""
    return await _sent(request, desk, QUESTION, form)


@router.get("/schritt/{step}")
async def get_step(request: Request, desk: TheDesk, step: str, aus: str = "") -> Response:
    """The form of a step that the protocol lets this office say now."""
    return await _blank(request, desk, step, aus)


@router.post("/schritt/{step}")
async def post_step(request: Request, desk: TheDesk, step: str, form: TheForm) -> Response:
    """Say it."""
    return await _sent(request, desk, step, form)


async def _blank(request: Request, desk: Desk, name: str, before: str) -> Response:
    stands = await desk.standing()
    offered = _offered(stands, name)
    if offered is None:
        return RedirectResponse(desk.path, SEE_OTHER)
    given = await _given(desk, stands, name, before)
    sheet = _sheet(desk, stands, name, Form(given))
    return _page(request, desk, stands, offered, sheet)


async def _sent(request: Request, desk: Desk, name: str, form: Form) -> Response:
    stands = await desk.standing()
    offered = _offered(stands, name)
    if offered is None:
        return await _twice(request, desk, form)
    sheet = _sheet(desk, stands, name, form)
    if form.has("mehr"):
        return _page(request, desk, stands, offered, sheet)
    written = sheet.read()
    if written is None:
        return _page(request, desk, stands, offered, sheet, status=UNFIT)
    wanted = Wanted(
        act_of(form), _kind(name), name, written.as_json(), seen=_number(form.one(SEEN))
    )
    try:
        return await done(wanted, form, desk)
    except ConversationMovedOn as moved:
        stands = await desk.standing()
        return _page(request, desk, stands, offered, sheet, status=MOVED, moved=moved.detail)
    except Refusal as refusal:
        return impossible(request, desk, refusal)


def _number(said: str) -> int:
    """Return a number that a page of ours has put down; 0 for what is none."""
    return int(said) if _NUMBER.fullmatch(said) else 0


async def _twice(request: Request, desk: Desk, form: Form) -> Response:
    """Answer a page that was sent twice with what came of it the first time."""
    known = await desk.house.read(partial(read_act, act_id=act_of(form)))
    if known is not None and known.person == desk.visitor.person:
        return RedirectResponse(f"{desk.path}?getan={known.id}", SEE_OTHER)
    return impossible(request, desk, StepNotAllowed("Dieser Schritt ist hier nicht mehr möglich."))


def _offered(stands: Standing, name: str) -> NextAct | None:
    return next(
        (each for each in stands.next if each.step == name and each.path != "weitergabe"), None
    )


def _kind(name: str) -> Kind:
    return QUESTION if name == QUESTION else "schritt"


def _sheet(desk: Desk, stands: Standing, name: str, form: Form) -> Sheet:
    step = desk.step(name)
    return sheet_of(
        desk.room.catalogue,
        (desk.protocol, step),
        roles_of_kind(desk.house.agency.id),
        form.fields,
        causes=causes_of(stands.matter, desk.protocol, step),
    )


async def _given(desk: Desk, stands: Standing, name: str, before: str) -> Given:
    """Return what stands in the form at first: what was refused, or what is known anyway."""
    step = desk.step(name)
    written = await _refused(desk, stands, name, before)
    if written is not None:
        return given_for(desk.room.catalogue, step, written)
    known = preset(step, desk.visitor.name, desk.roles[0], desk.room.second)
    given = given_of(fields_of_step(desk.room.catalogue, step), known)
    if desk.row.urgency in step.urgencies:
        given["dringlichkeit_der_nachricht"] = (desk.row.urgency,)
    return given


async def _refused(desk: Desk, stands: Standing, name: str, before: str) -> Written | None:
    """Return what this person has written for an act that did not come through."""
    act = await desk.house.read(partial(read_act, act_id=before)) if before else None
    own = (desk.row.id, name, desk.visitor.person, REFUSED)
    if act is None or (act.message, act.step, act.person, act.state) != own:
        return None
    try:
        said = await said_in(
            act, desk.row, desk.house, desk.visitor.person, at_once(desk.need(stands))
        )
    except NotFound:
        return None
    await desk.note(stands, said.classes)
    return said.written


def _page(
    request: Request,
    desk: Desk,
    stands: Standing,
    offered: NextAct,
    sheet: Sheet,
    *,
    status: int = 200,
    moved: str = "",
) -> Response:
    return page(
        request,
        "rueckfrage.html" if offered.kind == QUESTION else "schritt.html",
        desk,
        status=status,
        standing=stands,
        offered=offered,
        sheet=sheet,
        moved=moved,
    )
