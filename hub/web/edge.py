# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every route needs: the node, who asks, and a body read the strict way."""

import time
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request

from hub.model.evidence import AuthenticatedClient
from hub.node import Node
from hub.trust.tokens import AuthorizationServer, ClientSuspended, Presented
from hub.trust.tokens import Request as Asked
from hub.web.bodies import JSON, body_as, check_media_type, json_response, uuid_in_path
from hub.web.limits import Buckets, Rate
from hub.web.problems import Problems

__all__ = [
    "JSON",
    "STRANGERS",
    "Client",
    "Edge",
    "TheEdge",
    "asked",
    "body_as",
    "check_media_type",
    "check_stranger",
    "client_of",
    "edge_of",
    "json_response",
    "uuid_in_path",
]
STRANGERS: Final = Rate(per_second=20, burst=400)
"""Requests from one address of which it is not known yet who asks, and which cost a signature.

Many units share the address of one data centre, and after a failure all of them sign in at once.
"""


@dataclass(frozen=True)
class Edge:
    """The node as seen over HTTP."""

    node: Node
    server: AuthorizationServer
    buckets: Buckets
    problems: Problems
    strangers: Buckets = field(default_factory=lambda: Buckets(STRANGERS))

    @property
    def second(self) -> int:
        return int(self.node.clock())


async def edge_of(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


async def client_of(request: Request) -> AuthenticatedClient:
    """Establish who asks; for routes of participants."""
    edge: Edge = request.app.state.edge
    presented = Presented(
        authorization=request.headers.getlist("authorization"),
        dpop=request.headers.getlist("dpop"),
        request=asked(request),
    )
    try:
        client = edge.server.authenticate(presented, edge.node.directory, edge.second)
    except ClientSuspended as suspended:
        _know(suspended.client, request)
        raise
    _know(client, request)
    return client


def _know(client: AuthenticatedClient, request: Request) -> None:
    """Enter under this name whatever is refused from here on, and count the request."""
    edge: Edge = request.app.state.edge
    request.state.client = client
    edge.buckets.check_rate(client.unit, time.monotonic())


def check_stranger(request: Request) -> None:
    """Count a request of nobody known by the address it came from."""
    edge: Edge = request.app.state.edge
    peer = request.client.host if request.client else ""
    edge.strangers.check_rate(peer, time.monotonic())


def asked(request: Request) -> Asked:
    """Return method and address as a proof of possession has to name them.

    The address is ours by configuration and never what a header claims.
    """
    edge: Edge = request.app.state.edge
    return Asked(request.method, edge.node.public_url + request.scope["path"])


TheEdge = Annotated[Edge, Depends(edge_of)]
Client = Annotated[AuthenticatedClient, Depends(client_of)]
