# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command of a unit: ``not-for-us``."""

import asyncio
from typing import Annotated, Final

import typer

from hub.client import Agency, Hub
from hub.client.incidents import REASONS, Outcome, not_for_us
from hub.main.catalogue import known
from hub.main.exchanging import Folder
from hub.main.output import Json, fail, show
from hub.main.telling import told

_TELL_ON: Final = (
    "Ein Jugendamt teilt dem zuständigen Jugendamt mit, was es wissen muss "
    "(§ 8a Abs. 6 SGB VIII): meldeweg send --protocol jugendamt-mitteilung."
)


def register(top: typer.Typer) -> None:
    """Hang this command in at the top."""
    top.command("not-for-us")(refuse)


def refuse(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    reason: Annotated[str, typer.Option(help=f"Warum: {', '.join(REASONS)}.")],
    as_json: Json = False,
) -> None:
    """Weist eine Nachricht ab, die nicht hierher gehört; war sie offen, mit Meldeentwurf."""
    if reason not in REASONS:
        raise fail(f"Das ist keiner der Gründe: {', '.join(REASONS)}.")

    async def say() -> Outcome:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
            return await not_for_us(hub, message, reason)

    done = told(lambda: asyncio.run(say()))
    draft = str(done.dossier.path) if done.dossier else None
    index = done.dossier.index if done.dossier else None
    said = {"id": message, "refused": done.refused, "draft": draft, "index": index}
    show(said, as_json, _text(message, done))


def _text(message: str, done: Outcome) -> str:
    lines = [
        f"Abgelehnt: {message}. Die absendende Stelle erfährt, dass sie falsch adressiert hat."
        if done.refused
        else "Nicht abgelehnt: Der Eingang ist schon bestätigt, oder die Nachricht ist am Ende. "
        "Bitte die absendende Stelle anrufen."
    ]
    if done.dossier is None:
        lines.append("Niemand hat den Inhalt geöffnet; sonst ist nichts zu tun.")
        return "\n".join(lines)
    return "\n".join(
        [
            *lines,
            "Der Inhalt war schon geöffnet. Meldeentwurf für beide Datenschutzbeauftragte:",
            f"  {done.dossier.path.with_suffix('.txt')}",
            f"  Eintrag im Protokoll: Nr. {done.dossier.index}",
            _TELL_ON,
        ]
    )
