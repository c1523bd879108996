# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A witness over HTTP (C2SP tlog-witness): two calls, open to everybody, and no cookie.

Whoever asks is known by the signature on the checkpoint and by nothing else.
"""

from collections.abc import Mapping
from typing import Final, Protocol

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

LONGEST: Final = 131_072
"""Bytes of a request; a checkpoint with the lines of many is far below it."""
TEXT: Final = "text/plain; charset=utf-8"
_SAFE: Final[Mapping[str, str]] = {"x-content-type-options": "nosniff"}
_SHORT: Final = {**_SAFE, "cache-control": "public, max-age=60"}
_NEVER: Final = {**_SAFE, "cache-control": "no-store"}
_log = structlog.stdlib.get_logger()


class Answered(Protocol):
    """What a witness says to a call."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def media(self) -> str: ...


class Watching(Protocol):
    """A witness, as far as HTTP has to know one."""

    def add(self, body: bytes) -> Answered: ...
    def checkpoint(self, name: str) -> str | None: ...


def create_witness(witness: Watching) -> ASGIApp:
    """Return the application of a witness; both of its prefixes are the root."""

    async def add(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return _text(413, "too large\n")
        try:
            answer = await run_in_threadpool(witness.add, body)
        except (OSError, ValueError) as trouble:
            return _failed(trouble)
        # As a header: with a type of text/ beside it, a coding would be put behind it.
        headers = {**_NEVER, "content-type": answer.media}
        return Response(answer.body.encode(), answer.status, headers)

    async def newest(request: Request) -> Response:
        try:
            note = await run_in_threadpool(witness.checkpoint, request.path_params["origin"])
        except (OSError, ValueError) as trouble:
            return _failed(trouble)
        if note is None:
            return _text(404, "no checkpoint of such a log\n")
        return Response(note, 200, _SHORT, TEXT)

    routes = [
        Route("/add-checkpoint", add, methods=["POST"]),
        Route("/{origin}/checkpoint", newest, methods=["GET"]),
    ]
    return Starlette(routes=routes)


async def _read(request: Request) -> bytes | None:
    """Read a body as far as it may go; None where it goes on."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return None
    return bytes(body)


def _failed(trouble: Exception) -> Response:
    """Say that nothing was cosigned: what cannot be kept must not be signed."""
    _log.error("witness.failed", kind=type(trouble).__name__)
    return _text(503, "nothing can be kept here now\n")


def _text(status: int, text: str) -> Response:
    return Response(text, status, _NEVER, TEXT)
