# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of a unit: ``receive``, ``acknowledge``, ``evidence``."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.client import Agency, Hub
from hub.client.inbox import receive_batch, receive_steadily, report_finished
from hub.main.catalogue import OwnProtocols, known
from hub.main.exchanging import Folder, finished_text
from hub.main.output import Json, out, show
from hub.main.telling import told
from hub.protocols.catalogue import Catalogue


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.command("receive")(receive)
    top.command("acknowledge")(acknowledge)
    top.command("evidence")(evidence)


def receive(
    agency: Folder,
    out_dir: Annotated[Path, typer.Option("--out", help="Ordner für die Inhalte.")],
    once: Annotated[bool, typer.Option("--once", help="Nur holen, was jetzt wartet.")] = False,
    protocols: OwnProtocols = None,
    as_json: Json = False,
) -> None:
    """Holt Nachrichten ab, öffnet und prüft sie und legt Inhalt und Quittungen ab."""
    out_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    catalogue = known(protocols)
    told(lambda: asyncio.run(_receive(agency, out_dir, catalogue, once=once, as_json=as_json)))


async def _receive(
    folder: Path, out_dir: Path, catalogue: Catalogue, *, once: bool, as_json: bool
) -> None:
    unit = Agency.load(folder)

    def report(said: dict[str, Any]) -> None:
        show(said, as_json, _line(said))

    async with Hub(unit.hub.url, unit, catalogue=catalogue) as hub:
        if once:
            await report_finished(hub, report)
            await receive_batch(hub, out_dir, report)
        else:
            await receive_steadily(hub, out_dir, report)


def acknowledge(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    role: Annotated[str, typer.Option(help="Rolle der Person: bereitschaft, fachkraft, leitung.")],
) -> None:
    """Ein Mensch hat Kenntnis genommen; das hält die Uhr an."""

    async def say() -> None:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
            await hub.acknowledge(message, role)

    told(lambda: asyncio.run(say()))
    out.print(f"Eingang bestätigt: {message}")


def evidence(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    file: Annotated[Path, typer.Option("--out", help="Zip-Datei.")],
    openings: Annotated[
        bool, typer.Option("--openings", help="Mit dem, was die Zusagen in den Einträgen öffnet.")
    ] = False,
) -> None:
    """Holt das Beweispaket einer Nachricht; es lässt sich ohne uns prüfen."""

    async def fetch() -> bytes:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
            return await hub.evidence(message, openings=openings)

    file.write_bytes(told(lambda: asyncio.run(fetch())))
    out.print(f"Beweispaket: {file}")


def _line(said: dict[str, Any]) -> str:
    if "unreachable" in said:
        return f"Der Hub antwortet nicht ({said['unreachable']}); es wird weiter versucht."
    if "refused" in said:
        return f"Nicht übernommen: {said['id']} ({said['refused']})"
    if "file" not in said:
        return finished_text(said)
    lines = [f"Empfangen: {said['id']} {said['step']} von {said['from']} → {said['file']}"]
    if said["partial"]:
        lines.append("  Ein Teil davon ist nicht für diese Stelle und steht nicht darin.")
    lines += [f"  Damit erledigt und hier gelöscht: {each}" for each in said["erased"]]
    return "\n".join(lines)
