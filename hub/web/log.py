# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log over HTTP: checkpoints and hash tiles for everybody, entries for their parties.

What never changes may be kept for ever by whoever is in between, and the newest checkpoint for a
moment; everything else by nobody.
"""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from hub.errors import NotFound
from hub.inquire.log import (
    checkpoint,
    consistency,
    cose_entry,
    log_entry,
    log_keys,
    policy,
    tile,
    witnessed_checkpoint,
)
from hub.web.edge import Client, TheEdge, json_response

router = APIRouter(prefix="/v1/log", tags=["Protokoll"])
FOREVER = "public, max-age=31536000, immutable"
A_MOMENT = {"cache-control": "public, max-age=5"}
"""For checkpoints: a cache in between takes the load, and nobody is shown an old one for long."""
MEDIA_TYPE = "application/cose"
TEXT = "text/plain; charset=utf-8"
INDEX = re.compile("[0-9]{1,16}")
Size = Annotated[int, Query(ge=0, le=2**53 - 1)]
Edition = Literal["first", "witnessed"]
"""Whether the proof leads to the first checkpoint behind the entry, or to the first witnessed."""


@router.get("/checkpoint")
async def get_checkpoint(edge: TheEdge) -> Response:
    """The latest checkpoint as a signed note (C2SP tlog-checkpoint)."""
    return Response(await checkpoint(edge.node), media_type=TEXT, headers=A_MOMENT)


@router.get("/checkpoint/witnessed")
async def get_witnessed_checkpoint(edge: TheEdge) -> Response:
    """The latest checkpoint that meets the policy, with the lines of its witnesses."""
    return Response(await witnessed_checkpoint(edge.node), media_type=TEXT, headers=A_MOMENT)


@router.get("/keys")
async def get_keys(edge: TheEdge) -> Response:
    """The keys that the log has had, and how each of them is proven to follow the one before."""
    return json_response(await log_keys(edge.node))


@router.get("/policy")
async def get_policy(edge: TheEdge) -> Response:
    """Which witnesses have to have seen a checkpoint (C2SP tlog-policy)."""
    return Response(policy(edge.node), media_type=TEXT)


@router.get("/tile/{path:path}")
async def get_tile(path: str, edge: TheEdge) -> Response:
    """A hash tile (C2SP tlog-tiles), full or in part; bundles of entries are not public."""
    if path.startswith("entries/"):
        raise NotFound
    return Response(
        await tile(f"tile/{path}", edge.node),
        media_type="application/octet-stream",
        headers={"cache-control": FOREVER},
    )


@router.get("/proof")
async def get_proof(old: Size, new: Size, edge: TheEdge) -> Response:
    """The proof that the log of one size begins with that of a smaller one (RFC 9162 § 2.1.4)."""
    return json_response(await consistency(old, new, edge.node))


@router.get("/entries/{index}")
async def get_entry(
    index: str,
    client: Client,
    edge: TheEdge,
    edition: Edition = "first",
    accept: Annotated[str, Header()] = "",
) -> Response:
    """One entry with its proof, to a party to it; the witnessed edition once there is one.

    Who accepts ``application/cose`` gets a receipt of inclusion (RFC 9942) instead.
    """
    # Not a parameter for the framework to check: what is no number is no entry either.
    if not INDEX.fullmatch(index):
        raise NotFound
    is_witnessed = edition == "witnessed"
    if MEDIA_TYPE in accept:
        receipt = await cose_entry(client, int(index), edge.node, is_witnessed=is_witnessed)
        return Response(receipt, media_type=MEDIA_TYPE)
    return json_response(await log_entry(client, int(index), edge.node, is_witnessed=is_witnessed))
