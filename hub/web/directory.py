# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The directory over HTTP: public to read, because it holds public keys and telephone numbers."""

from fastapi import APIRouter, Request, Response

from hub.enrol.adoption import adopt
from hub.enrol.entries import hand_in
from hub.errors import EnvelopeInvalid, NotFound, TokenInvalid
from hub.inquire.directory import directory_entry, directory_list
from hub.model.ids import PARTY
from hub.record import Answer
from hub.web.edge import TheEdge, check_media_type, check_stranger, json_response

router = APIRouter(prefix="/v1/directory", tags=["Verzeichnis"])
JWT = "application/jwt"


@router.get("")
async def get_list(edge: TheEdge) -> Response:
    """Who takes part and who is responsible where, whole and signed.

    Nothing is asked about a single place, so the hub never learns where a child lives.
    """
    return json_response(await directory_list(edge.node))


@router.get("/{organisation}")
async def get_entry(organisation: str, edge: TheEdge) -> Response:
    """What an organisation says of itself, signed by its root key, with the proof of its entry."""
    return json_response(await directory_entry(_party(organisation), edge.node))


@router.put("/{organisation}", status_code=201)
async def put_entry(organisation: str, request: Request, edge: TheEdge) -> Response:
    """Publish an entry: the first with a one-time code, later ones by the root key alone."""
    check_stranger(request)
    check_media_type(request, JWT)
    jws = await _jws(request)
    taken = await hand_in(_party(organisation), jws, _code(request), edge.node)
    if isinstance(taken, Answer):
        return json_response(taken.body, 201)
    return json_response({"fingerprint": taken, "status": "enrolled"}, 202)


@router.put("/{organisation}/adoptions/{name}/{version}", status_code=201)
async def put_adoption(
    organisation: str, name: str, version: str, request: Request, edge: TheEdge
) -> Response:
    """Adopt a version of a protocol as its controller; signed by the root key."""
    check_stranger(request)
    check_media_type(request, JWT)
    if edge.node.catalogue.get(f"{name}/{version}") is None:
        raise NotFound
    jws = await _jws(request)
    taken = await adopt(_party(organisation), jws, edge.node)
    return json_response(taken.body, 201)


async def _jws(request: Request) -> str:
    try:
        return (await request.body()).decode("ascii")
    except UnicodeDecodeError:
        raise EnvelopeInvalid("The body is not a signed token.") from None


def _party(value: str) -> str:
    if not PARTY.fullmatch(value):
        raise NotFound
    return value


def _code(request: Request) -> str | None:
    presented = request.headers.getlist("authorization")
    if not presented:
        return None
    scheme, _, code = presented[0].partition(" ")
    if len(presented) != 1 or scheme.lower() != "enrolment" or not code.isascii():
        raise TokenInvalid
    return code
