# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log over HTTP: checkpoints and hash tiles for everybody, entries for their parties."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.errors import NotFound
from hub.inquire.log import checkpoint, consistency, log_entry, tile
from hub.web.edge import Client, TheEdge, json_response

router = APIRouter(prefix="/v1/log", tags=["Protokoll"])
FOREVER = "public, max-age=31536000, immutable"
INDEX = re.compile("[0-9]{1,16}")
Size = Annotated[int, Query(ge=0, le=2**53 - 1)]


@router.get("/checkpoint")
async def get_checkpoint(edge: TheEdge) -> Response:
    """The latest checkpoint as a signed note (C2SP tlog-checkpoint)."""
    return Response(await checkpoint(edge.node), media_type="text/plain; charset=utf-8")


@router.get("/tile/{path:path}")
async def get_tile(path: str, edge: TheEdge) -> Response:
    """A hash tile (C2SP tlog-tiles); entry bundles are not public."""
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
async def get_entry(index: str, client: Client, edge: TheEdge) -> Response:
    """One entry with its proof, to a party to it."""
    # Not a parameter for the framework to check: what is no number is no entry either.
    if not INDEX.fullmatch(index):
        raise NotFound
    return json_response(await log_entry(client, int(index), edge.node))
