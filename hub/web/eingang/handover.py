# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page at the end of a shift: all that is open, to be taken over by name, all of it or some."""

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse
from uuid_utils.compat import uuid7

from hub.adapters.inbox.acts import By
from hub.adapters.inbox.acts_doing import Done
from hub.adapters.inbox.acts_handover import OpenMatter, open_matters, take_over
from hub.adapters.inbox.acts_next import roles_in_order
from hub.adapters.inbox.acts_sending import send_soon
from hub.adapters.inbox.roles import ACTING, NAMES
from hub.adapters.inbox.room import Room
from hub.errors import NotPermitted
from hub.web.browsers import Form
from hub.web.eingang.doing import ROLE, SEE_OTHER, act_of
from hub.web.eingang.edge import HOME, TheRoom, render
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor

PAGE: Final = f"{HOME}/uebergabe"
router = APIRouter(include_in_schema=False)
_CHOSEN, _ALL, _TELEPHONE = "mitteilungen", "alle", "telefon"
_NUMBER: Final = re.compile(r"[0-9+][0-9 /()-]{3,40}")


@dataclass(frozen=True)
class Chosen:
    """What somebody takes over, and how they are reached."""

    matters: tuple[OpenMatter, ...]
    telephone: str

    @property
    def tells(self) -> bool:
        """Whether the other side of one of them is told."""
        return any(each.says for each in self.matters)


@router.get(PAGE)
async def get_handover(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """All that is open here and not with this person yet."""
    visitor.require(*ACTING)
    return await _page(request, room, visitor, Form(), {})


@router.post(PAGE)
async def post_handover(
    request: Request, room: TheRoom, visitor: TheVisitor, form: TheForm
) -> Response:
    """Take over what was chosen, by name."""
    visitor.require(*ACTING)
    role = form.one(ROLE) or roles_in_order(visitor.roles)[0]
    if role not in roles_in_order(visitor.roles):
        raise NotPermitted("This role is not held here.", allowed=roles_in_order(visitor.roles))
    chosen = _chosen(await _open(room, visitor), form)
    if wrong := _wrong(chosen):
        return await _page(request, room, visitor, form, wrong, status=422)
    house, by = room.house(visitor.unit), By(visitor.person, visitor.name, role)
    done = await take_over(act_of(form), chosen.matters, by, chosen.telephone, house)
    await _send(done, room, visitor)
    count = sum(each.act.kind == "uebernahme" for each in done)
    return RedirectResponse(f"{PAGE}?uebernommen={count}", SEE_OTHER)


async def _send(done: list[Done], room: Room, visitor: Visitor) -> None:
    """Send what the other sides are told, side by side; the rest goes behind the page."""
    house = room.house(visitor.unit)
    waiting = [each.act for each in done if each.act.is_open]
    await asyncio.gather(*(send_soon(act, house) for act in waiting))


async def _open(room: Room, visitor: Visitor) -> tuple[OpenMatter, ...]:
    house = room.house(visitor.unit)
    look = partial(open_matters, person=visitor.person, unit=visitor.unit, catalogue=room.catalogue)
    return await house.read(look)


def _chosen(there: tuple[OpenMatter, ...], form: Form) -> Chosen:
    named = form.all(_CHOSEN)
    matters = tuple(each for each in there if form.has(_ALL) or each.row.id in named)
    return Chosen(matters, form.one(_TELEPHONE))


def _wrong(chosen: Chosen) -> dict[str, str]:
    if not chosen.matters:
        return {_CHOSEN: "Bitte wählen Sie, was Sie übernehmen."}
    if chosen.tells and not _NUMBER.fullmatch(chosen.telephone):
        return {_TELEPHONE: "Unter welcher Nummer erreicht man Sie? Die andere Stelle erfährt sie."}
    return {}


async def _page(
    request: Request,
    room: Room,
    visitor: Visitor,
    form: Form,
    wrong: dict[str, str],
    *,
    status: int = 200,
) -> Response:
    there = await _open(room, visitor)
    return render(
        request,
        "uebergabe.html",
        status=status,
        matters=there,
        chosen=form.all(_CHOSEN),
        telephone=form.one(_TELEPHONE),
        tells=any(each.says for each in there),
        roles=tuple((each, NAMES[each]) for each in roles_in_order(visitor.roles)),
        vorgang=str(uuid7()),
        wrong=wrong,
        taken=request.query_params.get("uebernommen", ""),
    )
