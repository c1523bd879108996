# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever has a matter lets a colleague into what was entrusted, with a ground (§ 65 SGB VIII)."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.assigned import GROUNDS
from hub.adapters.inbox.roles import ACTING, READERS
from hub.people.colleagues import Colleague, colleagues
from hub.web.browsers import Form
from hub.web.eingang.doing import Desk, TheDesk, act_of, attempted, page
from hub.web.eingang.edge import HOME
from hub.web.eingang.visitor import TheForm

_PERSON: Final = "person"
_GROUND: Final = "grund"
router = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)


@router.get("/benennung")
async def get_naming(request: Request, desk: TheDesk) -> Response:
    """The form to name a colleague."""
    return await _page(request, desk, Form(), {})


@router.post("/benennung")
async def post_naming(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Name a colleague for what was entrusted."""
    named = {each.person: each.name for each in await _colleagues(desk)}
    person, ground = form.one(_PERSON), form.one(_GROUND)
    wrong = {} if person in named else {_PERSON: "Bitte wählen Sie, wen Sie benennen."}
    if ground not in GROUNDS:
        wrong[_GROUND] = "Bitte wählen Sie den Grund."
    if wrong:
        return await _page(request, desk, form, wrong)
    colleague = (person, named[person])
    wanted = Wanted(act_of(form), "benennung", colleague=colleague, ground=ground)
    return await attempted(request, desk, form, wanted)


async def _page(request: Request, desk: Desk, form: Form, wrong: dict[str, str]) -> Response:
    people = await _colleagues(desk)
    return page(
        request,
        "benennung.html",
        desk,
        status=422 if wrong else 200,
        people=tuple((each.person, each.name) for each in people),
        grounds=tuple(GROUNDS.items()),
        chosen=form.one(_PERSON),
        ground=form.one(_GROUND),
        wrong=wrong,
        standing=await desk.standing(),
    )


async def _colleagues(desk: Desk) -> tuple[Colleague, ...]:
    """Return who else works on notices here."""
    look = partial(colleagues, roles=ACTING, unit=desk.visitor.unit, second=desk.room.second)
    found = await desk.room.people.read(look)
    others = (each for each in found if each.person != desk.visitor.person)
    return tuple(each for each in others if READERS.intersection(each.roles))
