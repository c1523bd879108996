# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The portal as one application: routers, refusals, what every request passes."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from hub.people.sessions import SignInWanted
from hub.portal.desk import Desk
from hub.portal.working import working
from hub.web.limits import guard
from hub.web.portal import assets, pages
from hub.web.portal.edge import PortalEdge
from hub.web.portal.visitor import sign_in_page
from hub.web.problems import Problems

FACES: Final = (
    "signin", "account", "proof", "house", "vault", "forms", "offices", "drafts", "filings",
    "letters", "paper", "public",
)  # fmt: skip
LARGEST: Final = 1_048_576
"""Bytes: a message, its claims and the assertion, as one JSON; a draft is smaller."""


def create_portal(desk: Desk, problems: Problems, hosts: Collection[str]) -> ASGIApp:
    """Put the application together; answers only to the names in ``hosts``."""

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        async with working(desk):
            yield
        await desk.close()

    app = FastAPI(
        title="Meldeweg-Portal",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.edge = PortalEdge(desk, problems)
    app.include_router(assets.router)
    app.include_router(pages.router)
    for face in FACES:
        app.include_router(import_module(f"hub.web.portal.{face}").router)
    problems.install(app)

    async def answer_stranger(request: Request, refusal: Exception) -> Response:
        """Lead a person to the sign-in, and tell a script that its session is over."""
        assert isinstance(refusal, SignInWanted)  # noqa: S101  registered for nothing else
        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        return sign_in_page(request) if wants_page else problems.response(refusal)

    app.add_exception_handler(SignInWanted, answer_stranger)
    return guard(
        app,
        problems=problems,
        hosts=hosts,
        limit_of=lambda _: LARGEST,
        is_open=lambda path: path.startswith("/portal/anmeldung"),
    )
