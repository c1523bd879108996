# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The people of an office: who is let in, as what and until when, and what was done about that.

For whoever manages people, and for the office of this session alone. Nothing here leads to a
notice. Before anything changes, the passkey is shown once more; a code is shown once, to be handed
over.
"""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.inbox.roles import MANAGES, NAMES
from hub.adapters.inbox.room import Room
from hub.adapters.inbox.staff import (
    Member,
    NobodyManages,
    NotOneself,
    change_roles,
    dismiss,
    link_anew,
    member,
    staff,
)
from hub.errors import NotFound, NotPermitted
from hub.model.ids import UUID
from hub.people.acts import last_acts
from hub.people.grants import Naming
from hub.people.invitations import Code, invite, link_of, recover
from hub.people.place import changing
from hub.web.eingang.edge import TheRoom, render
from hub.web.eingang.people_form import Wanted, day_of, wanted_of
from hub.web.eingang.people_words import (
    ACTS,
    IS_IN,
    LETTER,
    NOBODY_MANAGES,
    NOT_ONESELF,
    SAID,
    WHAT,
)
from hub.web.eingang.proof import TheProven
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor

router = APIRouter(include_in_schema=False)
PAGE: Final = "/eingang/leute"


@router.get(PAGE)
async def get_people(
    request: Request, room: TheRoom, visitor: TheVisitor, getan: str = ""
) -> Response:
    """Who works here, and what was done last about who comes in."""
    visitor.require(MANAGES)
    people, acts = await room.books.read(
        lambda connection: (
            staff(connection, room.rules, visitor.unit, room.second),
            last_acts(connection, visitor.unit),
        )
    )
    return render(
        request,
        "leute.html",
        people=people,
        acts=[each | {"text": _deed(each)} for each in acts],
        words=NAMES,
        said=SAID.get(getan, ""),
    )


@router.get(f"{PAGE}/neu")
async def get_invitation(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """The form to let somebody in."""
    visitor.require(MANAGES)
    return _invitation(request, room, Wanted("", (), ""), {})


@router.post(f"{PAGE}/neu")
async def post_invitation(
    request: Request, room: TheRoom, visitor: TheProven, form: TheForm
) -> Response:
    """Let somebody in; the link in the answer is shown this once."""
    visitor.require(MANAGES)
    wanted = wanted_of(form)
    wrong = wanted.wrong(room.rules.roles, room.second, is_new=True)
    if wrong:
        return _invitation(request, room, wanted, wrong)
    naming = Naming(wanted.name, wanted.roles, visitor.unit, until=wanted.until)
    code = await changing(room, visitor.person, lambda change: invite(change, naming))
    return await _link(request, code, room, visitor)


@router.get(f"{PAGE}/{{person}}")
async def get_person(person: str, request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """One person: roles and their end, and what to do where devices are lost."""
    return _person(request, await _known(person, room, visitor), room, {})


@router.post(f"{PAGE}/{{person}}/rollen")
async def post_roles(
    person: str, request: Request, room: TheRoom, visitor: TheProven, form: TheForm
) -> Response:
    """Say what somebody may do here and until when, from their next request on."""
    known = await _known(person, room, visitor)
    wanted = wanted_of(form)
    wrong = wanted.wrong(room.rules.roles, room.second, is_new=False)
    if wrong:
        return _person(request, known, room, wrong)
    roles, until = wanted.roles, wanted.until
    try:
        await changing(
            room,
            visitor.person,
            lambda each: change_roles(each, visitor.unit, person, roles, until),
        )
    except NobodyManages:
        return _person(request, known, room, {"rollen": NOBODY_MANAGES})
    except NotOneself:
        return _person(request, known, room, {"rollen": NOT_ONESELF}, status=403)
    return RedirectResponse(f"{PAGE}?getan=rollen", status_code=303)


@router.post(f"{PAGE}/{{person}}/link")
async def post_link(person: str, request: Request, room: TheRoom, visitor: TheProven) -> Response:
    """Make a new link for somebody who has not come in yet; the one before ends."""
    known = await _known(person, room, visitor)
    if person == visitor.person:
        return _person(request, known, room, {"zugang": NOT_ONESELF}, status=403)
    if known.has_way_in:
        return _person(request, known, room, {"zugang": IS_IN})
    code = await changing(
        room, visitor.person, lambda change: link_anew(change, visitor.unit, person)
    )
    return await _link(request, code, room, visitor)


@router.post(f"{PAGE}/{{person}}/neubeginn")
async def post_recovery(
    person: str, request: Request, room: TheRoom, visitor: TheProven
) -> Response:
    """Let somebody begin anew whose devices are lost; never oneself."""
    known = await _known(person, room, visitor)
    if person == visitor.person:
        return _person(request, known, room, {"zugang": NOT_ONESELF}, status=403)
    code = await changing(
        room, visitor.person, lambda change: recover(change, visitor.unit, person)
    )
    return await _link(request, code, room, visitor)


@router.post(f"{PAGE}/{{person}}/entlassen")
async def post_dismissal(
    person: str, request: Request, room: TheRoom, visitor: TheProven
) -> Response:
    """Take every role here back; it counts from the person's next request on."""
    known = await _known(person, room, visitor)
    if person == visitor.person:
        raise NotPermitted("Another person who manages people has to do this.")
    try:
        await changing(room, visitor.person, lambda each: dismiss(each, visitor.unit, person))
    except NobodyManages:
        return _person(request, known, room, {"zugang": NOBODY_MANAGES})
    return RedirectResponse(f"{PAGE}?getan=entlassen", status_code=303)


async def _known(person: str, room: Room, visitor: Visitor) -> Member:
    """Return somebody of this office; what belongs to another one is as if it were not."""
    visitor.require(MANAGES)
    if not UUID.fullmatch(person):
        raise NotFound
    return await room.books.read(
        lambda connection: member(connection, room.rules, visitor.unit, person, room.second)
    )


def _invitation(request: Request, room: Room, wanted: Wanted, wrong: dict[str, str]) -> Response:
    return render(
        request,
        "leute_neu.html",
        status=422 if wrong else 200,
        wanted=wanted,
        roles=room.rules.roles,
        what=WHAT,
        wrong=wrong,
    )


def _person(
    request: Request, known: Member, room: Room, wrong: dict[str, str], *, status: int = 422
) -> Response:
    return render(
        request,
        "leute_person.html",
        status=status if wrong else 200,
        person=known,
        day=day_of(known.until),
        roles=room.rules.roles,
        words=NAMES,
        what=WHAT,
        wrong=wrong,
    )


async def _link(request: Request, code: Code, room: Room, visitor: Visitor) -> Response:
    """Show a one-time link; it is kept nowhere, and the page is not to be had again."""
    known = await _known(code.person, room, visitor)
    link = link_of(code, room)
    letter = LETTER.format(name=known.name, office=room.name_of(visitor.unit), link=link)
    return render(
        request,
        "leute_link.html",
        person=known,
        link=link,
        expires_at=code.expires_at,
        letter=letter,
    )


def _deed(act: dict[str, Any]) -> str:
    return ACTS.get(str(act["word"]), "{name}").format(name=act["about"])
