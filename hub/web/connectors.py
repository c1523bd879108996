# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Heads of the connectors' own logs over HTTP: how far each is, never what stands in it."""

from fastapi import APIRouter, Request, Response

from hub.deliver.heads import StatedHead, state_head, stated_head
from hub.errors import EnvelopeInvalid
from hub.web.edge import Client, TheEdge, check_media_type, json_response

router = APIRouter(prefix="/v1/connectors", tags=["Anbindung"])
JWT = "application/jwt"


@router.put("/{unit}/checkpoint", status_code=201)
async def put_checkpoint(unit: str, request: Request, client: Client, edge: TheEdge) -> Response:
    """Say how far the unit's log of reading is; signed by the unit, and by the log itself.

    It never gets shorter and never becomes another: the answer carries the entry of the hub's log
    and its proof, with which anybody can hold the two logs against each other later.
    """
    check_media_type(request, JWT)
    taken = await state_head(StatedHead(client, unit, await _jws(request)), edge.node)
    return json_response(taken.body, 201 if taken.is_new else 200)


@router.get("/{unit}/checkpoint")
async def get_checkpoint(unit: str, client: Client, edge: TheEdge) -> Response:
    """What the own unit said last, for a connector that has lost its answer."""
    return json_response((await stated_head(client, unit, edge.node)).body)


async def _jws(request: Request) -> str:
    try:
        return (await request.body()).decode("ascii")
    except UnicodeDecodeError:
        raise EnvelopeInvalid("The body is not a signed token.") from None
