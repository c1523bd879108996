# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What several commands ask for in the same words."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from hub import clock
from hub.main.folder import DataDir
from hub.main.output import fail
from hub.settings import ConfigError, Settings
from hub.store.postgresql import parse_address

Folder = Annotated[
    Path | None, typer.Option("--data-dir", help="Datenverzeichnis des Hubs.", show_default=False)
]
Address = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Adresse einer PostgreSQL-Datenbank, etwa postgresql://hub@/meldeweg.",
        show_default=False,
    ),
]
DEFAULT = None
"""What the settings say, which are read when the command runs."""


def settings(**given: Any) -> Settings:
    """Return the settings with what the command line says above them, or say what is wrong."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ConfigError as wrong:
        raise fail(str(wrong)) from None
    except ValidationError as wrong:
        # Names alone: a value may be an address with a password in it.
        names = ", ".join(sorted({str(error["loc"][0]) for error in wrong.errors()}))
        raise fail(f"Diese Einstellung ist nicht lesbar: {names}") from None


def place(folder: Path | None = None, address: str | None = None) -> DataDir:
    """Return where a hub is, or is to be."""
    chosen = settings(data_dir=folder, database_url=address)
    url = chosen.database_url.get_secret_value()
    try:
        if url:
            parse_address(url)
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    data = DataDir(chosen.data_dir, url)
    if clock.demo_clock() is not None and data.is_there:
        # Loaded where it is needed: hardly any hub is a demonstration.
        import_module("hub.main.demotime").keep_time(data, chosen)
    return data


def hub_in(folder: Path | None = None, address: str | None = None) -> DataDir:
    """Return where a hub is, or say that there is none.

    Opening a database that is not there would make one, and then no hub could be set up here.
    """
    data = place(folder, address)
    if not data.is_there:
        raise fail(f"In {data.path} ist kein Hub; mit „meldeweg init“ einrichten.")
    return data
