# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letters over HTTP: sealed as they came, and what somebody says about them."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from hub.model.ids import Digest
from hub.model.json import Json, JsonObject
from hub.model.message import ClassName
from hub.model.noun import Noun
from hub.portal import letters
from hub.web.edge import body_as, json_response, uuid_in_path
from hub.web.portal.edge import TheDesk
from hub.web.portal.filings import filer
from hub.web.portal.visitor import TheVisitor

router = APIRouter(prefix="/portal/api/briefe", include_in_schema=False)
Pointer = Annotated[str, StringConstraints(max_length=128)]


class OpenedBody(Noun):
    """With which key a letter was opened, and what of it."""

    kid: Digest
    classes: Annotated[tuple[ClassName, ...], Field(min_length=1, max_length=8)]


class ProblemBody(Noun):
    """Why a letter cannot be used: a code, and where."""

    code: Annotated[str, Field(max_length=40)]
    pointers: Annotated[tuple[Pointer, ...], Field(max_length=160)] = ()


class RejectedBody(Noun):
    """All that is wrong with a letter; no value."""

    problems: Annotated[tuple[ProblemBody, ...], Field(min_length=1, max_length=16)]


@router.get("/{letter_id}")
async def get_letter(letter_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """A letter for whoever can open it, with the signed entries that prove its sender."""
    return json_response(await letters.one(uuid_in_path(letter_id), filer(visitor), desk))


@router.post("/{letter_id}/geoeffnet")
async def post_opened(
    letter_id: str, request: Request, desk: TheDesk, visitor: TheVisitor
) -> Response:
    """The browser has opened it; the house says so, to the hub alone."""
    body, by = await body_as(request, OpenedBody), filer(visitor)
    known = uuid_in_path(letter_id)
    return json_response(await letters.say_opened(known, body.kid, body.classes, by, desk))


@router.post("/{letter_id}/bestaetigt")
async def post_acknowledged(letter_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """A person has taken note."""
    visitor.require("lesen", "verfassen")
    by = filer(visitor)
    return json_response(await letters.say_acknowledged(uuid_in_path(letter_id), by, desk))


@router.post("/{letter_id}/abgelehnt")
async def post_rejected(
    letter_id: str, request: Request, desk: TheDesk, visitor: TheVisitor
) -> Response:
    """It cannot be used; the sender is told why, with codes and places."""
    visitor.require("lesen", "verfassen")
    body, by = await body_as(request, RejectedBody), filer(visitor)
    problems = [_problem(each) for each in body.problems]
    return json_response(await letters.say_rejected(uuid_in_path(letter_id), problems, by, desk))


@router.post("/{letter_id}/geloescht")
async def post_erased(letter_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Delete the copy that lies here."""
    visitor.require("lesen", "verfassen")
    by = filer(visitor)
    return json_response(await letters.erase(uuid_in_path(letter_id), by, desk))


def _problem(said: ProblemBody) -> JsonObject:
    pointers: list[Json] = [*said.pointers]
    return {"code": said.code, "pointers": pointers}
