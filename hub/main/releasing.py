# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg release``: a message that was held may be fetched again."""

from typing import Annotated

import typer

from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show
from hub.settings import Settings


def register(top: typer.Typer) -> None:
    """Hang the command in at the top."""
    top.command("release")(release)


def release(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Gibt eine Nachricht wieder frei, deren Abholung fünfmal gescheitert ist."""
    request = {"act": "release", "message": message}
    try:
        said = operate(hub_in(data_dir, database), Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    show(said, as_json, f"{message} kann wieder abgeholt werden.")
