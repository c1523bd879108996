# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The directory over HTTP: public to read, because it holds public keys and telephone numbers."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.enrol.adoption import adopt
from hub.enrol.entries import hand_in
from hub.errors import EnvelopeInvalid, NotFound, TokenInvalid
from hub.inquire.directory import (
    directory_entry,
    directory_list,
    directory_versions,
    list_mark,
)
from hub.model.ids import PARTY
from hub.record import Answer
from hub.sealing.canonical import digest
from hub.web.edge import TheEdge, check_media_type, check_stranger, json_response

router = APIRouter(prefix="/v1/directory", tags=["Verzeichnis"])
JWT = "application/jwt"
After = Annotated[int, Query(ge=0, le=2**53 - 1)]


@router.get("")
async def get_list(request: Request, edge: TheEdge) -> Response:
    """Who takes part and who is responsible where, whole and signed.

    Nothing is asked about a single place, so the hub never learns where a child lives.
    """
    # Weak: two lists that say the same were issued at two times, so their bytes differ.
    tag = f'W/"{list_mark(edge.node)}"'
    if is_known(request, tag):
        return not_modified(tag)
    return json_response(await directory_list(edge.node), etag=tag)


@router.get("/{organisation}")
async def get_entry(organisation: str, request: Request, edge: TheEdge) -> Response:
    """What an organisation says of itself, signed by its root key, with the proof of its entry."""
    raw = json.dumps(
        await directory_entry(_party(organisation), edge.node), ensure_ascii=False
    ).encode()
    tag = f'"{digest(raw)}"'
    return not_modified(tag) if is_known(request, tag) else json_response(raw, etag=tag)


@router.get("/{organisation}/versions")
async def get_versions(organisation: str, edge: TheEdge, after: After = 0) -> Response:
    """Every version of an entry, so that an organisation can see what stands in its name."""
    return json_response(await directory_versions(_party(organisation), after, edge.node))


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


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client has what it would get (RFC 9110 § 13.1.2, weak comparison)."""
    given = ",".join(request.headers.getlist("if-none-match"))
    known = {each.strip().removeprefix("W/") for each in given.split(",")}
    return tag.removeprefix("W/") in known


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag})


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
