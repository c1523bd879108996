# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about who takes part: ``participants list``, ``show``, ``add``, ``confirm``."""

import json
import time
from typing import Annotated, Any

import typer

from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show
from hub.model.ids import organisation_of
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.participants import StoredParticipant, read_participants

app = typer.Typer(help="Teilnehmende Stellen.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``participants``."""
    top.add_typer(app, name="participants")


Organisation = Annotated[str, typer.Argument(help="Kennung, etwa jugendamt:05170032.")]
STATUS = {
    "proposed": "vorgeschlagen",
    "invited": "eingeladen",
    "enrolled": "wartet auf Bestätigung",
    "valid": "nimmt teil",
    "suspended": "ausgesetzt",
}


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet alle Stellen mit ihrem Stand."""
    known = _read_all(hub_in(data_dir, database))
    lines = [f"{each.organisation:28} {STATUS[each.status]:24} {each.name}" for each in known]
    show([_public(each) for each in known], as_json, "\n".join(lines))


@app.command("show")
def show_(
    organisation: Organisation,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Zeigt eine Stelle mit ihren Organisationseinheiten."""
    all_ = _read_all(hub_in(data_dir, database))
    known = next((each for each in all_ if each.organisation == organisation), None)
    if known is None:
        raise fail("Diese Stelle ist in keiner Netzdatei vorgeschlagen.")
    said = _public(known)
    lines = [f"{known.organisation}: {known.name} ({STATUS[known.status]})"]
    lines += [f"  {unit['id']}: {unit['name']}, {unit['telephone']}" for unit in said["units"]]
    show(said, as_json, "\n".join(lines))


@app.command("add")
def add(
    organisation: Organisation,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Gibt einen Einmalcode aus, mit dem die Stelle sich selbst aufnimmt (24 Stunden gültig)."""
    request = {"act": "invite", "organisation": organisation_of(organisation)}
    said = _operate(hub_in(data_dir, database), request)
    until = time.strftime("%d.%m.%Y %H:%M", time.localtime(said["until"]))
    show(said, as_json, f"Einmalcode für {said['organisation']}: {said['code']} (bis {until})")


@app.command("confirm")
def confirm(
    organisation: Organisation,
    fingerprint: Annotated[str, typer.Option(help="Am Telefon verglichener Fingerabdruck.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Macht einen Eintrag gültig, nachdem ein Mensch den Fingerabdruck verglichen hat."""
    request = {"act": "confirm", "organisation": organisation, "fingerprint": fingerprint}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"{organisation} nimmt teil.")


def _operate(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    try:
        return operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None


def _read_all(data: DataDir) -> tuple[StoredParticipant, ...]:
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            return read_participants(connection)
    finally:
        database.dispose()


def _public(known: StoredParticipant) -> dict[str, Any]:
    proposal = json.loads(known.proposal)
    return {
        "organisation": known.organisation,
        "name": known.name,
        "status": known.status,
        "units": proposal["units"],
    }
