# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command of a unit: ``erase``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from hub.client import Agency, Hub
from hub.client.copies import Copies
from hub.client.erasing import copies_in
from hub.main.catalogue import known
from hub.main.exchanging import Folder, finish
from hub.main.output import Json, show
from hub.main.telling import told


def register(top: typer.Typer) -> None:
    """Hang this command in at the top."""
    top.command("erase")(erase)


def erase(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    out_dir: Annotated[Path, typer.Option("--out", help="Ordner mit den Inhalten.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was ginge.")] = False,
    as_json: Json = False,
) -> None:
    """Löscht die eigene Kopie einer Nachricht und unterschreibt danach, dass sie fort ist."""
    unit = Agency.load(agency)
    files = _files(unit, message, out_dir)
    if not dry_run:
        told(lambda: asyncio.run(_erase(unit, message, out_dir)))
    done = "Würde gelöscht" if dry_run else "Gelöscht"
    lines = [f"{done}: {file}" for file in files] or ["Hier liegt keine Datei mehr davon."]
    if not dry_run:
        lines.append(f"Unterschrieben, dass nichts mehr davon da ist: {message}")
    said = {"id": message, "files": [str(file) for file in files], "erased": not dry_run}
    show(said, as_json, "\n".join(lines))


def _files(unit: Agency, message: str, out_dir: Path) -> list[Path]:
    copy = Copies(unit).find(message)
    found = [*(copy.files if copy else ()), *copies_in(out_dir, message)]
    return list(dict.fromkeys(file.resolve() for file in found if file.exists()))


async def _erase(unit: Agency, message: str, out_dir: Path) -> None:
    async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
        await finish(hub)
        await hub.erase(message, folder=out_dir)
