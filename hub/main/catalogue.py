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
from hub.protocols.compiled import load_compiled, load_known
from hub.protocols.load import ProtocolInvalid
from hub.protocols.own import with_own

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


def written(own: Path | None = None) -> Catalogue:
    """Return the same with versions that do not hold yet, for those who write and approve them.

    Whoever approves a version has to see it before; nothing is sent or adopted by this catalogue.
    """
    folder = own or settings().protocols_dir
    try:
        shipped = load_compiled()
        return shipped if folder is None else with_own(shipped, folder)
    except UNREADABLE as wrong:
        raise fail(reasons(wrong)) from None


def reasons(wrong: Exception) -> str:
    """Return what is wrong with a folder of protocols, a line for each place."""
    return "\n".join(wrong.places) if isinstance(wrong, ProtocolInvalid) else str(wrong)
