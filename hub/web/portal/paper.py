# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be printed: the receipt of a filing, and every form without a screen."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from hub.errors import NotFound
from hub.forms.form import describe
from hub.forms.questions import PORTAL_KINDS, question_of, roles_of, sayable
from hub.model.protocol import Protocol, Step
from hub.portal import filings_thread
from hub.portal.books.people_houses import read_house
from hub.portal.desk import Desk
from hub.portal.paper.form import sheets
from hub.portal.paper.numbers import numbers
from hub.portal.paper.receipt import PDF, Paper, as_pdf
from hub.web.edge import uuid_in_path
from hub.web.portal.edge import TheDesk
from hub.web.portal.filings import filer
from hub.web.portal.shell import shell
from hub.web.portal.visitor import MaybeVisitor, TheVisitor

router = APIRouter(include_in_schema=False)


@router.get("/portal/api/mitteilungen/{message_id}/quittung.pdf")
async def get_receipt(message_id: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """The receipt as PDF/A-3a and PDF/UA-1, with the hub's answer inside."""
    said = json.loads(
        json.dumps(await filings_thread.one(uuid_in_path(message_id), filer(visitor), desk))
    )
    if said["answer"] is None:
        raise NotFound
    house = await desk.books.read(lambda connection: read_house(connection, visitor.unit))
    paper = Paper(
        filing=said["filing"],
        answer=said["answer"],
        protocol=desk.catalogue.known(said["filing"]["protocol"]),
        house=house.name if house else visitor.unit,
        log_key=desk.line(visitor.unit).agency.hub.log,
        is_demo=desk.is_demonstration,
    )
    content = await run_in_threadpool(as_pdf, paper)
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{paper.file}.pdf"',
    }
    return Response(content, media_type=PDF, headers=headers)


@router.get("/portal/papier")
async def get_papers(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Which forms there are on paper; nobody has to be signed in, and no script is needed."""
    asked = [
        {"question": question_of(protocol, step).question, "path": _path(protocol, step)}
        for protocol, step in _opening(desk)
    ]
    shown: dict[str, Any] = {"forms": asked, "numbers": await numbers({"jugendamt"}, desk)}
    is_known = visitor is not None
    return shell("portal/papier.html", request, page="public", signed_in=is_known, **shown)


@router.get("/portal/papier/{protocol}/{step}")
async def get_paper(
    protocol: str, step: str, request: Request, desk: TheDesk, visitor: MaybeVisitor
) -> Response:
    """One form with room to write, in the newest version of its protocol."""
    for known, opening in _opening(desk):
        if (known.id, opening.id) == (protocol, step):
            description = describe(desk.catalogue, known, opening)
            shown: dict[str, Any] = {
                "form": description,
                "sheets": sheets(description),
                "numbers": await numbers(opening.recipient, desk),
            }
            is_known = visitor is not None
            return shell(
                "portal/papierformular.html", request, page="public", signed_in=is_known, **shown
            )
    raise NotFound


def _opening(desk: Desk) -> Iterator[tuple[Protocol, Step]]:
    roles = frozenset().union(*(roles_of(kind) for kind in PORTAL_KINDS))
    for protocol, step in sayable(desk.catalogue, roles):
        if step.opens:
            yield protocol, step


def _path(protocol: Protocol, step: Step) -> str:
    return f"/portal/papier/{protocol.id}/{step.id}"
