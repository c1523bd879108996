# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which protocols does this installation know? The shipped ones, and those of its own folder."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hub.errors import SchemaNotSealable
from hub.main.options import settings
from hub.main.output import fail
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known
from hub.protocols.load import ProtocolInvalid

OwnProtocols = Annotated[
    Path | None,
    typer.Option(
        "--protocols",
        help="Ordner mit eigenen Verfahren (sonst MELDEWEG_PROTOCOLS_DIR).",
        show_default=False,
    ),
]
UNREADABLE: Final = (ProtocolInvalid, SchemaNotSealable, ValueError)
"""What a folder of protocols can be; each says in its own words what is wrong, in our files."""


def known(own: Path | None = None) -> Catalogue:
    """Return what this command knows, by the command line or the settings, or say what is wrong."""
    folder = own or settings().protocols_dir
    try:
        return load_known(folder)
    except UNREADABLE as wrong:
        raise fail(reasons(wrong)) from None


def reasons(wrong: Exception) -> str:
    """Return what is wrong with a folder of protocols, a line for each place."""
    return "\n".join(wrong.places) if isinstance(wrong, ProtocolInvalid) else str(wrong)
