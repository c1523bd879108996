# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub's REST face as one application: routers, refusals, what every request passes."""

import re
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from hub.errors import Failure, LogUnavailable, Refusal, StorageFull, TooManyRequests
from hub.inquire.asking import deny
from hub.model.ids import UUID
from hub.node import Node
from hub.trust.tokens import AuthorizationServer, GrantRefused, NonceRequired
from hub.web import (
    agreements,
    bundles,
    connectors,
    directory,
    explained,
    health,
    leases,
    log,
    login,
    messages,
    netzwerk,
    netzwerk_auswertung,
    netzwerk_bereitschaft,
    netzwerk_forms,
    people,
    push,
    reconciliation,
    rules,
    signin,
    verfahren,
)
from hub.web.crowd import SMALL
from hub.web.edge import Edge
from hub.web.limits import MESSAGE_BYTES, Buckets, Rate, guard
from hub.web.problems import STATUS, Problems, oauth_response

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]
RATE = Rate(per_second=50, burst=400, reserved=50)
"""Requests of one unit; far beyond any need, and enough to stop a loop gone wild."""
MESSAGE: Final = re.compile(r"/v1/messages/[^/]+")
"""Where a new message is submitted."""


def create_app(
    node: Node,
    server: AuthorizationServer,
    problems: Problems,
    hosts: Collection[str],
    lifespan: Lifespan | None = None,
) -> ASGIApp:
    """Put the application together; answers only to the names in ``hosts``."""
    app = FastAPI(
        title="Meldeweg",
        version="1",
        summary="Signed, minimally scoped notifications about children in danger",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.edge = Edge(node, server, Buckets(RATE), problems)
    for face in (
        messages,
        leases,
        directory,
        agreements,
        connectors,
        reconciliation,
        rules,
        bundles,
        log,
        push,
        signin,
        health,
        explained,
        verfahren,
        login,
        netzwerk,
        netzwerk_bereitschaft,
        netzwerk_forms,
        netzwerk_auswertung,
    ):
        app.include_router(face.router)
    problems.install(app)
    app.add_exception_handler(Refusal, _answer_with(problems, node))
    return guard(
        app,
        problems=problems,
        hosts=hosts,
        limit_of=_limit,
        trouble_of=partial(_trouble, node),
        is_open=lambda path: path.startswith(
            (signin.PATH, directory.router.prefix, agreements.router.prefix, login.PATH)
        ),
    )


def _limit(path: str) -> int:
    """Return how large a body may be: what signs somebody in is small."""
    return SMALL if path == signin.PATH or path.startswith(login.PATH) else MESSAGE_BYTES


def _trouble(node: Node, method: str, path: str) -> Failure | None:
    """Say why no new message is taken just now; all that brings others to their end goes on."""
    if method == "PUT" and MESSAGE.fullmatch(path) and node.is_short_of_space():
        return StorageFull()
    if method == "PUT" and MESSAGE.fullmatch(path) and node.tail.must_stop(node.clock()):
        return LogUnavailable("For too long not enough witnesses have seen the log.")
    return None


def _answer_with(problems: Problems, node: Node) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101  registered for nothing else
        if people.is_for_people(request):
            return people.refusal_page(error, problems)
        await _note(request, error, node)
        if request.url.path == signin.PATH and isinstance(error, GrantRefused | NonceRequired):
            return oauth_response(error)
        return problems.response(error)

    return answer


async def _note(request: Request, refusal: Refusal, node: Node) -> None:
    """Leave one entry, once it is known who asked; before that, count.

    404 and 413 before parsing leave none, 429 is counted; a submission enters its refusals itself.
    """
    if isinstance(refusal, NonceRequired):
        return
    client = getattr(request.state, "client", None)
    if client is None or refusal.code == "token-invalid":
        node.flood.count_unknown("token-invalid", int(node.clock()))
        return
    if isinstance(refusal, TooManyRequests):
        node.flood.count(client.unit, refusal.code, int(node.clock()))
        return
    if getattr(request.state, "enters_itself", False) or STATUS[refusal.code] in {404, 413}:
        return
    ids = (part for part in request.url.path.split("/") if UUID.fullmatch(part))
    await deny(client, refusal, next(ids, ""), node)
