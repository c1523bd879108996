# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The house: who works here and as what, its keys, its state at the hub, its rules."""

import asyncio
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable
from hub.errors import NotFound, NotPermitted, Overloaded
from hub.model.ids import UUID, organisation_of
from hub.people.books.people import has_identity, passkeys_of
from hub.people.change import Change
from hub.people.colleagues import name_of
from hub.people.grants import Naming, let_go, roles_at, set_roles
from hub.people.invitations import Code, invite, make_code, recover
from hub.people.place import changing
from hub.people.sessions import change_house as enter_house
from hub.portal.books.people_houses import BEGUN
from hub.portal.desk import Desk
from hub.portal.four_eyes import set_four_eyes
from hub.portal.houses import keep_code, known_house, organisation_folder
from hub.portal.joining import adopt_protocol, adopted_protocols, settle
from hub.portal.roles import MANAGES
from hub.portal.roll import roll
from hub.portal.welcome import letter
from hub.web.edge import body_as, json_response
from hub.web.portal.edge import TheDesk
from hub.web.portal.proof import TheProven
from hub.web.portal.shell import shell
from hub.web.portal.visitor import TheVisitor, Visitor, remember

router = APIRouter(include_in_schema=False)
API = "/portal/api/haus"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Roles(_Closed):
    roles: Annotated[list[str], Field(max_length=4)]


class _Somebody(_Roles):
    name: str
    mail: str | None = None
    until: int | None = None


class _Rules(_Closed):
    four_eyes: bool


class _House(_Closed):
    unit: Annotated[str, Field(max_length=70)]


class _Protocol(_Closed):
    name: Annotated[str, Field(max_length=60)]
    draft: bool = False


class _Code(_Closed):
    code: Annotated[str, Field(pattern=r"^[\x21-\x7e]{8,200}$")]


@router.get("/portal/haus")
async def get_page(request: Request) -> Response:
    """The page; what stands on it its script asks for."""
    return shell("portal/haus.html", request, page="house")


@router.get(API)
async def get_house(desk: TheDesk, visitor: TheVisitor) -> Response:
    """The house with its people, for whoever manages it."""
    visitor.require(MANAGES)
    said = await desk.books.read(partial(_roll, visitor, desk))
    return json_response(said | {"protocols": adopted_protocols(desk, visitor.unit)})


@router.post(f"{API}/personen")
async def post_person(request: Request, desk: TheDesk, visitor: TheProven) -> Response:
    """Let somebody in; the link in the answer is shown this once."""
    visitor.require(MANAGES)
    said = await body_as(request, _Somebody)
    naming = Naming(said.name, tuple(said.roles), visitor.unit, said.mail, said.until)
    code = await changing(desk, visitor.person, lambda change: invite(change, naming))
    return await _letter(code, desk, visitor)


@router.put(f"{API}/personen/{{person}}/rollen")
async def put_roles(person: str, request: Request, desk: TheDesk, visitor: TheProven) -> Response:
    """Say what somebody may do here, from their next request on."""
    _check(person, visitor)
    said = await body_as(request, _Roles)
    wanted = Naming("", tuple(said.roles), visitor.unit)
    await changing(desk, visitor.person, lambda change: set_roles(change, person, wanted))
    return Response(status_code=204)


@router.post(f"{API}/personen/{{person}}/einladung")
async def post_invitation(person: str, desk: TheDesk, visitor: TheProven) -> Response:
    """Make a new link for somebody who has not come in yet; the one before ends."""
    _check(person, visitor)
    code = await changing(desk, visitor.person, partial(_invited_again, person, visitor.unit))
    return await _letter(code, desk, visitor)


@router.post(f"{API}/personen/{{person}}/wiederherstellung")
async def post_recovery(person: str, desk: TheDesk, visitor: TheProven) -> Response:
    """Let somebody begin anew whose devices are lost."""
    _check(person, visitor)
    code = await changing(
        desk, visitor.person, lambda change: recover(change, visitor.unit, person)
    )
    await settle(desk, organisation_of(visitor.unit))
    return await _letter(code, desk, visitor)


@router.delete(f"{API}/personen/{{person}}")
async def delete_person(person: str, desk: TheDesk, visitor: TheProven) -> Response:
    """Take every role here back, and end the person's key in the directory."""
    _check(person, visitor)
    await changing(desk, visitor.person, lambda change: let_go(change, visitor.unit, person))
    await settle(desk, organisation_of(visitor.unit))
    return Response(status_code=204)


@router.put(f"{API}/regeln")
async def put_rules(request: Request, desk: TheDesk, visitor: TheProven) -> Response:
    """Say whether whoever confirms has to be another than whoever wrote."""
    visitor.require(MANAGES)
    said = await body_as(request, _Rules)
    await changing(
        desk,
        visitor.person,
        lambda change: set_four_eyes(change, visitor.unit, four_eyes=said.four_eyes),
    )
    return Response(status_code=204)


@router.post(f"{API}/einmalcode")
async def post_code(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Take the hub's one-time code, where the house has not joined yet."""
    visitor.require(MANAGES)
    said = await body_as(request, _Code)
    house = await desk.books.read(lambda connection: known_house(connection, visitor.unit))
    if house.state != BEGUN:
        raise NotPermitted("The house has joined already.")
    keep_code(organisation_folder(desk, house.organisation), said.code)
    await settle(desk, house.organisation)
    return await get_house(desk, visitor)


@router.post(f"{API}/verfahren")
async def post_protocol(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Adopt a protocol in the name of the house, as its controller."""
    visitor.require(MANAGES)
    said = await body_as(request, _Protocol)
    if desk.catalogue.get(said.name) is None:
        raise NotFound
    try:
        await asyncio.to_thread(adopt_protocol, desk, visitor.unit, said.name, draft=said.draft)
    except Refused as refused:
        raise NotPermitted(refused.detail) from None
    except Unreachable:
        raise Overloaded from None
    return await get_house(desk, visitor)


@router.post(f"{API}/wechsel")
async def post_change(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Go on at another of one's houses, in a session with a new secret."""
    said = await body_as(request, _House)
    opened = await enter_house(visitor.known, said.unit, desk)
    return remember(Response(status_code=204), opened, desk)


def _roll(visitor: Visitor, desk: Desk, connection: Connection) -> dict[str, Any]:
    return roll(connection, visitor.unit, desk.second)


def _check(person: str, visitor: Visitor) -> None:
    visitor.require(MANAGES)
    if not UUID.fullmatch(person):
        raise NotFound


def _invited_again(person: str, unit: str, change: Change) -> Code:
    if not roles_at(change.connection, unit, person, change.second):
        raise NotFound
    if passkeys_of(change.connection, person) or has_identity(change.connection, person):
        # A link for somebody who is in already would be a second key to their account.
        raise NotPermitted("This person has come in already; they can be let begin anew.")
    return make_code(change, person, unit)


async def _letter(code: Code, desk: Desk, visitor: Visitor) -> Response:
    house, name = await desk.books.read(
        lambda connection: (
            known_house(connection, visitor.unit).name,
            name_of(connection, code.person),
        )
    )
    return json_response(letter(code, name, house, desk), 201)
