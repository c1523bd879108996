# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg serve``: one node, from the data directory to the socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from hub.main.assembly import open_node
from hub.main.betrieb import listening
from hub.main.folder import DataDir
from hub.main.texts import load_problem_texts
from hub.main.work import note, working
from hub.node import Node
from hub.settings import Settings
from hub.store.leases import give_back_all
from hub.telemetry import configure
from hub.trust.tokens import AuthorizationServer
from hub.web.app import create_app
from hub.web.problems import Problems, ProblemText
from hub.web.server import Listener, serve


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; returns when everything under way has ended."""
    configure(level=settings.log_level)
    data = DataDir(settings.data_dir)
    data.check_socket()
    listener = Listener(
        host=settings.host,
        port=settings.port,
        certificate=settings.certificate,
        private_key=settings.private_key,
        proxies=frozenset(filter(None, [settings.behind_proxy])),
    )
    with open_node(data, settings.public_url) as node:
        serve(application(node, data), listener, on_stop=node.waiting.close)
        node.writer.commit_now(give_back_all)


def application(node: Node, data: DataDir | None, *, every: float = 10) -> Any:
    """Return the node's application with everything that runs beside it."""

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        await note(node, "software.started")
        async with working(node, every):
            if data is None:
                yield
                return
            async with listening(data, node):
                yield

    server = AuthorizationServer(node.public_url, node.keys.token)
    problems = Problems(node.public_url, _texts())
    names = {urlsplit(node.public_url).hostname or "", "localhost", "127.0.0.1"}
    return create_app(node, server, problems, names, lifespan)


def _texts() -> dict[str, ProblemText]:
    return {
        code: ProblemText(
            title=text["title_de"],
            title_en=text["title_en"],
            advice=text["advice_de"].strip(),
            basis=text.get("basis", ""),
        )
        for code, text in load_problem_texts().items()
    }
