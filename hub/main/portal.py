# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg portal``: a portal that answers, and its houses and people."""

import os
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError

from hub import clock
from hub.errors import Failure
from hub.main.output import fail, system_text
from hub.main.problems import problem_texts
from hub.portal.books.database import Books
from hub.portal.desk import DATABASE, Desk
from hub.portal.settings import PortalSettings
from hub.protocols.compiled import load_known
from hub.telemetry import configure
from hub.web.problems import Problems
from hub.web.server import Listener, Patience, serve

Folder = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Datenverzeichnis des Portals.", show_default=False),
]
DEFAULT: Final = None


def register(top: typer.Typer) -> None:
    """Hang the commands in at the top."""
    app = typer.Typer(
        help="Das Portal für Stellen ohne eigene Software.",
        invoke_without_command=True,
        no_args_is_help=False,
    )
    app.callback()(run)
    from hub.main import (  # noqa: PLC0415  loaded with this command alone
        portal_barriers,
        portal_people,
    )

    portal_people.register(app)
    portal_barriers.register(app)
    top.add_typer(app, name="portal")


def run(
    context: typer.Context,
    data_dir: Folder = DEFAULT,
    hub: Annotated[str | None, typer.Option(help="Adresse des Hubs.")] = None,
    host: Annotated[str | None, typer.Option(help="Adresse, auf der gehört wird.")] = None,
    port: Annotated[int | None, typer.Option(help="Anschluss.")] = None,
    public_url: Annotated[str | None, typer.Option(help="Adresse für Browser.")] = None,
    demo: Annotated[bool | None, typer.Option(help="Vorführung auf diesem Rechner.")] = None,
) -> None:
    """Startet das Portal; endet sauber bei Strg-C oder SIGTERM."""
    settings = settings_of(
        data_dir=data_dir, hub=hub, host=host, port=port, public_url=public_url, demo=demo
    )
    context.obj = settings
    if context.invoked_subcommand is not None:
        return
    os.umask(0o077)
    configure(level=settings.log_level)
    try:
        serve_portal(settings)
    except Failure as trouble:
        raise fail(f"Das Portal startet nicht ({trouble.code}): {trouble}") from None
    except OSError as trouble:
        raise fail(f"Das Portal startet nicht: {system_text(trouble)}") from None
    except ValueError as wrong:
        raise fail(f"Das Portal startet nicht: {wrong}") from None


def settings_of(**given: Any) -> PortalSettings:
    """Return the settings with what the command line says above them, or say what is wrong."""
    try:
        return PortalSettings(**{name: each for name, each in given.items() if each is not None})
    except ValidationError as wrong:
        names = ", ".join(sorted({str(error["loc"][0]) for error in wrong.errors()}))
        raise fail(f"Diese Einstellung ist nicht lesbar: {names}") from None
    except (OSError, ValueError):
        raise fail("Die Datei mit den Einstellungen ist nicht lesbar.") from None


def open_desk(settings: PortalSettings) -> Desk:
    """Open the books of a portal; makes the folder where there is none."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.data_dir.chmod(0o700)
    (settings.data_dir / "haeuser").mkdir(exist_ok=True, mode=0o700)
    desk = Desk(settings, Books(settings.data_dir / DATABASE), load_known(None))
    if desk.is_demonstration and (named := clock.demo_clock()) is not None:
        clock.live_by(named)
    return desk


def application(desk: Desk) -> Any:
    """Return the portal's application with everything that runs beside it."""
    from hub.web.portal.app import create_portal  # noqa: PLC0415  commands need no web

    names = {urlsplit(desk.settings.public_url).hostname or "", "localhost"}
    return create_portal(desk, Problems(desk.settings.public_url, problem_texts()), names)


def serve_portal(settings: PortalSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    listener = Listener(
        host=settings.host,
        port=settings.port,
        certificate=settings.certificate,
        private_key=settings.private_key,
        proxies=frozenset(filter(None, [settings.behind_proxy])),
    )
    listener.check()
    serve(application(open_desk(settings)), listener, patience=Patience())
