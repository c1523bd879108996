# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shells of the pages that belong to no topic alone: start, filing, one matter, health."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.web.portal.edge import TheDesk
from hub.web.portal.shell import shell
from hub.web.portal.visitor import TheVisitor

router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_root() -> Response:
    return RedirectResponse("/portal", status_code=303)


@router.get("/portal")
async def get_start(request: Request, visitor: TheVisitor) -> Response:
    """What waits, what is begun, what is new; the script fetches it."""
    del visitor  # Whoever is nobody here is led to the sign-in.
    return shell("portal/start.html", request, page="start")


@router.get("/portal/mitteilung")
async def get_filing(request: Request, visitor: TheVisitor) -> Response:
    """The filing form, from the first question to the receipt."""
    del visitor
    return shell("portal/mitteilung.html", request, page="filing")


@router.get("/portal/vorgang/{conversation}")
async def get_matter(conversation: str, request: Request, visitor: TheVisitor) -> Response:
    """One matter: what was said, what came back, what can be answered."""
    del conversation, visitor  # The script asks for it; whether there is one, the API says.
    return shell("portal/vorgang.html", request, page="matter")


@router.get("/health/live")
async def get_live() -> Response:
    return Response(status_code=204)


@router.get("/health/ready")
async def get_ready(desk: TheDesk) -> Response:
    """Whether the books can be read."""
    await desk.books.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())
    return Response(status_code=204)
