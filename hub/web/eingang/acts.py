# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody on duty does with a message: takes note, takes over, answers, cannot use it.

A button is a form, an act is one POST, and the answer leads back to the message. The pages with
more to say (a question back, passing on, other steps) are in ``steps`` and ``passing``.
"""

from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.acts import Act, read_act
from hub.adapters.inbox.acts_continued import continued_with
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_form import places_of
from hub.adapters.inbox.acts_next import FEEDBACK, TAKES_OVER
from hub.adapters.inbox.acts_receipts import REJECTIONS, problems_of
from hub.adapters.inbox.acts_saying import Written
from hub.adapters.inbox.assigned import GROUNDS
from hub.adapters.inbox.roles import ACTING, READERS
from hub.adapters.inbox.thread import said_in
from hub.errors import NotFound, Refusal
from hub.people.colleagues import Colleague, colleagues
from hub.web.browsers import Form
from hub.web.eingang.doing import (
    SEE_OTHER,
    Desk,
    TheDesk,
    act_of,
    done,
    impossible,
    need_of,
    page,
)
from hub.web.eingang.edge import HOME
from hub.web.eingang.passing import router as passing
from hub.web.eingang.steps import router as steps
from hub.web.eingang.visitor import TheForm

SWITCHES: Final = ("anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig")
"""All that feedback says (§ 64 Abs. 4 SGB VIII, § 4 Abs. 4 KKG)."""
_CODE, _PLACES, _PERSON, _GROUND, _FOR = "grund", "stellen", "person", "grund", "fuer"
_MOST_PLACES: Final = 16
router = APIRouter(include_in_schema=False)
inner = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)


@inner.post("/kenntnis")
async def post_noted(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """A person has taken note of it; that stops the clock."""
    return await _done(request, desk, form, Wanted(act_of(form), "kenntnis"))


@inner.post("/uebernahme")
async def post_taken_over(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """From now on this person has it, by name."""
    answer = await _done(request, desk, form, Wanted(act_of(form), "uebernahme"))
    stands = await desk.standing()
    is_owed = any(each.step == TAKES_OVER for each in stands.next)
    if is_owed and answer.status_code == SEE_OTHER:
        # The other side waits to hear who has it now.
        return RedirectResponse(f"{desk.path}/schritt/{TAKES_OVER}", SEE_OTHER)
    return answer


@inner.get("/gesagt/{act}")
async def get_said(request: Request, desk: TheDesk, act: str) -> Response:
    """What this office has written in an act, as long as it is kept."""
    known = await desk.house.read(partial(read_act, act_id=act))
    if known is None or not _belongs(known, desk):
        raise NotFound
    stands = await desk.standing()
    said = await said_in(known, desk.row, desk.house, desk.visitor.person, need_of(desk, stands))
    await desk.note(*said.classes)
    return page(request, "gesagt.html", desk, said=said)


@inner.get("/rueckmeldung")
async def get_feedback(request: Request, desk: TheDesk, fuer: str = "") -> Response:
    """The form for feedback: three answers, and nothing else."""
    return await _feedback(request, desk, Form({_FOR: (fuer,)}), {})


@inner.post("/rueckmeldung")
async def post_feedback(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Answer whoever has reported."""
    answers, wrong = answers_of(form)
    if wrong:
        return await _feedback(request, desk, form, wrong, status=422)
    written = Written({name: answers[name] == "ja" for name in SWITCHES})
    going_on = await desk.house.read(partial(continued_with, message=desk.row.id))
    known = (each.conversation for each in going_on)
    conversation = next((each for each in known if each == form.one(_FOR)), None)
    wanted = Wanted(
        act_of(form), "rueckmeldung", FEEDBACK, written.as_json(), conversation=conversation
    )
    return await _done(request, desk, form, wanted)


@inner.get("/unverwertbar")
async def get_unusable(request: Request, desk: TheDesk) -> Response:
    """The form to say that a message cannot be used: why, and which of it."""
    return await _unusable(request, desk, "", (), {})


