# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the hub's own incidents: ``incidents open``, ``notify``, ``close``, ``list``."""

import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub import clock
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show
from hub.oversee.incidents import WITHIN
from hub.sealing.canonical import digest
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.incidents import StoredIncident, read_incidents

app = typer.Typer(help="Datenpannen des Hubs: Uhr, Meldung, Ende.", no_args_is_help=True)
WHEN: Final = "%d.%m.%Y %H:%M"
Incident = Annotated[str, typer.Argument(help="Kennung; „list“ zeigt sie.")]
Paper = Annotated[
    Path, typer.Option("--paper", help="Das Schreiben dazu; eingetragen wird nur seine Prüfsumme.")
]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``incidents``."""
    top.add_typer(app, name="incidents")


@app.command("open")
def open_(
    paper: Paper, data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False
) -> None:
    """Trägt ein, dass eine Datenpanne bekannt wurde; ab jetzt laufen 72 Stunden."""
    request = {"act": "incident-open", "paper": _digest_of(paper)}
    said = _operate(hub_in(data_dir, database), request)
    text = f"Datenpanne {said['incident']}; zu melden bis {_when(said['until'])} Uhr."
    show(said, as_json, text)


@app.command("notify")
def notify(
    incident: Incident,
    paper: Paper,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Trägt ein, dass Aufsicht und Verantwortliche unterrichtet sind."""
    request = {"act": "incident-notify", "incident": incident, "paper": _digest_of(paper)}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"Gemeldet: {incident}.")


@app.command("close")
def close(
    incident: Incident,
    paper: Paper,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Trägt ein, dass eine Datenpanne abgeschlossen ist."""
    request = {"act": "incident-close", "incident": incident, "paper": _digest_of(paper)}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"Abgeschlossen: {incident}.")


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet die Datenpannen mit ihren Uhren."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            known = read_incidents(connection)
    finally:
        opened.dispose()
    text = "\n".join(map(_line, known)) or "Es ist keine Datenpanne eingetragen."
    show([vars(each) for each in known], as_json, text)


def _line(known: StoredIncident) -> str:
    begun = f"{known.id}  {_when(known.opened_at)} ({known.owner})"
    if known.closed_at is not None:
        return f"{begun}, abgeschlossen {_when(known.closed_at)}"
    if known.notified_at is not None:
        return f"{begun}, gemeldet {_when(known.notified_at)}"
    until = known.opened_at + WITHIN
    late = ", ÜBERFÄLLIG" if until < clock.now() else ""
    return f"{begun}, zu melden bis {_when(until)}{late}"


def _when(second: int) -> str:
    return time.strftime(WHEN, time.localtime(second))


def _digest_of(paper: Path) -> str:
    return digest(paper.read_bytes())


def _operate(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    try:
        return operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
