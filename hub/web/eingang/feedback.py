# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Feedback to whoever has reported: three answers, and nothing else (§ 64 Abs. 4 SGB VIII)."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from hub.adapters.inbox.acts_continued import continued_with
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_next import FEEDBACK
from hub.adapters.inbox.acts_saying import Written
from hub.web.browsers import Form
from hub.web.eingang.doing import Desk, TheDesk, act_of, attempted, page
from hub.web.eingang.edge import HOME
from hub.web.eingang.visitor import TheForm

SWITCHES: Final = ("anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig")
"""All that feedback says (§ 64 Abs. 4 SGB VIII, § 4 Abs. 4 KKG)."""
_FOR: Final = "fuer"
"""Field with the conversation that is answered, where another office had it before."""
_ANSWER: Final = "Bitte mit Ja oder Nein antworten."
_IMPLIES: Final = "Noch tätig sein kann das Jugendamt nur, wenn es tätig geworden ist."
_QUESTIONS: Final = {
    "anhaltspunkte_bestaetigt": "Anhaltspunkte bestätigt?",
    "taetig_geworden": "Tätig geworden?",
    "noch_taetig": "Noch tätig?",
}
router = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)


@router.get("/rueckmeldung")
async def get_feedback(request: Request, desk: TheDesk, fuer: str = "") -> Response:
    """The form for feedback."""
    return await _page(request, desk, Form({_FOR: (fuer,)}), {})


@router.post("/rueckmeldung")
async def post_feedback(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Answer whoever has reported."""
    answers, wrong = answers_of(form)
    if wrong:
        return await _page(request, desk, form, wrong)
    written = Written({name: answers[name] == "ja" for name in SWITCHES})
    wanted = Wanted(
        act_of(form),
        "rueckmeldung",
        FEEDBACK,
        written.as_json(),
        conversation=await _taken_over(desk, form),
    )
    return await attempted(request, desk, form, wanted)


def answers_of(form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """Return the three answers, and what to put right by the name of the switch."""
    answers = {name: form.one(name) for name in SWITCHES if form.one(name) in {"ja", "nein"}}
    wrong = {name: f"{_QUESTIONS[name]} {_ANSWER}" for name in SWITCHES if name not in answers}
    if answers.get("noch_taetig") == "ja" and answers.get("taetig_geworden") == "nein":
        wrong["noch_taetig"] = _IMPLIES
    return answers, wrong


async def _taken_over(desk: Desk, form: Form) -> str | None:
    """Return the conversation of another office that is answered, if it is one of this message."""
    going_on = await desk.house.read(partial(continued_with, message=desk.row.id))
    known = (each.conversation for each in going_on)
    return next((each for each in known if each == form.one(_FOR)), None)


async def _page(request: Request, desk: Desk, form: Form, wrong: dict[str, str]) -> Response:
    stands, about = await desk.standing(), form.one(_FOR)
    path = f"{FEEDBACK}?{_FOR}={about}" if about else FEEDBACK
    return page(
        request,
        "rueckmeldung.html",
        desk,
        status=422 if wrong else 200,
        answers=answers_of(form)[0],
        wrong=wrong,
        offered=next((each for each in stands.next if each.path == path), None),
        standing=stands,
        about=about,
    )