@inner.post("/unverwertbar")
async def post_unusable(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Reject a message with a code and places, and no value of it."""
    code, known = form.one(_CODE), _places(desk)
    chosen = tuple(each for each in form.all(_PLACES) if each in dict(known))[:_MOST_PLACES]
    wrong = {} if code in REJECTIONS else {_CODE: "Bitte wählen Sie, warum."}
    if code == "content-invalid" and not chosen:
        wrong[_PLACES] = "Bitte wählen Sie, um welche Angabe es geht."
    if wrong:
        return await _unusable(request, desk, code, chosen, wrong, status=422)
    problems: Any = problems_of(code, chosen)
    wanted = Wanted(act_of(form), "unverwertbar", written={"problems": problems})
    return await _done(request, desk, form, wanted)


@inner.get("/benennung")
async def get_naming(request: Request, desk: TheDesk) -> Response:
    """The form to let a colleague into what was entrusted."""
    return await _naming(request, desk, Form(), {})


@inner.post("/benennung")
async def post_naming(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Name a colleague for what was entrusted, with a ground."""
    named = {each.person: each.name for each in await _colleagues(desk)}
    person, ground = form.one(_PERSON), form.one(_GROUND)
    wrong = {} if person in named else {_PERSON: "Bitte wählen Sie, wen Sie benennen."}
    if ground not in GROUNDS:
        wrong[_GROUND] = "Bitte wählen Sie den Grund."
    if wrong:
        return await _naming(request, desk, form, wrong, status=422)
    wanted = Wanted(act_of(form), "benennung", colleague=(person, named[person]), ground=ground)
    return await _done(request, desk, form, wanted)


def _belongs(act: Act, desk: Desk) -> bool:
    """Tell whether an act was done with this message, or with another one of its conversation."""
    return desk.row.id == act.message or desk.row.conversation in {act.conversation, act.own}


def answers_of(form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """Return the three answers, and what to put right by the name of the switch."""
    answers = {name: form.one(name) for name in SWITCHES if form.one(name) in {"ja", "nein"}}
    wrong = {name: _ANSWER for name in SWITCHES if name not in answers}
    if answers.get("noch_taetig") == "ja" and answers.get("taetig_geworden") == "nein":
        wrong["noch_taetig"] = _IMPLIES
    return answers, wrong


async def _done(request: Request, desk: Desk, form: Form, wanted: Wanted) -> Response:
    try:
        return await done(wanted, form, desk)
    except Refusal as refusal:
        return impossible(request, desk, refusal)


async def _feedback(
    request: Request, desk: Desk, form: Form, wrong: dict[str, str], *, status: int = 200
) -> Response:
    stands, about = await desk.standing(), form.one(_FOR)
    path = f"{FEEDBACK}?fuer={about}" if about else FEEDBACK
    return page(
        request,
        "rueckmeldung.html",
        desk,
        status=status,
        answers=answers_of(form)[0],
        wrong=wrong,
        offered=next((each for each in stands.next if each.path == path), None),
        standing=stands,
        about=about,
    )


async def _unusable(
    request: Request,
    desk: Desk,
    code: str,
    chosen: tuple[str, ...],
    wrong: dict[str, str],
    *,
    status: int = 200,
) -> Response:
    return page(
        request,
        "unverwertbar.html",
        desk,
        status=status,
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


async def _naming(
    request: Request, desk: Desk, form: Form, wrong: dict[str, str], *, status: int = 200
) -> Response:
    people = await _colleagues(desk)
    return page(
        request,
        "benennung.html",
        desk,
        status=status,
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
    return tuple(
        each
        for each in found
        if each.person != desk.visitor.person and READERS.intersection(each.roles)
    )


_ANSWER: Final = "Bitte mit Ja oder Nein antworten."
_IMPLIES: Final = "Noch tätig sein kann das Jugendamt nur, wenn es tätig geworden ist."
router.include_router(inner)
router.include_router(steps)
router.include_router(passing)
