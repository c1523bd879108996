# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The portal as a process of its own, as ``meldeweg portal`` runs it, and a control beside it.

The control reads a body and answers as many bytes as it is asked for: what the same server and
the same framework cost before anything is looked up.
"""

import argparse
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.main.portal import application, open_desk
from hub.portal.settings import PortalSettings
from hub.telemetry import configure
from hub.web.server import Listener, serve

ASIDE: Final = "/bench"


def main() -> None:
    """Serve until SIGTERM."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--data-dir", type=Path, required=True)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--hub", required=True)
    options = said.parse_args()
    configure(level="error")
    settings = PortalSettings(
        data_dir=options.data_dir,
        hub=options.hub,
        port=options.port,
        public_url=f"http://localhost:{options.port}",
        demo=True,
    )
    serve(beside(application(open_desk(settings))), Listener(port=options.port))


def beside(portal: ASGIApp) -> ASGIApp:
    """Return the application with the control beside it."""
    own = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @own.api_route(ASIDE + "/{size}", methods=["GET", "POST", "PUT"])
    async def answer(size: int, request: Request) -> Response:
        await request.body()
        return Response(b"x" * size, media_type="application/octet-stream")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_own = scope["type"] == "http" and scope["path"].startswith(ASIDE)
        await (own if is_own else portal)(scope, receive, send)

    return app


if __name__ == "__main__":
    main()
