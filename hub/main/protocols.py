# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about what may be said: ``protocols list``, ``show``, ``check``, ``adopt``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from hub.client.enrolment import adopt as adopt_as
from hub.errors import Refusal
from hub.main.output import Json, fail, out, refusal_text, show
from hub.main.telling import told
from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.protocols.check import findings
from hub.protocols.load import ProtocolInvalid
from hub.protocols.schemas import explain
from hub.protocols.show import describe
from hub.schemas import SCHEMAS, SPECS

app = typer.Typer(help="Verfahren: wer darf wem was sagen, auf welcher Grundlage.")


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``protocols``."""
    top.add_typer(app, name="protocols")


Name = Annotated[str, typer.Argument(help="Verfahren und Fassung, etwa schule-mitteilung/1.0.0.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Listet alle Verfahren mit Fassung und Stand."""
    known = _catalogue().all()
    lines = [f"{each.number:5} {each.name:28} {each.status:12} {each.title}" for each in known]
    said = [
        {
            "number": each.number,
            "name": each.name,
            "status": each.status,
            "title": each.title,
            "digest": each.digest,
        }
        for each in known
    ]
    show(said, as_json, "\n".join(lines))


@app.command("show")
def show_(name: Name, as_json: Json = False) -> None:
    """Erklärt ein Verfahren auf einem Bildschirm."""
    catalogue = _catalogue()
    try:
        protocol = catalogue.known(name if "/" in name else _newest(catalogue, name))
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    text = describe(protocol, catalogue.law, catalogue.schemas)
    show(json.loads(protocol.model_dump_json()), as_json, text)


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="Ordner mit protocols/ und law/.")] = SPECS,
    as_json: Json = False,
) -> None:
    """Prüft alle Verfahren: jeder Zustand hat jemanden, eine Uhr und ein Ende."""
    catalogue = _catalogue(folder)
    found = [
        {"protocol": protocol.name, "place": each.place, "text": each.text}
        for protocol in catalogue.all()
        for each in findings(protocol, catalogue.law, catalogue.schemas)
    ]
    sizes = [
        f"{name}\n" + "\n".join(f"  {line}" for line in _explain(catalogue, name))
        for name in catalogue.schemas.names
    ]
    lines = [f"{each['protocol']} {each['place']}: {each['text']}" for each in found]
    summary = f"{len(found)} Beanstandungen in {len(catalogue.all())} Verfahren."
    show(found, as_json, "\n".join([*sizes, *lines, summary]))
    if found:
        raise typer.Exit(1)


@app.command("adopt")
def adopt(
    name: Name,
    agency: Annotated[Path, typer.Option(help="Ordner der Stelle mit dem Wurzelschlüssel.")],
) -> None:
    """Nimmt eine Fassung eines Verfahrens als Verantwortlicher an, mit Unterschrift."""
    digest = told(lambda: adopt_as(agency, name, _catalogue()))
    out.print(f"Angenommen: {name} ({digest})")


def _catalogue(folder: Path = SPECS) -> Catalogue:
    try:
        return load_catalogue(folder, SCHEMAS)
    except ProtocolInvalid as invalid:
        raise fail("\n".join(invalid.places)) from None


def _newest(catalogue: Catalogue, name: str) -> str:
    versions = [each.name for each in catalogue.all() if each.id == name]
    return max(versions, default=name)


def _explain(catalogue: Catalogue, name: str) -> list[str]:
    return explain(catalogue.schemas.by_name(name)).splitlines()
