# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about backups: ``backup create``, ``verify``, ``restore``, ``record``."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.audit.verify import verify_db
from hub.errors import Failure, Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in, place
from hub.main.output import Json, fail, failure_text, refusal_text, show
from hub.main.safe_copy import DATABASE, NotABackup, Paper, make, put_back, read_paper
from hub.record import new_id
from hub.sealing.canonical import digest
from hub.settings import Settings

app = typer.Typer(help="Sicherung: anlegen, prüfen, zurückspielen.", no_args_is_help=True)
Kept = Annotated[Path, typer.Argument(help="Ordner der Sicherung.")]
_OF_A_SERVER: Final = (
    "Die Datenbank liegt auf einem Server: mit „pg_dump“ sichern und das mit "
    "„meldeweg backup record DATEI“ eintragen."
)
_BESIDE: Final = (
    "Nicht darin: Schlüssel (keys/) und Öffnungen (oeffnungen/); beide haben ihre eigene Sicherung."
)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``backup``."""
    top.add_typer(app, name="backup")


@app.command("create")
def create(
    to: Annotated[Path, typer.Argument(help="Ordner, den es noch nicht gibt.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Sichert die Datenbank, auch bei laufendem Hub, und trägt es ins Protokoll ein."""
    data = hub_in(data_dir, database)
    if data.url:
        raise fail(_OF_A_SERVER)
    try:
        paper = make(data, to, partial(_enter, data))
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    text = f"Gesichert nach {to}, {paper.size} Einträge im Protokoll. {_BESIDE}"
    show(asdict(paper), as_json, text)


@app.command("verify")
def verify(
    folder: Kept,
    vkey: Annotated[str, typer.Option("--vkey", help="Schlüssel des Protokolls.")] = "",
    as_json: Json = False,
) -> None:
    """Prüft eine Sicherung: ihre Bytes, und das Protokoll darin von den Einträgen her."""
    try:
        paper = read_paper(folder)
        found = [str(each) for each in verify_db(folder / DATABASE, vkey or None)]
    except NotABackup as bad:
        raise fail(str(bad)) from None
    said = {**asdict(paper), "findings": found}
    show(said, as_json, "\n".join(found) or f"Geprüft: unverändert, {paper.size} Einträge.")
    if found:
        raise typer.Exit(1)


@app.command("restore")
def restore(
    folder: Kept,
    data_dir: Folder = DEFAULT,
    is_trial: Annotated[bool, typer.Option("--dry-run", help="Nur sagen, was geschähe.")] = False,
    as_json: Json = False,
) -> None:
    """Spielt eine Sicherung zurück; nur ohne laufenden Hub. Die Datenbank davor bleibt liegen."""
    data = place(data_dir)
    try:
        paper = read_paper(folder)
        aside = None if is_trial else put_back(folder, data)
    except NotABackup as bad:
        raise fail(str(bad)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    kept = "" if aside is None else f" Die Datenbank davor liegt in {aside}."
    text = (
        f"{'Es würde zurückgespielt' if is_trial else 'Zurückgespielt'}: Stand mit {paper.size} "
        f"Einträgen.{kept}\nWas danach angenommen wurde, fehlt. Ehe der Hub wieder schreibt:\n"
        "  meldeweg audit accept-restore --reason …"
    )
    said = {**asdict(paper), "restored": not is_trial, "before": str(aside) if aside else None}
    show(said, as_json, text)


@app.command("record")
def record(
    file: Annotated[Path, typer.Argument(help="Datei der Sicherung.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Trägt eine Sicherung ein, die ein anderes Programm gemacht hat (pg_dump)."""
    data = hub_in(data_dir, database)
    request = {"act": "backup", "id": new_id(), "digest": digest(file.read_bytes()), "size": "0"}
    try:
        said = operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    show(said, as_json, f"Eingetragen: {said['id']}.")


def _enter(data: DataDir, paper: Paper) -> None:
    request = {"act": "backup", "id": paper.id, "digest": paper.digest, "size": str(paper.size)}
    operate(data, Settings().public_url, request)
