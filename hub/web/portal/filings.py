# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Filings over HTTP: sealed in the browser, confirmed by a person, signed and sent from here."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field, JsonValue

from hub.client.relaying import sealed_elsewhere
from hub.model.ids import Digest, Uuid
from hub.model.message import WrappedKey
from hub.model.noun import Noun
from hub.portal import drafts, filings_thread
from hub.portal.books.mail_filings import NOT_SENT, WAITS, StoredFiling
from hub.portal.confirmation import Filer, how_to_confirm
from hub.portal.filings import Submitted, file
from hub.portal.filings_sending import RefusedByHub
from hub.portal.filings_shown import answer_of
from hub.web.edge import body_as, json_response, uuid_in_path
from hub.web.portal.drafts import writer
from hub.web.portal.edge import TheDesk, ThePortal
from hub.web.portal.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/portal/api", include_in_schema=False)
LONGEST_NOTE = 16_384


class KeyBody(Noun):
    """The class keys, wrapped for one reader."""

    kid: Digest
    wrap: Annotated[str, Field(max_length=4096, pattern=r"^[A-Za-z0-9_-]+$")]


class FilingBody(Noun):
    """All of a message but its signature, and how a person confirmed it."""

    payload: dict[str, JsonValue]
    body: JsonValue
    keys: Annotated[tuple[KeyBody, ...], Field(min_length=1, max_length=8)]
    confirmation: dict[str, JsonValue]
    note: Annotated[str | None, Field(max_length=LONGEST_NOTE, pattern=r"^[A-Za-z0-9_-]*$")] = None
    draft: Uuid | None = None


class DigestBody(Noun):
    """What is to be confirmed."""

    digest: Digest


@router.get("/eingang")
async def get_start(desk: TheDesk, visitor: TheVisitor) -> Response:
    """What was filed, what came, what is begun: as much of the house as this person may see."""
    said = await filings_thread.start(filer(visitor), desk)
    by = writer(visitor, desk)
    begun = await desk.books.read(lambda connection: drafts.all_of(connection, by))
    return json_response({**said, "drafts": begun})


@router.post("/bestaetigung")
async def post_question(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """How this person confirms something: the question for their passkey, or what else."""
    visitor.require("verfassen", "freigeben")
    body = await body_as(request, DigestBody)
    return json_response(await how_to_confirm(body.digest, filer(visitor), desk))


@router.put("/mitteilungen/{message_id}")
async def put_filing(
    message_id: str, request: Request, portal: ThePortal, visitor: TheVisitor
) -> Response:
    """File a message; the same one again gets the same answer."""
    visitor.require("verfassen", "freigeben")
    body = await body_as(request, FilingBody)
    keys = [WrappedKey(each.kid, each.wrap) for each in body.keys]
    submitted = Submitted(
        id=uuid_in_path(message_id),
        sealed=sealed_elsewhere(body.payload, body.body, keys),
        confirmation=body.confirmation,
        note=body.note,
        draft=body.draft,
    )
    row = await file(submitted, filer(visitor), portal.desk)
    return _refused(_problem(row), portal) if row.state in NOT_SENT else _filed(row)


@router.get("/mitteilungen/{message_id}")
async def get_filing(message_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """A filing with what proves it, as far as this person may see it."""
    said = await filings_thread.one(uuid_in_path(message_id), filer(visitor), desk)
    return json_response(said)


@router.post("/mitteilungen/{message_id}/zurueckziehen")
async def post_withdrawal(message_id: str, portal: ThePortal, visitor: TheVisitor) -> Response:
    """Take back a message that nobody has taken yet."""
    visitor.require("verfassen", "freigeben")
    by = filer(visitor)
    try:
        said = await filings_thread.withdraw(uuid_in_path(message_id), by, portal.desk)
    except RefusedByHub as no:
        return _refused(no.problem, portal)
    return json_response(said)


@router.get("/vorgaenge/{conversation_id}")
async def get_thread(conversation_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """What was said in a matter, and what this house may say next."""
    said = await filings_thread.thread(uuid_in_path(conversation_id), filer(visitor), desk)
    return json_response(said)


def filer(visitor: Visitor) -> Filer:
    """Return who asks, as the part behind this needs it."""
    return Filer(visitor.unit, visitor.person, visitor.roles, visitor.session)


def _filed(row: StoredFiling) -> Response:
    if row.state == WAITS:
        waiting = {"state": row.state, "env": row.env, "until": row.sendable_until}
        return json_response(waiting, 202)
    said = {
        "state": row.state,
        "env": row.env,
        "answer": answer_of(row),
        "message": None if row.message is None else row.message.decode(),
    }
    return json_response(said, 201)


def _problem(row: StoredFiling) -> dict[str, Any]:
    if row.problem is None:
        return {"status": 422, "code": "issued-outside-window"}
    known: dict[str, Any] = json.loads(row.problem)
    return known


def _refused(problem: Any, portal: ThePortal) -> Response:
    """Pass on what the hub said no with, in the words that this portal has for its code."""
    code = str(problem["code"])
    if portal.problems.text_of(code) is None:
        return portal.problems.plain("failure")
    return portal.problems.plain(
        code,
        detail=str(problem.get("detail", "")),
        pointers=problem.get("pointers", ()),
        basis=problem.get("basis"),
        allowed=problem.get("allowed", ()),
    )
