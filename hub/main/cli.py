# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg``: German texts, English names; each command in a module of its own.

Only the module of the command that was typed is loaded, so that a command on an office machine
answers at once; help alone loads them all.
"""

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.settings import CONFIG

MODULES: Final = {
    "init": "founding",
    "serve": "starting",
    "doctor": "examining",
    "status": "examining",
    "participants": "standing",  # Hangs in those of the module beside it too.
    "people": "people",
    "break-glass": "breakglass",
    "incidents": "own_incidents",
    "backup": "backups",
    "upgrade": "upgrading",
    "database": "databases",
    "reconcile": "reconciling",
    "release": "releasing",
    "notify": "notify",
    "protocols": "matrix",  # Hangs in all that stands below, its own and what it builds on.
    "codelists": "codelists",
    "agreements": "agreement_drafts",  # Hangs in the others below it too.
    "directory": "watching",  # So does this one.
    "duty": "duty",
    "agency": "agency",
    "keys": "keys",
    "roster": "roster",
    "send": "exchanging",
    "receive": "receiving",
    "acknowledge": "receiving",
    "evidence": "receiving",
    "pass-on": "handing",
    "hand-over": "handing",
    "erase": "erasing",
    "not-for-us": "incidents",
    "audit": "audit",
    "signer": "signer",
    "report": "evaluation",
    "demo-clock": "democlock",
    "portal": "portal",
    "connector": "connector",
    "adapters": "adapters",
    "witness": "witness",
}
"""Which module has which command."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the application with the command that these arguments begin with, or with all."""
    typed = _command(arguments)
    modules = [MODULES[typed]] if typed in MODULES else dict.fromkeys(MODULES.values())
    return _assembled(modules)


def _assembled(modules: Iterable[str]) -> typer.Typer:
    app = typer.Typer(
        name="meldeweg",
        help="Meldeweg: Mitteilungen über Kinder in Gefahr, knapp, unterschrieben und versiegelt.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    # A callback, or a single command would be taken for the whole application.
    app.callback()(_meldeweg)
    for module in modules:
        import_module(f"hub.main.{module}").register(app)
    return app


def _command(arguments: Sequence[str]) -> str:
    """Return the word behind the options that stand in front of every command."""
    words = iter(arguments)
    for word in words:
        if word == "--config":
            next(words, None)
        elif not word.startswith("--config="):
            return word
    return ""


def _meldeweg(
    config: Annotated[
        Path | None,
        typer.Option(help="Datei mit Einstellungen (TOML); die Umgebung geht ihr vor."),
    ] = None,
) -> None:
    """Mitteilungen über Kinder in Gefahr, knapp, unterschrieben und versiegelt."""
    if config is not None:
        os.environ[CONFIG] = str(config)
