# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command of a unit: ``reconcile``."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from hub.client import Agency, Hub
from hub.client.reconciling import Compared, reconcile, reconcile_due
from hub.main.catalogue import known
from hub.main.exchanging import Folder
from hub.main.output import Json, show
from hub.main.telling import told

DIFFERS = 4
"""The two sides do not hold the same; a person has to look."""


def register(top: typer.Typer) -> None:
    """Hang this command in at the top."""
    top.command("reconcile")(compare)


def compare(
    agency: Folder,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Nur dieser Tag (UTC); sonst alle offenen."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Vergleicht die Quittungen, die hier liegen, mit denen des Hubs; er trägt es ein."""

    async def ask() -> list[Compared]:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
            if day is not None:
                return [await reconcile(hub, day.date().isoformat())]
            return await reconcile_due(hub)

    found = told(lambda: asyncio.run(ask()))
    text = "\n".join(map(_text, found)) or "Alle Tage, die zu Ende sind, sind verglichen."
    show([each.as_json() for each in found], as_json, text)
    if not all(each.agrees for each in found):
        raise typer.Exit(DIFFERS)


def _text(found: Compared) -> str:
    if found.agrees:
        return f"{found.day}: stimmt überein, {found.held} Quittungen (Eintrag {found.index})."
    lines = [f"{found.day}: STIMMT NICHT ÜBEREIN (Eintrag {found.index})."]
    lines += [
        f"  Nur hier: {each.word} zu {each.message_id}. Quittung und Beweis liegen im Ordner der "
        "Einheit; Betreiber und Datenschutz verständigen."
        for each in found.only_here
    ]
    lines += [
        f"  Nur beim Hub: {each['word']} zu {each['message']}. Ging hier eine Antwort verloren, "
        "oder wurde der Ordner zurückgespielt?"
        for each in found.only_there
    ]
    return "\n".join(lines)
