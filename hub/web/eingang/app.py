# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox as one application: its pages, refusals, what every request passes."""

from collections.abc import Collection
from importlib import import_module
from typing import Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from hub.adapters.inbox.room import Room
from hub.web.eingang import files, refusals, stranger
from hub.web.limits import guard
from hub.web.problems import Problems

FACES: Final = (
    "signin", "account", "people", "list", "paper", "notice", "acts", "handover", "reading",
    "state", "public",
)  # fmt: skip
LARGEST: Final = 262_144
"""Bytes: the longest form is an answer in words."""


def create_inbox(room: Room, problems: Problems, hosts: Collection[str]) -> ASGIApp:
    """Put the application together; answers only to the names in ``hosts``."""
    app = FastAPI(
        title="Meldeweg-Eingang",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # A redirect would repeat whatever somebody has put into the address.
        redirect_slashes=False,
    )
    app.state.room = room
    app.state.problems = problems
    app.include_router(files.router)
    for face in FACES:
        app.include_router(import_module(f"hub.web.eingang.{face}").router)
    refusals.install(app, problems)
    stranger.install(app)
    return guard(
        app,
        problems=problems,
        hosts=hosts,
        limit_of=lambda _: LARGEST,
        is_open=lambda path: path.startswith("/eingang/anmeldung"),
    )
