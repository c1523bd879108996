# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody on duty does with a message: takes note, takes it over, cannot use it.

A button is a form, an act is one POST, and the answer leads back to the message. What has more to
say stands beside: ``feedback``, ``steps`` (a question back and others), ``passing``, ``naming``.
"""

from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.acts import Act, read_act
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_form import places_of
from hub.adapters.inbox.acts_next import TAKES_OVER
from hub.adapters.inbox.acts_receipts import REJECTIONS, problems_of
from hub.adapters.inbox.assigned import GROUNDS
from hub.adapters.inbox.looking import asks_ground, at_once
from hub.adapters.inbox.need import may_see
from hub.adapters.inbox.thread import said_in
from hub.errors import NotFound
from hub.web.eingang import feedback, naming, passing, steps
from hub.web.eingang.doing import SEE_OTHER, Desk, TheDesk, act_of, attempted, page
from hub.web.eingang.edge import HOME
from hub.web.eingang.notice import WHY
from hub.web.eingang.visitor import TheForm

_CODE, _PLACES = "grund", "stellen"
_GROUNDS: Final = (("", "Bitte wählen"), *GROUNDS.items())
_MOST_PLACES: Final = 16
router = APIRouter(include_in_schema=False)
inner = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)


@inner.post("/kenntnis")
async def post_noted(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """A person has taken note of it; that stops the clock."""
    return await attempted(request, desk, form, Wanted(act_of(form), "kenntnis"))


@inner.post("/uebernahme")
async def post_taken_over(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """From now on this person has it, by name."""
    answer = await attempted(request, desk, form, Wanted(act_of(form), "uebernahme"))
    stands = await desk.standing()
    is_owed = any(each.step == TAKES_OVER for each in stands.next)
    if is_owed and answer.status_code == SEE_OTHER:
        # The other side waits to hear who has it now.
        return RedirectResponse(f"{desk.path}/schritt/{TAKES_OVER}", SEE_OTHER)
    return answer


@inner.get("/gesagt/{act}")
async def get_said(request: Request, desk: TheDesk, act: str) -> Response:
    """What this office has written in an act, as long as it is kept."""
    return await _said(request, desk, act, None)


@inner.post("/gesagt/{act}")
async def post_said(request: Request, desk: TheDesk, act: str, form: TheForm) -> Response:
    """The same with what was entrusted, for whoever has the matter from somebody else.

    They say first on which ground, as they do to open it in a notice (§ 65 SGB VIII).
    """
    return await _said(request, desk, act, form.one(_CODE))


async def _said(request: Request, desk: Desk, act: str, ground: str | None) -> Response:
    known = await desk.house.read(partial(read_act, act_id=act))
    if known is None or not _belongs(known, desk):
        raise NotFound
    stands, person = await desk.standing(), desk.visitor.person
    need = desk.need(stands)
    is_shut = asks_ground(need, stands) and ground not in GROUNDS
    may = at_once(need) if is_shut else partial(may_see, standing=need)
    said = await said_in(known, desk.row, desk.house, person, may)
    await desk.note(stands, said.classes, "" if is_shut else ground or "")
    can_open = is_shut and any(may_see(each, need) for each in said.withheld)
    wrong = {_CODE: WHY} if can_open and ground is not None else {}
    shown = {
        "said": said,
        "can_open": can_open,
        "wrong": wrong,
        "grounds": _GROUNDS,
        "shows_content": True,
    }
    return page(request, "gesagt.html", desk, status=422 if wrong else 200, **shown)


@inner.get("/unverwertbar")
async def get_unusable(request: Request, desk: TheDesk) -> Response:
    """The form to say that a message cannot be used: why, and which of it."""
    return await _unusable(request, desk, "", (), {})


@inner.post("/unverwertbar")
async def post_unusable(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Reject a message with a code and places, and no value of it."""
    code, known = form.one(_CODE), dict(_places(desk))
    chosen = tuple(each for each in form.all(_PLACES) if each in known)[:_MOST_PLACES]
    wrong = {} if code in REJECTIONS else {_CODE: "Bitte wählen Sie, warum."}
    if code == "content-invalid" and not chosen:
        wrong[_PLACES] = "Bitte wählen Sie, um welche Angabe es geht."
    if wrong:
        return await _unusable(request, desk, code, chosen, wrong)
    problems: Any = problems_of(code, chosen)
    wanted = Wanted(act_of(form), "unverwertbar", written={"problems": problems})
    return await attempted(request, desk, form, wanted)


async def _unusable(
    request: Request, desk: Desk, code: str, chosen: tuple[str, ...], wrong: dict[str, str]
) -> Response:
    return page(
        request,
        "unverwertbar.html",
        desk,
        status=422 if wrong else 200,
        code=code,
        chosen=chosen,
        wrong=wrong,
        reasons=tuple(REJECTIONS.items()),
        places=_places(desk),
        standing=await desk.standing(),
    )


def _places(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return what can be pointed at: labels of the form, and nothing that the notice says."""
    return tuple(places_of(desk.room.catalogue, desk.step(desk.row.step)))


def _belongs(act: Act, desk: Desk) -> bool:
    """Tell whether an act was done with this message, or with another one of its conversation."""
    return desk.row.id == act.message or desk.row.conversation in {act.conversation, act.own}


for each in (inner, feedback.router, steps.router, passing.router, naming.router):
    router.include_router(each)
