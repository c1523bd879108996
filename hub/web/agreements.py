# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Agreements over HTTP: public to read, signed by root keys to write."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from hub.enrol.agreements import propose, sign
from hub.errors import EnvelopeInvalid, IdMismatch, NotFound
from hub.inquire.agreements import agreement_list, agreement_whole
from hub.model.agreement import Agreement
from hub.model.ids import PARTY
from hub.model.noun import Noun
from hub.web.edge import TheEdge, body_as, check_media_type, check_stranger, json_response

router = APIRouter(prefix="/v1/agreements", tags=["Vereinbarungen"])
JWT: Final = "application/jwt"
_ID: Final = re.compile(r"[a-z0-9-]{3,60}")
_VERSION: Final = re.compile(r"[1-9][0-9]{0,3}")


class Proposal(Noun):
    """A text and the signature of the party that proposes it."""

    agreement: Agreement
    signature: Annotated[
        str, StringConstraints(min_length=1, max_length=8192, pattern=r"^[\w.-]+$")
    ]


@router.get("")
async def get_agreements(edge: TheEdge) -> Response:
    """Every agreement in every version, and how each stands today."""
    return json_response(agreement_list(edge.node))


@router.get("/{agreement_id}")
async def get_versions(agreement_id: str, edge: TheEdge) -> Response:
    """The versions of one agreement."""
    return json_response(agreement_list(edge.node, agreement_id))


@router.get("/{agreement_id}/{version}")
async def get_agreement(
    agreement_id: str, version: str, request: Request, edge: TheEdge
) -> Response:
    """One version, with every signature, its entry in the log and the proof of that."""
    check_stranger(request)
    return json_response(await agreement_whole(*_name(agreement_id, version), edge.node))


@router.put("/{agreement_id}/{version}", status_code=201)
async def put_agreement(
    agreement_id: str, version: str, request: Request, edge: TheEdge
) -> Response:
    """Propose a version as one of its parties, and sign it at once."""
    check_stranger(request)
    name = _name(agreement_id, version)
    proposal = await body_as(request, Proposal)
    if (proposal.agreement.id, proposal.agreement.version) != name:
        raise IdMismatch(pointers=("/agreement/id",))
    taken = await propose(proposal.agreement, proposal.signature, edge.node)
    return json_response(taken.body, 201)


@router.put("/{agreement_id}/{version}/signatures/{organisation}", status_code=201)
@router.put("/{agreement_id}/{version}/notices/{organisation}", status_code=201)
async def put_signature(
    agreement_id: str, version: str, organisation: str, request: Request, edge: TheEdge
) -> Response:
    """Sign a version as one of its parties, or give notice of it to a day."""
    check_stranger(request)
    name = _name(agreement_id, version)
    check_media_type(request, JWT)
    if not PARTY.fullmatch(organisation):
        raise NotFound
    try:
        jws = (await request.body()).decode("ascii")
    except UnicodeDecodeError:
        raise EnvelopeInvalid("The body is not a signed token.") from None
    taken = await sign(name, organisation, jws, edge.node)
    return json_response(taken.body, 201)


def _name(agreement_id: str, version: str) -> tuple[str, int]:
    if not _ID.fullmatch(agreement_id) or not _VERSION.fullmatch(version):
        raise NotFound
    return agreement_id, int(version)
