# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Showing once more who is there, before something is done that lets others in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from hub.people.proving import check_proven, how_to_prove, prove
from hub.web.edge import body_as, json_response
from hub.web.portal.edge import TheDesk
from hub.web.portal.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/portal/api/konto/nachweis", include_in_schema=False)


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    credential: dict[str, Any]


async def proven_visitor(desk: TheDesk, visitor: TheVisitor) -> Visitor:
    """Return who asks, if they have proved within the last minutes who they are."""
    check_proven(visitor.session, desk)
    return visitor


TheProven = Annotated[Visitor, Depends(proven_visitor)]


@router.post("/frage")
async def ask_for_proof(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Say whether a proof is wanted now, and ask for it."""
    return json_response(await how_to_prove(visitor.known, desk))


@router.post("")
async def post_proof(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Take the answer of a passkey; it counts for this session, for some minutes."""
    said = await body_as(request, _Shown)
    await prove(visitor.known, said.credential, desk)
    return Response(status_code=204)
