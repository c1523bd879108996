# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Showing once more who is there, before something is done that lets others in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from hub.errors import NotPermitted
from hub.people.proving import check_proven, how_to_prove, prove
from hub.web.bodies import body_as, json_response
from hub.web.eingang.edge import TheRoom
from hub.web.eingang.stranger import ProofWanted
from hub.web.eingang.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/eingang/konto/nachweis", include_in_schema=False)


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    credential: dict[str, Any]


async def proven_visitor(room: TheRoom, visitor: TheVisitor) -> Visitor:
    """Return who asks, if they have proved within the last minutes who they are."""
    try:
        check_proven(visitor.session, room)
    except NotPermitted as unproven:
        raise ProofWanted(unproven.detail) from None
    return visitor


TheProven = Annotated[Visitor, Depends(proven_visitor)]


@router.post("/frage")
async def ask_for_proof(room: TheRoom, visitor: TheVisitor) -> Response:
    """Say whether a proof is wanted now, and ask for it."""
    return json_response(await how_to_prove(visitor.known, room))


@router.post("")
async def post_proof(request: Request, room: TheRoom, visitor: TheVisitor) -> Response:
    """Take the answer of a passkey; it counts for this session, for some minutes."""
    said = await body_as(request, _Shown)
    await prove(visitor.known, said.credential, room)
    return Response(status_code=204)
