# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about who takes part, from the invitation to the end.

``list`` and ``show`` read; all else goes to the running hub, or opens the one that does not run.
What becomes of keys and of who follows stands in ``hub.main.standing``.
"""

import getpass
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.directory.actors import preview, read_actors
from hub.directory.csvfile import TableInvalid
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show, system_text
from hub.main.picture import STATUS, brief, read_picture
from hub.model.ids import organisation_of
from hub.model.network import ListedOrganisation, Network
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.participants import StoredParticipant, read_participants

app = typer.Typer(help="Teilnehmende Stellen.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``participants``."""
    top.add_typer(app, name="participants")


Organisation = Annotated[str, typer.Argument(help="Kennung, etwa jugendamt:05170032.")]
By = Annotated[
    str, typer.Option("--by", help="Wer das tut; sonst der angemeldete Benutzer des Rechners.")
]
Alone = Annotated[
    str, typer.Option("--alone", help="Grund, es ohne zweite Person zu tun; steht im Protokoll.")
]
Reason = Annotated[str, typer.Option(help="Grund; er steht im Protokoll.")]


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet alle Stellen mit ihrem Stand."""
    known = _read_all(hub_in(data_dir, database))
    lines = [f"{each.organisation:28} {STATUS[each.status]:24} {each.name}" for each in known]
    show([brief(each) for each in known], as_json, "\n".join(lines))


@app.command("show")
def show_(
    organisation: Organisation,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Zeigt eine Stelle mit Einheiten, Schlüsseln, Vertrag und allem, was mit ihr geschah."""
    found = read_picture(hub_in(data_dir, database), organisation)
    if found is None:
        raise fail("Diese Stelle ist in keiner Netzdatei vorgeschlagen.")
    show(found.as_json(), as_json, "\n".join(found.lines()))


@app.command("import")
def import_(
    table: Annotated[Path, typer.Argument(help="Tabelle (CSV) mit Schulen und anderen Stellen.")],
    only_preview: Annotated[
        bool, typer.Option("--preview", help="Nur zeigen, was sich ändern würde.")
    ] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Schlägt Stellen aus einer Tabelle vor; aufnehmen lassen sie sich danach selbst."""
    data = hub_in(data_dir, database)
    try:
        actors = read_actors(table.read_bytes())
    except TableInvalid as unfit:
        raise fail(str(unfit)) from None
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    known = {each.organisation: each for each in _read_all(data)}
    proposals = {
        name: ListedOrganisation.model_validate_json(each.proposal) for name, each in known.items()
    }
    lines = list(preview(actors, proposals))
    if only_preview:
        show(lines, as_json, "\n".join(lines))
        return
    network = Network(
        title=table.name, demo=False, districts=(), participants=actors, responsibilities=()
    )
    said = operated(data, {"act": "import", "network": network.model_dump_json()})
    text = "\n".join([*lines, f"Neu vorgeschlagen: {said['new']}."])
    show(said | {"changes": lines}, as_json, text)


@app.command("add")
def add(
    organisation: Organisation,
    by: By = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Gibt einen Einmalcode aus, mit dem die Stelle sich selbst aufnimmt (24 Stunden gültig)."""
    request = {"act": "invite", "organisation": organisation_of(organisation), "by": person(by)}
    said = operated(hub_in(data_dir, database), request)
    until = time.strftime("%d.%m.%Y %H:%M", time.localtime(said["until"]))
    show(said, as_json, f"Einmalcode für {said['organisation']}: {said['code']} (bis {until})")


@app.command("confirm")
def confirm(
    organisation: Organisation,
    fingerprint: Annotated[str, typer.Option(help="Am Telefon verglichener Fingerabdruck.")],
    by: By = "",
    alone: Alone = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Macht einen Eintrag gültig, nachdem eine zweite Person den Fingerabdruck verglichen hat."""
    request = {"act": "confirm", "organisation": organisation, "fingerprint": fingerprint}
    request |= {"by": person(by), "alone": alone}
    said = operated(hub_in(data_dir, database), request)
    show(said, as_json, f"{organisation} nimmt teil.")


@app.command("suspend")
def suspend(
    organisation: Organisation,
    reason: Reason,
    by: By = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Sperrt eine Stelle sofort: keine Anmeldung, keine Nachricht von ihr und keine an sie."""
    request = {"act": "suspend", "organisation": organisation, "reason": reason, "by": person(by)}
    said = operated(hub_in(data_dir, database), request)
    show(said, as_json, f"{organisation} ist gesperrt.")


@app.command("resume")
def resume(
    organisation: Organisation,
    reason: Reason,
    by: By = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Hebt die Sperre einer Stelle auf."""
    request = {"act": "resume", "organisation": organisation, "reason": reason, "by": person(by)}
    said = operated(hub_in(data_dir, database), request)
    show(said, as_json, f"{organisation} nimmt wieder teil.")


def person(by: str) -> str:
    """Return who acts: the name that was given, or that of the user of this machine."""
    return by.strip() or getpass.getuser()


def operated(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    """Carry out an act, or say in German why not."""
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
