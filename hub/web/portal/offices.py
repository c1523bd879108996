# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The directory over HTTP, for browsers that verify it themselves: list, offices, who has duty."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from hub.errors import RecipientUnknown
from hub.model.ids import DIGEST, PARTY
from hub.portal.offices import DEFAULT, NobodyThere, Wanted, listed, office
from hub.web.edge import json_response
from hub.web.portal.edge import TheDesk, ThePortal
from hub.web.portal.visitor import TheVisitor

router = APIRouter(prefix="/portal/api", include_in_schema=False)


class OfficeQuery(BaseModel):
    """For what an office is to be reached."""

    urgency: str = Field(default=DEFAULT, pattern="^(sofort|unverzueglich|planbar)$")
    protocol: str | None = Field(default=None, max_length=60)
    step: str | None = Field(default=None, max_length=40)
    reader: str | None = Field(default=None, pattern=f"^{DIGEST.pattern}$")
    laufend: bool = False
    """In a conversation that runs; then nobody is warned away from an office."""


@router.get("/verzeichnis")
async def get_directory(desk: TheDesk, visitor: TheVisitor) -> Response:
    """The signed list of those who take part, as the hub gave it."""
    return json_response(await listed(desk, visitor.unit))


@router.get("/stellen/{unit}")
async def get_office(
    unit: str, portal: ThePortal, visitor: TheVisitor, asked: Annotated[OfficeQuery, Query()]
) -> Response:
    """Keys, duty and hours of one unit, with the signed entries that prove them."""
    if not PARTY.fullmatch(unit):
        raise RecipientUnknown
    wanted = Wanted(
        unit, asked.urgency, asked.protocol, asked.step, asked.reader, begins=not asked.laufend
    )
    try:
        return json_response(await office(portal.desk, visitor.unit, wanted))
    except NobodyThere as nobody:
        answer = portal.problems.response(nobody)
        said = {**json.loads(bytes(answer.body)), "turns": nobody.turns}
        return Response(
            json.dumps(said, ensure_ascii=False).encode(),
            answer.status_code,
            media_type="application/problem+json",
        )
