# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about who is responsible: ``directory responsible``, without any hub."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from hub import clock
from hub.directory.csvfile import TableInvalid
from hub.directory.land import Land
from hub.directory.network import NetworkInvalid, load_network
from hub.directory.responsibility import Office
from hub.errors import Refusal
from hub.main import importing
from hub.main.output import Json, fail, refusal_text, show
from hub.model.network import Network
from hub.schemas import SPECS

app = typer.Typer(help="Verzeichnis: wer ist zuständig.", no_args_is_help=True)
Overlay = Annotated[
    Path | None, typer.Option("--dir", help="Ordner mit eigenen Tabellen, die vorgehen.")
]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``directory``."""
    importing.hang_in(app)
    top.add_typer(app, name="directory")


@app.callback()
def directory() -> None:
    """Verzeichnis: wer ist zuständig."""


@app.command("responsible")
def responsible(
    kind: Annotated[
        str,
        typer.Option(help="jugendamt, landesjugendamt, polizei, gericht oder staatsanwaltschaft."),
    ],
    ags: Annotated[str, typer.Option(help="Amtlicher Gemeindeschlüssel oder Name.")] = "",
    plz: Annotated[str, typer.Option(help="Statt der Gemeinde: eine Postleitzahl.")] = "",
    on: Annotated[str, typer.Option(help="Tag als JJJJ-MM-TT; sonst heute.")] = "",
    network: Annotated[list[Path] | None, typer.Option(help="Andere Netzdateien.")] = None,
    overlay: Overlay = None,
    as_json: Json = False,
) -> None:
    """Sagt, welche Stelle für ein Kind in einer Gemeinde zuständig ist, und warum."""
    if bool(ags) == bool(plz):
        raise fail("Bitte entweder die Gemeinde (--ags) oder die Postleitzahl (--plz) nennen.")
    day = _day(on)
    networks = _networks(network, overlay)
    land = _land(networks, overlay)
    try:
        if plz:
            _tell_of_postcode(land, kind, plz, day, as_json)
            return
        office = land.responsible(kind, land.municipality(ags).ags, day)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    _tell(office, networks, as_json)


@app.command("unconfirmed")
def unconfirmed(
    kind: Annotated[str, typer.Option(help="Nur diese Art, etwa jugendamt.")] = "",
    overlay: Overlay = None,
    as_json: Json = False,
) -> None:
    """Listet, welche Zeilen vor dem Betrieb zu bestätigen sind, beim Jugendamt vom Kreis."""
    land = _land((), overlay)
    names = {place.ags: place for place in land.tables.places}
    said = [
        {
            "kind": row.kind,
            "ags": row.ags,
            "municipality": names[row.ags].name,
            "kreis": names[row.ags].kreis,
            "organisation": row.organisation,
            "name": land.name_of(row.organisation),
            "source": row.source,
        }
        for row in land.unconfirmed(kind)
    ]
    lines = [
        f"{each['kind']:18} {each['ags']} {each['municipality']} ({each['kreis']}): "
        f"{each['name']} [{each['source']}]"
        for each in said
    ]
    show(said, as_json, "\n".join([*lines, f"Zu bestätigen: {len(lines)} Zeilen."]))


def _tell(office: Office, networks: Iterable[Network], as_json: bool) -> None:
    said = [office.id, office.reason, f"Telefon: {office.telephone or 'nicht verzeichnet'}"]
    if any(network.demo and _lists(network, office) for network in networks):
        said.append("Aus einer Netzdatei zum Vorführen: Die Rufnummer ist erfunden.")
    show(_public(office), as_json, "\n".join(said))


def _tell_of_postcode(land: Land, kind: str, plz: str, day: date, as_json: bool) -> None:
    """Answer where every municipality of the postcode has the same office; ask elsewhere."""
    proposal = land.by_postcode(plz)
    offices = [land.responsible(kind, place.ags, day) for place in proposal.candidates]
    said: dict[str, Any] = {
        "question": proposal.question,
        "candidates": [_public(office) for office in offices],
    }
    if len({office.id for office in offices}) > 1:
        if as_json:
            show(said, as_json, "")
            raise typer.Exit(1)
        raise fail(proposal.question)
    first = offices[0]
    telephone = f"Telefon: {first.telephone or 'nicht verzeichnet'}"
    show(said, as_json, "\n".join([first.id, *(each.reason for each in offices), telephone]))


def _public(office: Office) -> dict[str, Any]:
    return {**vars(office), "valid_from": office.valid_from.isoformat()}


def _lists(network: Network, office: Office) -> bool:
    return any(listed.id == office.organisation for listed in network.participants)


def _land(networks: Iterable[Network], overlay: Path | None) -> Land:
    try:
        return Land.shipped(networks, overlay)
    except TableInvalid as invalid:
        raise fail("\n".join(map(str, invalid.findings))) from None
    except ValueError:
        raise fail("Zwei Netzdateien nennen für denselben Tag verschiedene Stellen.") from None


def _networks(named: Sequence[Path] | None, overlay: Path | None) -> tuple[Network, ...]:
    """Load the networks that were named, else those for demonstration.

    Whoever has tables of their own is not demonstrating.
    """
    files = named or (() if overlay else sorted((SPECS / "networks").glob("*.yaml")))
    try:
        return tuple(load_network(path) for path in files)
    except NetworkInvalid as invalid:
        raise fail(str(invalid)) from None


def _day(on: str) -> date:
    try:
        return date.fromisoformat(on) if on else clock.today()
    except ValueError:
        raise fail("Der Tag wird als JJJJ-MM-TT geschrieben.") from None
