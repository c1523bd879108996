# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every route needs: the node, who asks, and a body read the strict way."""

import json
import time
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ValidationError

from hub.errors import MediaTypeUnsupported, NotAMessage, NotFound
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import UUID
from hub.node import Node
from hub.trust.tokens import AuthorizationServer, ClientSuspended, Presented
from hub.trust.tokens import Request as Asked
from hub.web.limits import Buckets, Rate
from hub.web.problems import Problems

M = TypeVar("M", bound=BaseModel)
JSON = "application/json"
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


def check_media_type(request: Request, expected: str) -> None:
    if request.headers.getlist("content-type") != [expected]:
        raise MediaTypeUnsupported(f"This address takes {expected}.")


def uuid_in_path(value: str) -> str:
    """Return an id from an address; what is no id is nothing that could be found."""
    if not UUID.fullmatch(value):
        raise NotFound
    return value


async def body_as(request: Request, model: type[M]) -> M:
    """Read a JSON body into a closed model; pointers on refusal, never values."""
    check_media_type(request, JSON)
    raw = await request.body()
    try:
        _check_names_once(raw)
        return model.model_validate_json(raw)
    except ValidationError as unfit:
        places = sorted({_pointer(error) for error in unfit.errors(include_input=False)})
    except (ValueError, RecursionError):
        places = [""]
    raise NotAMessage("The body is not what this address takes.", pointers=places)


def _check_names_once(raw: bytes) -> None:
    """Raise ``ValueError`` for a name that comes twice: pydantic would take the last of them."""

    def members(pairs: list[tuple[str, object]]) -> None:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name twice")

    json.loads(raw, object_pairs_hook=members)


def _pointer(error: Any) -> str:
    # The name of a member that nobody knows is the sender's word, so its parent is named.
    place = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return "".join(f"/{part}" for part in place)


def json_response(content: object, status: int = 200, **headers: str) -> Response:
    raw = (
        content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(raw, status, media_type=JSON, headers=named)


TheEdge = Annotated[Edge, Depends(edge_of)]
Client = Annotated[AuthenticatedClient, Depends(client_of)]
