# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``directory watch``: an organisation notices a key in its name that it did not publish."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import httpx2
import typer

from hub.client.agency import Agency
from hub.client.answers import Unreachable
from hub.client.line import Line
from hub.client.watching import Alarm, Watch, load_watched
from hub.main import directory
from hub.main.output import Json, err, fail, show

ADVICE: Final = (
    "Sofort den Betreiber unter einer schon bekannten Nummer anrufen, die Stelle sperren lassen "
    "(„participants suspend“) und bis dahin nichts über den Hub senden. War es ein Schlüssel, der "
    "nicht der Wurzelschlüssel ist, ihn mit „keys revoke“ widerrufen."
)


def register(top: typer.Typer) -> None:
    """Hang this command in below ``directory``, beside those that stand there."""
    directory.app.command("watch")(watch)
    directory.register(top)


def watch(
    agency: Annotated[Path, typer.Option(help="Ordner der Stelle.")],
    every: Annotated[int, typer.Option(min=1, max=60, help="Sekunden zwischen zwei Blicken.")] = 20,
    once: Annotated[bool, typer.Option("--once", help="Nur einmal nachsehen.")] = False,
    as_json: Json = False,
) -> None:
    """Meldet, was im Namen einer Stelle im Verzeichnis steht und nicht von ihr stammt."""
    try:
        folder, unit = load_watched(agency)
    except (FileNotFoundError, StopIteration):
        raise fail("Das ist kein Ordner einer Stelle, der weiß, was sie veröffentlichte.") from None
    if asyncio.run(_watch(folder, unit, None if once else every, as_json=as_json)):
        raise typer.Exit(1)


async def _watch(folder: Path, agency: Agency, every: int | None, *, as_json: bool) -> bool:
    """Look until there is something to tell, or once; returns whether there was."""
    async with httpx2.AsyncClient() as client:
        watching = Watch(folder, agency, Line(agency, client))
        while True:
            alarms = await _look(watching, is_last=every is None)
            if alarms or every is None:
                _tell(alarms, as_json=as_json)
                return bool(alarms)
            await asyncio.sleep(every)


async def _look(watching: Watch, *, is_last: bool) -> tuple[Alarm, ...]:
    try:
        return await watching.look()
    except Unreachable as trouble:
        if is_last:
            raise fail(f"Der Hub antwortet nicht ({trouble}).", 2) from None
        # That nobody answers proves nothing; the next look tells.
        err.print(f"Der Hub antwortet nicht ({trouble}).", markup=False)
        return ()


def _tell(alarms: tuple[Alarm, ...], *, as_json: bool) -> None:
    if not alarms:
        show([], as_json, "Im Verzeichnis steht nur, was diese Stelle veröffentlicht hat.")
        return
    lines = [f"ACHTUNG: {each.text}" for each in alarms]
    show([vars(each) for each in alarms], as_json, "\n".join([*lines, ADVICE]))
