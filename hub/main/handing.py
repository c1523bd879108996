# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of a unit: ``pass-on``, ``hand-over``."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub.client import Agency, Hub, Onward
from hub.client.passing import completed
from hub.main.catalogue import known
from hub.main.exchanging import Folder, NobodyThere, finish, read_content, ringing
from hub.main.output import Json, fail, show
from hub.main.telling import told

_STAYS: Final = (
    "Bis dort ein Mensch Kenntnis nimmt, bleibt diese Stelle in der Pflicht (§ 86d SGB VIII)."
)
To = Annotated[str, typer.Option("--to", help="Organisationseinheit, an die es geht.")]
Urgency = Annotated[str, typer.Option("--urgency", help="sofort, unverzueglich oder planbar.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.command("pass-on")(pass_on)
    top.command("hand-over")(hand_over)


def pass_on(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    content: Annotated[Path, typer.Argument(help="JSON-Datei mit dem, was die Fachkraft sagt.")],
    agency: Folder,
    to: To,
    urgency: Urgency,
    as_json: Json = False,
) -> None:
    """Gibt eine Mitteilung an das zuständige Jugendamt weiter (§ 8a Abs. 6 SGB VIII).

    Angaben über das Kind kommen aus dem abgelegten Inhalt, soweit er noch da ist.
    """
    own = read_content(content)

    async def go(hub: Hub) -> Onward:
        whole = completed(_received(hub, message), own)
        return await hub.pass_on(message, to=to, content=whole, urgency=urgency)

    onward = _done(agency, go)
    text = f"Weitergegeben an {to}: {onward.id}\nVorgang: {onward.conversation}\n{_STAYS}"
    show(_said(onward, message), as_json, text)


def hand_over(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[NACHRICHT] INHALT", help="Kennung, außer nach einem Anruf, und JSON-Datei."
        ),
    ],
    agency: Folder,
    to: To,
    urgency: Urgency = "unverzueglich",
    as_json: Json = False,
) -> None:
    """Übergibt vom Krisendienst an den Tagesdienst des Jugendamts, auch nach einem Anruf."""
    message, file = _message_and_file(words)
    own = read_content(file)

    async def go(hub: Hub) -> Onward:
        onward = await hub.hand_over(message, to=to, content=own, urgency=urgency)
        hub.copies.note_own(onward.id, onward.conversation, file)
        return onward

    onward = _done(agency, go)
    text = (
        f"Übergeben an {to}: {onward.id}\nVorgang: {onward.conversation}\n"
        f"Sobald dort übernommen ist, wird hier alles davon gelöscht, auch {file}."
    )
    show(_said(onward, message), as_json, text)


def _message_and_file(words: Sequence[str]) -> tuple[str | None, Path]:
    match words:
        case [file]:
            return None, Path(file)
        case [message, file]:
            return message, Path(file)
        case _:
            raise fail("Anzugeben sind die Nachricht, wenn es eine gibt, und die Inhaltsdatei.")


def _received(hub: Hub, message: str) -> dict[str, Any]:
    """Return what a message said, from the file in which it was put down; nothing where it went."""
    copy = hub.copies.find(message)
    for file in copy.files if copy else ():
        if file.exists():
            content: dict[str, Any] = json.loads(file.read_bytes())
            return content
    return {}


def _done(folder: Path, act: Callable[[Hub], Awaitable[Onward]]) -> Onward:
    async def go() -> Onward:
        unit = Agency.load(folder)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
            await finish(hub)
            return await ringing(act(hub))

    try:
        return told(lambda: asyncio.run(go()))
    except NobodyThere as nobody:
        raise fail(str(nobody)) from None


def _said(onward: Onward, message: str | None) -> dict[str, Any]:
    return {"message": message, "by": onward.id, "to": onward.to}
