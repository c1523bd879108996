# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg``: German texts, English names; each command in a module of its own.

Only the module of the command that was typed is loaded, so that a command on an office machine
answers at once; help alone loads them all.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Final

import typer

MODULES: Final = {
    "init": "founding",
    "serve": "starting",
    "doctor": "examining",
    "status": "examining",
    "participants": "participants",
    "release": "releasing",
    "protocols": "protocols",
    "directory": "directory",
    "agency": "agency",
    "send": "exchanging",
    "receive": "exchanging",
    "acknowledge": "exchanging",
    "evidence": "exchanging",
    "audit": "audit",
}
"""Which module has which command."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the application with the command that these arguments begin with, or with all."""
    typed = arguments[0] if arguments else ""
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


def _meldeweg() -> None:
    """Mitteilungen über Kinder in Gefahr, knapp, unterschrieben und versiegelt."""
