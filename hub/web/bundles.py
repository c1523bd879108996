# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bundles of entries over HTTP, for the two kinds of people who read them, and who say what for.

Whoever is not signed in is told that there is nothing: entries are not public.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Response

from hub.enrol.pseudonyms import pid_of
from hub.enrol.sessions import SignedIn
from hub.errors import NotFound
from hub.inquire.bundles import Reader, Reading, bundle
from hub.web.edge import Edge, TheEdge
from hub.web.sessions import TheVisitor

router = APIRouter(prefix="/v1/log", tags=["Protokoll"])
PURPOSE: Final = "meldeweg-purpose"
Purpose = Annotated[str, Header(alias=PURPOSE, max_length=40)]


@router.get("/tile/entries/{path:path}")
async def get_bundle(
    path: str, edge: TheEdge, visitor: TheVisitor, purpose: str = "", said: Purpose = ""
) -> Response:
    """A bundle of entries (C2SP tlog-tiles), to data protection officer and supervisor.

    ``purpose``, here or as a header, is one of § 76 Abs. 3 BDSG; it is entered before bytes leave.
    """
    if visitor is None:
        raise NotFound
    reading = Reading(_reader(visitor.known, edge), f"tile/entries/{path}", purpose or said)
    # Not cached by anybody: the next reading is one, too.
    return Response(await bundle(reading, edge.node), media_type="application/octet-stream")


def _reader(known: SignedIn, edge: Edge) -> Reader:
    pid = pid_of(edge.node.hub_id, known.person, edge.second)
    return Reader(known.organisation, known.role, pid, known.session.opened_by)
