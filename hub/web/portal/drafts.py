# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts over HTTP: ciphertexts with a version, so that no window overwrites another unseen."""

import json
import re
from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from hub.errors import NotAMessage
from hub.model.json import JsonObject
from hub.model.noun import Noun
from hub.portal import drafts
from hub.portal.desk import Desk
from hub.portal.drafts import Change, DraftMovedOn, Writer
from hub.web.edge import body_as, json_response, uuid_in_path
from hub.web.portal.edge import TheDesk, ThePortal
from hub.web.portal.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/portal/api/entwuerfe", include_in_schema=False)
T = TypeVar("T")
LARGEST: Final = 400_000
"""Characters; what is beyond the limit of a draft is said to be too large, and not malformed."""
_ETAG: Final = re.compile(r'"([0-9]{1,9})"')
Text = Annotated[str, Field(max_length=LARGEST, min_length=1, pattern=r"^[A-Za-z0-9_-]+$")]


class DraftBody(Noun):
    """What the browser has sealed."""

    ciphertext: Text
    wrap: Text | None = None


class PassedBody(Noun):
    """What the browser has sealed for a colleague."""

    to: Annotated[str, Field(max_length=64)]
    ciphertext: Text
    wrap: Text


@router.get("")
async def get_drafts(desk: TheDesk, visitor: TheVisitor) -> Response:
    """Every draft that this person wrote or holds."""
    by = writer(visitor, desk)
    return json_response({"drafts": await desk.books.read(lambda c: drafts.all_of(c, by))})


@router.get("/{draft_id}")
async def get_draft(draft_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """One draft of this person."""
    by, known = writer(visitor, desk), uuid_in_path(draft_id)
    return _answer(await desk.books.read(lambda c: drafts.one(c, known, by)))


@router.put("/{draft_id}")
async def put_draft(
    draft_id: str, request: Request, portal: ThePortal, visitor: TheVisitor
) -> Response:
    """Keep a draft: a new one with ``If-None-Match: *``, a newer version with ``If-Match``."""
    visitor.require(*drafts.WRITERS)
    body = await body_as(request, DraftBody)
    change = Change(uuid_in_path(draft_id), _version(request), body.ciphertext, body.wrap)
    by = writer(visitor, portal.desk)
    return await _done(portal, lambda c: drafts.keep(c, change, by))


@router.delete("/{draft_id}", status_code=204)
async def delete_draft(
    draft_id: str, request: Request, portal: ThePortal, visitor: TheVisitor
) -> Response:
    """Delete a draft of one's own."""
    change = Change(uuid_in_path(draft_id), _version(request))
    by = writer(visitor, portal.desk)
    return await _done(portal, lambda c: drafts.throw_away(c, change, by))


@router.post("/{draft_id}/weitergabe")
async def post_passing(
    draft_id: str, request: Request, portal: ThePortal, visitor: TheVisitor
) -> Response:
    """Pass a draft on to a colleague, who reviews and confirms it."""
    visitor.require(*drafts.WRITERS)
    body = await body_as(request, PassedBody)
    change = Change(uuid_in_path(draft_id), _version(request), body.ciphertext, body.wrap)
    by = writer(visitor, portal.desk)
    return await _done(portal, lambda c: drafts.pass_on(c, change, body.to, by))


@router.delete("/{draft_id}/weitergabe")
async def delete_passing(
    draft_id: str, request: Request, portal: ThePortal, visitor: TheVisitor
) -> Response:
    """Take back what was passed on, or give it back."""
    change = Change(uuid_in_path(draft_id), _version(request))
    by = writer(visitor, portal.desk)
    return await _done(portal, lambda c: drafts.take_back(c, change, by))


def writer(visitor: Visitor, desk: Desk) -> Writer:
    """Return who asks, as the part behind this needs it."""
    return Writer(visitor.unit, visitor.person, visitor.roles, desk.second)


async def _done(portal: ThePortal, work: Callable[[Connection], JsonObject | None]) -> Response:
    """Do it; who comes too late is shown what the draft has become."""
    try:
        said = await portal.desk.books.write(work)
    except DraftMovedOn as moved:
        answer = portal.problems.response(moved)
        problem = {**json.loads(bytes(answer.body)), "current": moved.current}
        return json_response(problem, answer.status_code)
    return Response(status_code=204) if said is None else _answer(said)


def _answer(said: JsonObject) -> Response:
    status = 201 if said["version"] == 1 else 200
    return json_response(said, status, etag=f'"{said["version"]}"')


def _version(request: Request) -> int | None:
    """Return the version that was changed; None where the draft is to be new (RFC 9110 § 13.1)."""
    if request.headers.get("if-none-match") == "*":
        return None
    found = _ETAG.fullmatch(request.headers.get("if-match", ""))
    if found is None:
        raise NotAMessage("A change says in If-Match which version it was made from.")
    return int(found[1])
