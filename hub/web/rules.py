# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Protocols and schemas over HTTP: what may be said is no secret."""

from fastapi import APIRouter, Response

from hub.errors import NotFound
from hub.model.json import JsonObject
from hub.model.protocol import Protocol
from hub.protocols.published import canonical
from hub.sealing.canonical import digest as digest_of
from hub.sealing.canonical import jcs
from hub.web.edge import TheEdge, json_response

router = APIRouter(prefix="/v1", tags=["Verfahren"])


@router.get("/protocols")
async def get_protocols(edge: TheEdge) -> Response:
    """Every protocol version that this hub knows."""
    return json_response({"protocols": [_head(each) for each in edge.node.catalogue.all()]})


@router.get("/protocols/{name}")
async def get_versions(name: str, edge: TheEdge) -> Response:
    """The versions of one protocol."""
    versions = [_head(each) for each in edge.node.catalogue.all() if each.id == name]
    if not versions:
        raise NotFound
    return json_response({"protocols": versions})


@router.get("/protocols/{name}/{version}")
async def get_protocol(name: str, version: str, edge: TheEdge) -> Response:
    """One version of a protocol, whole, as it is digested: roles, steps, bases, clocks.

    Beside what is digested stands what may change under one digest: ``status``, ``status_reason``
    and ``open_points``. Whoever leaves these and ``digest`` out can count the digest that it
    adopts.
    """
    protocol = edge.node.catalogue.get(f"{name}/{version}")
    if protocol is None:
        raise NotFound
    content: JsonObject = {
        **canonical(protocol),
        "digest": protocol.digest,
        "status": protocol.status,
        "status_reason": protocol.status_reason,
        "open_points": list(protocol.open_points),
    }
    return json_response(content, etag=f'"{digest_of(jcs(content))}"')


@router.get("/schemas/{digest}")
async def get_schema(digest: str, edge: TheEdge) -> Response:
    """A schema by its digest, with the sealed schema derived from it."""
    schemas = edge.node.catalogue.schemas
    schema = schemas.by_digest(digest)
    content = {"name": schemas.name_of(digest), "plain": schema.plain, "sealed": schema.sealed}
    return json_response(
        content, etag=f'"{digest}"', cache_control="public, max-age=31536000, immutable"
    )


def _head(protocol: Protocol) -> JsonObject:
    return {
        "name": protocol.name,
        "number": protocol.number,
        "title": protocol.title,
        "status": protocol.status,
        "digest": protocol.digest,
        "open_points": list(protocol.open_points),
    }
