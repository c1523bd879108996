# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``duty``: who has to act for a unit, now or at any other time."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from hub import clock
from hub.directory.duty import Known, on_duty
from hub.directory.hours import ZONE, day_of
from hub.main.duty_sources import source
from hub.main.duty_text import as_json, shown, week, week_json, week_shown
from hub.main.options import DEFAULT, Address, Folder
from hub.main.output import Json, fail, show
from hub.model.ids import organisation_of

YEARS: Final = range(1991, 2101)
"""For which public holidays are known."""
NOBODY: Final = 3
"""Exit code where the roster names nobody, so that a watching program hears of it."""


def register(top: typer.Typer) -> None:
    """Hang in this one command."""
    top.command("duty")(duty)


def duty(
    unit: Annotated[str, typer.Option("--for", help="Kennung der angeschriebenen Einheit.")],
    at: Annotated[
        str,
        typer.Option(help="Zeit in Berlin als JJJJ-MM-TTThh:mm, auch mit Abstand zu UTC."),
    ] = "",
    whole_week: Annotated[
        bool, typer.Option("--week", help="Die sieben Tage von dieser Zeit an, als Tabelle.")
    ] = False,
    agency: Annotated[
        Path | None,
        typer.Option(help="Ordner einer Einheit; dann über den Hub, alles nachgeprüft."),
    ] = None,
    network: Annotated[
        list[Path] | None, typer.Option(help="Netzdateien statt eines Hubs; was sie vorschlagen.")
    ] = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    json: Json = False,
) -> None:
    """Sagt, wer für eine Stelle zu einer Zeit Bereitschaft hat, warum und wie er zu erreichen ist.

    Ausgang 3, wenn der Bereitschaftsplan niemanden nennt.
    """
    when = _instant(at)
    found = source(
        unit, day_of(when), agency=agency, network=network or (), hub=(data_dir, database)
    )
    # Whoever asks a demonstration lives by its clock from here on.
    when = _instant(at)
    _check_unit(unit, found.directory)
    if whole_week:
        spans = week(unit, found.directory, when)
        text = "" if json else week_shown(spans, found.directory, found.said_by)
        show(week_json(spans, found.said_by), json, text)
    else:
        spans = [on_duty(unit, found.directory, when)]
        text = "" if json else shown(spans[0], found.directory, found.said_by)
        show(as_json(spans[0], found.directory, found.said_by), json, text)
    if not all(each.is_valid for each in spans):
        raise typer.Exit(NOBODY)


def _check_unit(unit: str, directory: Known) -> None:
    """Say which units there are where an organisation is named, or nobody."""
    if directory.unit(unit) is not None:
        return
    own = [each.id for each in directory.units if organisation_of(each.id) == unit]
    if own:
        raise fail(f"Gemeint ist eine Einheit dieser Stelle: {', '.join(sorted(own))}")
    raise fail("Diese Stelle ist hier nicht bekannt.")


def _instant(text: str) -> int:
    """Return an instant; of a time that the clock shows twice the first."""
    try:
        there = datetime.fromisoformat(text) if text else datetime.fromtimestamp(clock.now(), ZONE)
    except ValueError:
        raise fail("Die Zeit wird als JJJJ-MM-TTThh:mm geschrieben.") from None
    if there.year not in YEARS:
        raise fail(f"Der Kalender reicht von {YEARS[0]} bis {YEARS[-1]}.")
    return int((there if there.tzinfo else there.replace(tzinfo=ZONE)).timestamp())
