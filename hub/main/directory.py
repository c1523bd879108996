# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about who is responsible: ``directory responsible``, without any hub."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from hub.directory.network import load_network
from hub.directory.responsibility import Responsibilities
from hub.errors import Refusal
from hub.main.output import Json, fail, refusal_text, show
from hub.schemas import SPECS

BERLIN: Final = ZoneInfo("Europe/Berlin")
app = typer.Typer(help="Verzeichnis: wer ist zuständig.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``directory``."""
    top.add_typer(app, name="directory")


@app.callback()
def directory() -> None:
    """Verzeichnis: wer ist zuständig."""


@app.command("responsible")
def responsible(
    kind: Annotated[str, typer.Option(help="jugendamt oder polizei.")],
    ags: Annotated[str, typer.Option(help="Amtlicher Gemeindeschlüssel oder Name der Gemeinde.")],
    on: Annotated[str, typer.Option(help="Tag als JJJJ-MM-TT; sonst heute.")] = "",
    network: Annotated[list[Path] | None, typer.Option(help="Andere Netzdateien.")] = None,
    as_json: Json = False,
) -> None:
    """Sagt, welche Stelle für ein Kind in einer Gemeinde zuständig ist, und warum."""
    files = network or sorted((SPECS / "networks").glob("*.yaml"))
    table = Responsibilities.of(*(load_network(path) for path in files))
    try:
        day = date.fromisoformat(on) if on else datetime.now(BERLIN).date()
    except ValueError:
        raise fail("Der Tag wird als JJJJ-MM-TT geschrieben.") from None
    try:
        office = table.responsible(kind, table.municipality(ags).ags, day)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    said = {**vars(office), "valid_from": office.valid_from.isoformat()}
    show(said, as_json, f"{office.id}\n{office.reason}\nTelefon: {office.telephone}")
