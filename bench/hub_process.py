# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub as a process of its own, as ``meldeweg serve`` runs it, and some routes beside it.

The routes read a body and drop it, or tell somebody who waits that it came: what the same server
and the same framework cost before anything is done. The application of the hub is the real one;
nothing in it is switched off.
"""

import argparse
import asyncio
import contextlib
import json
import threading
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.catalogue import bench_catalogue
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.main.serving import application
from hub.settings import Settings
from hub.telemetry import configure
from hub.web.server import Listener, serve

ASIDE: Final = "/bench"


def main() -> None:
    """Serve until SIGTERM."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--data-dir", type=Path, required=True)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--public-url", required=True)
    said.add_argument("--database", default="")
    options = said.parse_args()
    configure(level="error")
    data = DataDir(options.data_dir, options.database)
    catalogue = bench_catalogue(options.data_dir.parent / "catalogue")
    with open_node(data, options.public_url) as node:
        node.catalogue = catalogue
        app = beside(application(node, data, settings=Settings()))
        serve(app, Listener(port=options.port), on_stop=node.waiting.close)


def beside(hub: ASGIApp) -> ASGIApp:
    """Return the application with the routes of the benchmark beside it."""
    own = _aside()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_own = scope["type"] == "http" and scope["path"].startswith(ASIDE)
        await (own if is_own else hub)(scope, receive, send)

    return app


def _aside() -> FastAPI:
    own = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @own.put(ASIDE + "/drop/{message_id}", status_code=201)
    async def drop(message_id: str, request: Request) -> Response:
        del message_id
        await request.body()
        return Response(b"{}", 201, media_type="application/json")

    rung: list[str] = []
    bell = asyncio.Event()

    @own.put(ASIDE + "/ring/{message_id}", status_code=201)
    async def ring(message_id: str, request: Request) -> Response:
        await request.body()
        rung.append(message_id)
        bell.set()
        return Response(b"{}", 201, media_type="application/json")

    @own.post(ASIDE + "/wait")
    async def wait(request: Request) -> Response:
        await request.body()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), 30)
        bell.clear()
        heard, rung[:] = list(rung), []
        return Response(json.dumps({"ids": heard}), media_type="application/json")

    @own.get(ASIDE + "/threads")
    async def threads() -> Response:
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        return Response(json.dumps(names), media_type="application/json")

    return own


if __name__ == "__main__":
    main()
