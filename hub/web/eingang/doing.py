# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do all pages have in common on which somebody does something with a message?

Whoever acts holds a role that acts; the act is kept before the answer goes out, and the answer
leads back to the message, where it says what became of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row, read_row
from hub.adapters.inbox.acts import By
from hub.adapters.inbox.acts_doing import Wanted, do
from hub.adapters.inbox.acts_next import Standing, roles_in_order, standing
from hub.adapters.inbox.acts_sending import send_soon
from hub.adapters.inbox.looking import (
    OPENED,
    SHOWN,
    asks_ground,
    ground_of,
    known_classes,
    logged_ground,
    need_of,
)
from hub.adapters.inbox.need import ENTRUSTED
from hub.adapters.inbox.need import Standing as Need
from hub.adapters.inbox.roles import ACTING, NAMES
from hub.adapters.inbox.room import Room
from hub.adapters.reading.reading import Reading
from hub.errors import EnvelopeInvalid, NotFound, NotPermitted, Refusal
from hub.model.ids import UUID
from hub.model.protocol import Protocol, Step
from hub.sealing.sealable import DEFAULT_CLASS
from hub.web.browsers import Form
from hub.web.eingang.edge import HOME, TheRoom, render
from hub.web.eingang.visitor import TheVisitor, Visitor

ROLE: Final = "rolle"
ACT: Final = "vorgang"
SEEN: Final = "stand"
SEE_OTHER: Final = 303
Message = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


@dataclass(frozen=True)
class Desk:
    """One message before somebody who may act on it."""

    row: Row
    house: House
    room: Room
    visitor: Visitor

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles of this person, the one that is preset first."""
        return roles_in_order(self.visitor.roles)

    @property
    def named_roles(self) -> tuple[tuple[str, str], ...]:
        return tuple((role, NAMES[role]) for role in self.roles)

    @property
    def path(self) -> str:
        return f"{HOME}/mitteilung/{self.row.id}"

    @property
    def protocol(self) -> Protocol:
        return self.room.catalogue.known(self.row.protocol)

    async def standing(self) -> Standing:
        return await standing(self.row, self.visitor.person, self.visitor.roles, self.house)

    def step(self, name: str) -> Step:
        """Return a step of the protocol; raises ``NotFound``."""
        step = self.protocol.step(name)
        if step is None:
            raise NotFound
        return step

    def by(self, form: Form) -> By:
        """Return who acts; raises ``NotPermitted`` for a role that is not held."""
        role = form.one(ROLE) or self.roles[0]
        if role not in self.roles:
            raise NotPermitted("This role is not held here.", allowed=self.roles)
        return By(self.visitor.person, self.visitor.name, role)

    def need(self, stands: Standing) -> Need:
        """Return how this person stands to the matter."""
        return need_of(self.visitor.person, frozenset(self.visitor.roles), stands)

    async def note(
        self, stands: Standing, classes: Iterable[str] = (DEFAULT_CLASS,), opened_on: str = ""
    ) -> None:
        """Enter that something of the content is about to be shown; raises a ``Failure``."""
        row, known = self.row, known_classes(classes)
        kind = OPENED if ENTRUSTED in known else SHOWN
        ground = ground_of(self.visitor.person, stands)
        if opened_on and asks_ground(self.need(stands), stands):
            ground = logged_ground(opened_on)
        reading = Reading(
            self.visitor.person, self.roles[0], kind,
            row.id, row.conversation, row.protocol, known, ground,
        )  # fmt: skip
        await self.room.reading[self.visitor.unit].note(reading)


async def desk_of(message: Message, room: TheRoom, visitor: TheVisitor) -> Desk:
    """Return a message of this office; raises ``NotPermitted`` where somebody does not act."""
    visitor.require(*ACTING)
    house = room.house(visitor.unit)
    row = await house.read(partial(read_row, message=message))
    if row is None:
        raise NotFound
    return Desk(row, house, room, visitor)


TheDesk = Annotated[Desk, Depends(desk_of)]


def act_of(form: Form) -> str:
    """Return the id that the page drew for its act; raises ``EnvelopeInvalid`` where it drew none.

    A page that is sent twice does so under one id.
    """
    name = form.one(ACT)
    if not UUID.fullmatch(name):
        raise EnvelopeInvalid(pointers=(f"/{ACT}",))
    return name


async def done(wanted: Wanted, form: Form, desk: Desk) -> Response:
    """Keep an act, send it if that can be done now, and lead back to the message.

    Where somebody else was first, the message says who.
    """
    kept = await do(wanted, desk.by(form), desk.row, desk.house)
    act = await send_soon(kept.act, desk.house) if kept.act.is_open else kept.act
    return RedirectResponse(f"{desk.path}?getan={act.id}", SEE_OTHER)


async def attempted(request: Request, desk: Desk, form: Form, wanted: Wanted) -> Response:
    """Do the same, and say on a page of its own what cannot be done."""
    try:
        return await done(wanted, form, desk)
    except Refusal as refusal:
        return impossible(request, desk, refusal)


def page(
    request: Request, template: str, desk: Desk, *, status: int = 200, **values: Any
) -> Response:
    """Return a page on which somebody does something with this message."""
    return render(request, template, status=status, desk=desk, row=desk.row, **values)


def impossible(request: Request, desk: Desk, refusal: Refusal) -> Response:
    """Say why something cannot be done, and what to do instead."""
    text = refusal.detail or _OTHERWISE
    return page(request, "unmoeglich.html", desk, status=409, text=text, code=refusal.code)


_OTHERWISE: Final = "Das ist hier nicht möglich."
