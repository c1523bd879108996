# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about people who sign in at the hub: ``people add``, ``list``, ``grant``, ``revoke``."""

import time
from datetime import datetime
from datetime import time as time_of_day
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from hub import clock
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.people import StoredGrant, passkeys_of, read_grants, read_people

app = typer.Typer(help="Menschen, die sich am Hub anmelden.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="Kennung der Person; „people list“ zeigt sie.")]
RoleName = Annotated[
    str, typer.Option("--role", help="koordination, betrieb, datenschutz oder aufsicht.")
]
For = Annotated[
    str,
    typer.Option("--for", help="Für welche Stelle, etwa koordination:05170; beim Betreiber leer."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Letzter Tag; bei aufsicht nötig."),
]
ZONE: Final = ZoneInfo("Europe/Berlin")


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``people``."""
    top.add_typer(app, name="people")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Wie der Betrieb die Person nennt.")],
    role: RoleName,
    organisation: For = "",
    until: Until = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Lässt eine Person zu und gibt einen Link aus, der einmal und zehn Minuten gilt."""
    request = {"act": "people-add", "name": name, **_role(role, organisation, until)}
    _show_link(_operate(hub_in(data_dir, database), request), as_json)


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet alle Personen mit ihren Rollen."""
    known = _read_all(hub_in(data_dir, database))
    lines = [
        f"{each['person']}  {each['name']}: "
        + (", ".join(f"{held['role']} ({held['organisation']})" for held in each["roles"]) or "–")
        + ("" if each["passkeys"] else "  [noch kein Passkey]")
        for each in known
    ]
    show(known, as_json, "\n".join(lines) or "Noch ist niemand zugelassen.")


@app.command("grant")
def grant(
    person: Person,
    role: RoleName,
    organisation: For = "",
    until: Until = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Gibt einer Person eine weitere Rolle; das Protokoll hält es fest."""
    request = {"act": "people-grant", "person": person, **_role(role, organisation, until)}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"{person} hat die Rolle {role}.")


@app.command("revoke")
def revoke(
    person: Person,
    role: RoleName,
    organisation: For = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Nimmt einer Person eine Rolle; es gilt ab ihrer nächsten Anfrage."""
    request = {"act": "people-revoke", "person": person, **_role(role, organisation, None)}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"{person} hat die Rolle {role} nicht mehr.")


@app.command("link")
def link(
    person: Person, data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False
) -> None:
    """Gibt einen neuen Link aus, etwa für ein zweites Gerät; ein älterer gilt nicht mehr."""
    request = {"act": "people-link", "person": person}
    _show_link(_operate(hub_in(data_dir, database), request), as_json)


@app.command("lock-out")
def lock_out(
    person: Person, data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False
) -> None:
    """Vergisst die Passkeys einer Person und beendet ihre Sitzungen, etwa bei verlorenem Gerät."""
    request = {"act": "people-lock-out", "person": person}
    _show_link(_operate(hub_in(data_dir, database), request), as_json)


@app.command("rename")
def rename(
    person: Person,
    name: Annotated[str, typer.Argument(help="Der richtige Name.")],
    reason: Annotated[str, typer.Option(help="Warum, in einem Satz.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Berichtigt einen Namen (Art. 16 DSGVO); das Protokoll hält fest, dass es geschah."""
    request = {"act": "people-rename", "person": person, "name": name, "reason": reason}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"{person} ist berichtigt.")


@app.command("resolve")
def resolve(
    person: Person,
    by: Annotated[str, typer.Option(help="Kennung der Person, die fragt.")],
    second: Annotated[str, typer.Option(help="Kennung der zweiten Person, die mitfragt.")],
    reason: Annotated[str, typer.Option(help="Warum, in einem Satz.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Sagt zweien, wer hinter einer Kennung steht; vorher wird eingetragen, dass sie fragen."""
    request = {"act": "people-resolve", "person": person, "by": by, "second": second}
    said = _operate(hub_in(data_dir, database), {**request, "reason": reason})
    show(said, as_json, f"{person} ist {said['name']}.")


def _role(role: str, organisation: str, until: datetime | None) -> dict[str, str]:
    said = {"role": role, "organisation": organisation}
    if until is not None:
        end = datetime.combine(until.date(), time_of_day(23, 59, 59), ZONE)
        said["until"] = str(int(end.timestamp()))
    return said


def _show_link(said: dict[str, Any], as_json: bool) -> None:
    until = time.strftime("%H:%M", time.localtime(said["until"]))
    text = f"Person {said['person']}\nLink, gilt einmal und bis {until} Uhr: {said['link']}"
    show(said, as_json, text)


def _operate(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    try:
        return operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None


def _read_all(data: DataDir) -> list[dict[str, Any]]:
    database = open_database(data.place)
    now = int(clock.now())
    try:
        with database.reading.connect() as connection:
            grants = read_grants(connection)
            return [
                {
                    "person": each.id,
                    "name": each.name,
                    "passkeys": len(passkeys_of(connection, each.id)),
                    "roles": [_held(held) for held in grants if _is_of(held, each.id, now)],
                }
                for each in read_people(connection)
            ]
    finally:
        database.dispose()


def _is_of(held: StoredGrant, person: str, now: int) -> bool:
    return held.person == person and held.counts_at(now)


def _held(held: StoredGrant) -> dict[str, Any]:
    return {"role": held.role, "organisation": held.organisation, "until": held.until}
