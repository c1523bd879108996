# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What several commands ask for in the same words."""

from pathlib import Path
from typing import Annotated

import typer

from hub.main.folder import DataDir
from hub.main.output import fail
from hub.settings import Settings

Folder = Annotated[Path, typer.Option("--data-dir", help="Datenverzeichnis des Hubs.")]
DEFAULT = Settings().data_dir


def hub_in(folder: Path) -> DataDir:
    """Return the data directory of a hub, or say that there is none.

    Opening a database that is not there would make one, and then no hub could be set up here.
    """
    data = DataDir(folder)
    if not data.database.exists():
        raise fail(f"In {folder} ist kein Hub; mit „meldeweg init“ einrichten.")
    return data
