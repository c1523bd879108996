# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector lesebuch``: who read what at this office – verify it, and take it out."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub.adapters.reading.checking import Verdict, in_words
from hub.adapters.reading.heads import HeadsDiffer, send_head
from hub.adapters.reading.leaving import export_to
from hub.adapters.reading.log import DATABASE, FOLDER, ReadingLog, open_log
from hub.adapters.reading.proving import verified
from hub.adapters.reading.reading import Reading
from hub.adapters.reading.words import LOOKED, PURPOSES
from hub.client import Agency, Hub
from hub.main.connector import File, Folders, named_in, settings_of
from hub.main.output import Json, fail, out, show
from hub.main.telling import told

FOUND: Final = 1
BY: Final = "betrieb"
Purpose = Annotated[str, typer.Option("--zweck", help=f"Wozu: {', '.join(PURPOSES)}.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``connector``."""
    app = typer.Typer(help="Wer in dieser Stelle was geöffnet hat.", no_args_is_help=True)
    app.command("verify")(verify)
    app.command("export")(export)
    app.command("head")(head)
    top.add_typer(app, name="lesebuch")


def verify(
    context: typer.Context, config: File = None, agency: Folders = None, as_json: Json = False
) -> None:
    """Rechnet jedes Lesebuch aus seinen Einträgen nach und vergleicht es mit dem Hub."""
    found = {}
    for unit, log in _logs(context, config, agency):
        with closing(log):
            found[unit.id] = told(lambda: asyncio.run(_verified(unit, log)))  # noqa: B023  run at once
    text = "\n".join(_text(unit, verdict) for unit, verdict in found.items())
    show([_json(unit, verdict) for unit, verdict in found.items()], as_json, text)
    if not all(verdict.holds for verdict in found.values()):
        raise typer.Exit(FOUND)


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Neuer Ordner für die Ausfuhr.")],
    purpose: Purpose,
    config: File = None,
    agency: Folders = None,
) -> None:
    """Schreibt die Lesebücher als Ordner, die jeder mit „meldeweg audit verify tiles“ prüft."""
    if purpose not in PURPOSES:
        raise fail(f"Diesen Zweck gibt es nicht; es gibt: {', '.join(PURPOSES)}.")
    for unit, log in _logs(context, config, agency):
        with closing(log):
            log.note_now(Reading("", BY, LOOKED, ground=purpose))
            size = export_to(log, folder / unit.id.replace(":", "-"))
            out.print(f"{unit.id}: {size} Einträge\nSchlüssel: {log.vkey}", markup=False)


def head(
    context: typer.Context,
    config: File = None,
    agency: Folders = None,
    anew: Annotated[
        bool, typer.Option("--neu", help="Das alte Lesebuch ist verloren; es gilt ein neues.")
    ] = False,
) -> None:
    """Lässt den Hub jetzt bezeugen, wie weit jedes Lesebuch ist."""
    for unit, log in _logs(context, config, agency):
        with closing(log):
            try:
                told(lambda: asyncio.run(_sent(unit, log, anew)))  # noqa: B023  run at once
            except HeadsDiffer:
                text = (
                    "Der Hub kennt einen anderen Verlauf; das ist zu klären, bevor es weitergeht."
                )
                raise fail(f"{unit.id}: {text}", FOUND) from None
            newest = log.answers.newest()
            size = 0 if newest is None else newest.checkpoint.size
            out.print(f"{unit.id}: bezeugt sind {size} Einträge", markup=False)


async def _verified(unit: Agency, log: ReadingLog) -> Verdict:
    async with Hub(unit.hub.url, unit) as hub:
        return await verified(log, hub)


async def _sent(unit: Agency, log: ReadingLog, anew: bool) -> None:
    async with Hub(unit.hub.url, unit) as hub:
        await send_head(hub, log, anew=anew)


def _logs(
    context: typer.Context, config: Path | None, agency: list[Path] | None
) -> Iterator[tuple[Agency, ReadingLog]]:
    """Open the log of each unit; works beside the running connector and without one."""
    configuration, folders = settings_of(*named_in(context, config, agency))
    for folder in folders:
        unit = Agency.load(folder)
        state = configuration.state_of(folder, unit.id)
        if not (state / FOLDER / DATABASE).exists():
            raise fail(f"Hier gibt es noch kein Lesebuch: {state / FOLDER}")
        yield unit, open_log(state, unit)


def _text(unit: str, verdict: Verdict) -> str:
    lines = [f"{unit}: {'in Ordnung' if verdict.holds else 'HÄLT NICHT'}"]
    lines += [f"  {line}" for line in (*in_words(verdict), *map(str, verdict.findings))]
    return "\n".join(lines)


def _json(unit: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "unit": unit,
        "holds": verdict.holds,
        "entries": verdict.size,
        "gone": verdict.gone,
        "witnessed": verdict.proven,
        "compared": verdict.is_compared,
        "findings": [vars(each) for each in verdict.findings],
    }
