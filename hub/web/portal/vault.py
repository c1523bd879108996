# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who am I, and where are my boxes? The vault as it is kept, and the keys of the house."""

from fastapi import APIRouter, Request, Response

from hub.errors import NotFound
from hub.model.ids import DIGEST, UUID, organisation_of
from hub.people.place import changing
from hub.portal.desk import Desk
from hub.portal.joining import settle
from hub.portal.mine import about
from hub.portal.roles import MANAGES, READS
from hub.portal.vault import Passed, begin_anew, change_desk_key, pass_on, put_lock, set_up
from hub.web.edge import body_as, json_response
from hub.web.portal.boxes import LockSaid, NewDeskKeySaid, SetUpSaid, ShareSaid
from hub.web.portal.edge import TheDesk
from hub.web.portal.proof import TheProven
from hub.web.portal.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/portal/api", include_in_schema=False)


@router.get("/ich")
async def get_me(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Who is signed in, at which house, with which keys; and the token for what they send."""
    return await _me(desk, visitor)


@router.put("/tresor")
async def put_vault(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Keep what a browser made when somebody began at a house."""
    made = (await body_as(request, SetUpSaid)).made()
    await desk.books.write(lambda connection: set_up(connection, visitor.known, made, desk.second))
    await settle(desk, organisation_of(visitor.unit))
    return await _me(desk, visitor, 201)


@router.post("/tresor/schloesser")
async def post_lock(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Keep one more lock of one's own vault."""
    lock = (await body_as(request, LockSaid)).lock()
    await desk.books.write(
        lambda connection: put_lock(connection, visitor.person, lock, desk.second)
    )
    return Response(status_code=201)


@router.post("/tresor/neu")
async def post_new_vault(request: Request, desk: TheDesk, visitor: TheProven) -> Response:
    """Put a new vault in the place of one that nothing opens any more."""
    made = (await body_as(request, SetUpSaid)).made()
    await desk.books.write(
        lambda connection: begin_anew(connection, visitor.known, made, desk.second)
    )
    for unit in {unit for unit, _ in visitor.known.houses}:
        await settle(desk, organisation_of(unit))
    return await _me(desk, visitor, 201)


@router.put("/haus/schluessel")
async def put_desk_key(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Put a new everyday key of the house in the place of the one before."""
    visitor.require(MANAGES)
    new = (await body_as(request, NewDeskKeySaid)).key()
    await changing(desk, visitor.person, lambda change: change_desk_key(change, visitor.known, new))
    await settle(desk, organisation_of(visitor.unit))
    return await _me(desk, visitor, 201)


@router.put("/haus/schluessel/{kid}/{person}")
async def put_share(
    kid: str, person: str, request: Request, desk: TheDesk, visitor: TheVisitor
) -> Response:
    """Pass a desk key on to a colleague, sealed by a browser that has it."""
    visitor.require(READS, MANAGES)
    if not DIGEST.fullmatch(kid) or not UUID.fullmatch(person):
        raise NotFound
    said = await body_as(request, ShareSaid)
    passed = Passed(kid, person, said.share)
    await desk.books.write(
        lambda connection: pass_on(connection, visitor.known, passed, desk.second)
    )
    return Response(status_code=204)


async def _me(desk: Desk, visitor: Visitor, status: int = 200) -> Response:
    said = await about(visitor.known, desk)
    return json_response(said | {"marke": visitor.marke}, status)
