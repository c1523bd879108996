# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages over HTTP: submitting, looking, receipts, evidence."""

from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response

from hub.deliver.incidents import Reported, open_incident
from hub.deliver.passing import Stated, state_passing
from hub.deliver.readers import AddedReader, add_reader
from hub.deliver.receipts import HandedIn, receive_receipt
from hub.enrol.sessions import is_demonstration
from hub.errors import IdMismatch, MediaTypeUnsupported, NotAMessage
from hub.inquire.evidence import evidence
from hub.inquire.messages import conversation_view, message_view
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import UUID, Digest
from hub.model.noun import Noun
from hub.record import Answer
from hub.submit import Submission, refuse, submit
from hub.trust.confirmation import FORM, HEADER, parse_confirmation
from hub.trust.tokens import ClientSuspended
from hub.web.edge import (
    JSON,
    Client,
    TheEdge,
    body_as,
    check_media_type,
    client_of,
    json_response,
    uuid_in_path,
)

router = APIRouter(prefix="/v1", tags=["Nachrichten"])
RECEIPT = "application/secevent+jwt"
STATEMENT = "application/jwt"
CONFIRMED: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "Proof, role and pseudonym of the person who confirmed it.",
            "schema": {"type": "string", "pattern": f"^{FORM.pattern}$"},
        }
    ]
}
"""Stands in the description of the interface; read by hand, so that a second one is seen."""


async def submitter_of(message_id: str, request: Request) -> AuthenticatedClient:
    """Establish who submits; what a suspended unit submits is entered as a message refused."""
    # A submission enters its refusals itself, with the digest of its bytes.
    request.state.enters_itself = True
    try:
        return await client_of(request)
    except ClientSuspended as suspended:
        submission = await _submission(message_id, request, suspended.client)
        await refuse(submission, suspended, request.app.state.edge.node)
        raise


@router.put("/messages/{message_id}", status_code=201, openapi_extra=CONFIRMED)
async def put_message(message_id: str, request: Request) -> Response:
    """Submit a sealed message. The same bytes again give the same answer, with status 200.

    The header `meldeweg-confirmed` says how a person of the sending house confirmed it.
    """
    # Asked for here and not as a dependency: to resolve one takes longer than most checks.
    client = await submitter_of(message_id, request)
    node = request.app.state.edge.node
    submission = await _submission(message_id, request, client)
    try:
        check_media_type(request, JSON)
        _check_address(submission.address)
        said_beside = request.headers.getlist(HEADER)
        confirmed = parse_confirmation(said_beside, may_be_code=is_demonstration(node))
    except (MediaTypeUnsupported, IdMismatch, NotAMessage) as refusal:
        await refuse(submission, refusal, node)
        raise
    said = Submission(client, submission.address, submission.raw, submission.now, confirmed)
    return _answer(await submit(said, node))


@router.get("/messages/{message_id}")
async def get_message(message_id: str, request: Request, client: Client, edge: TheEdge) -> Response:
    """State and receipts of a message, to its sender and its addressee."""
    view = await message_view(client, uuid_in_path(message_id), edge.node)
    if request.headers.get("if-none-match") == view.etag:
        return Response(status_code=304, headers={"etag": view.etag})
    return json_response(view.as_json(), etag=view.etag)


@router.get("/messages/{message_id}/evidence")
async def get_evidence(
    message_id: str, client: Client, edge: TheEdge, *, openings: bool = False
) -> Response:
    """Everything that proves what became of a message, as one zip that verifies offline.

    What opens the commitments of its entries is in it only where somebody asks for that.
    """
    asked = uuid_in_path(message_id)
    archive = await evidence(client, asked, edge.node, with_openings=openings)
    return Response(
        archive,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="beweispaket-{message_id}.zip"'},
    )


@router.put("/messages/{message_id}/receipts/{receipt_id}", status_code=201)
async def put_receipt(
    message_id: str, receipt_id: str, request: Request, client: Client, edge: TheEdge
) -> Response:
    """Hand in a receipt that the unit signed: opened, taken, acknowledged, rejected, withdrawn."""
    check_media_type(request, RECEIPT)
    jws = (await request.body()).decode("ascii", errors="replace")
    handed = HandedIn(client, uuid_in_path(message_id), uuid_in_path(receipt_id), jws)
    return _answer(await receive_receipt(handed, edge.node))


@router.put("/messages/{message_id}/readers/{kid}", status_code=201)
async def put_reader(
    message_id: str, kid: str, request: Request, client: Client, edge: TheEdge
) -> Response:
    """Add a reader to an own message (SL1 § 8): a statement and one more wrap."""
    check_media_type(request, JSON)
    added = AddedReader(client, uuid_in_path(message_id), kid, await request.body())
    return _answer(await add_reader(added, edge.node))


@router.put("/messages/{message_id}/passing", status_code=201)
async def put_passing(message_id: str, request: Request, client: Client, edge: TheEdge) -> Response:
    """State, signed, that a message goes on with another one (§ 8a Abs. 6 SGB VIII)."""
    check_media_type(request, STATEMENT)
    jws = (await request.body()).decode("ascii", errors="replace")
    return _answer(await state_passing(Stated(client, uuid_in_path(message_id), jws), edge.node))


class IncidentBody(Noun):
    """What is said of an incident: that a draft of it exists."""

    v: Literal[1]
    draft: Digest


@router.put("/messages/{message_id}/incidents/{incident_id}", status_code=201)
async def put_incident(
    message_id: str, incident_id: str, request: Request, client: Client, edge: TheEdge
) -> Response:
    """Enter that a party made a draft of an incident about a message: its digest, no more."""
    body = await body_as(request, IncidentBody)
    incident = uuid_in_path(incident_id)
    reported = Reported(client, uuid_in_path(message_id), incident, body.draft)
    return _answer(await open_incident(reported, edge.node))


@router.get("/conversations/{conversation_id}")
async def get_conversation(conversation_id: str, client: Client, edge: TheEdge) -> Response:
    """What was said in a conversation, and what this unit may say next."""
    return json_response(await conversation_view(client, uuid_in_path(conversation_id), edge.node))


def _check_address(address: str) -> None:
    if not address:
        raise IdMismatch


async def _submission(message_id: str, request: Request, client: AuthenticatedClient) -> Submission:
    address = message_id if UUID.fullmatch(message_id) else ""
    now = request.app.state.edge.node.clock()
    return Submission(client, address, await request.body(), now)


def _answer(answer: Answer) -> Response:
    return json_response(answer.body, 201 if answer.is_new else 200)
