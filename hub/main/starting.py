# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg serve``: a hub that answers."""

import os
from typing import Annotated

import typer

from hub.errors import Failure
from hub.main.options import DEFAULT, Folder, hub_in
from hub.main.output import fail, system_text
from hub.main.serving import run
from hub.settings import Settings


def register(top: typer.Typer) -> None:
    """Hang the command in at the top."""
    top.command("serve")(serve)


def serve(
    data_dir: Folder = DEFAULT,
    host: Annotated[str | None, typer.Option(help="Adresse, auf der gehört wird.")] = None,
    port: Annotated[int | None, typer.Option(help="Anschluss.")] = None,
) -> None:
    """Startet einen Knoten; endet sauber bei Strg-C oder SIGTERM."""
    given = {"data_dir": data_dir, "host": host, "port": port}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    hub_in(settings.data_dir)
    # Journal and index of the database are made anew at each start.
    os.umask(0o077)
    try:
        run(settings)
    except Failure as trouble:
        raise fail(f"Der Hub startet nicht ({trouble.code}): {trouble}") from None
    except OSError as trouble:
        raise fail(f"Der Hub startet nicht: {system_text(trouble)}") from None
    except ValueError as wrong:
        raise fail(f"Der Hub startet nicht: {wrong}") from None
