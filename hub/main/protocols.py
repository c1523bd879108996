# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about what may be said: ``protocols list``, ``show``, ``diff``, ``check``, ``adopt``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from hub.client.enrolment import adopt as adopt_as
from hub.errors import Refusal
from hub.main.catalogue import UNREADABLE, OwnProtocols, known, reasons, written
from hub.main.output import Json, fail, out, refusal_text, show, system_text
from hub.main.telling import told
from hub.model.protocol import Protocol
from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.protocols.check import Finding
from hub.protocols.compiled import load_compiled
from hub.protocols.difference import difference
from hub.protocols.difference.change import MEANING
from hub.protocols.examples import example_findings
from hub.protocols.own import added, own_findings
from hub.protocols.scaffold import scaffold
from hub.protocols.schemas import explain
from hub.protocols.show import describe
from hub.protocols.versions import number_of
from hub.schemas import SCHEMAS, SPECS

app = typer.Typer(help="Verfahren: wer darf wem was sagen, auf welcher Grundlage.")


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``protocols``."""
    top.add_typer(app, name="protocols")


Name = Annotated[str, typer.Argument(help="Verfahren und Fassung, etwa schule-mitteilung/1.0.0.")]


@app.command("list")
def list_(protocols: OwnProtocols = None, as_json: Json = False) -> None:
    """Listet alle Verfahren mit Fassung und Stand."""
    all_known = written(protocols).all()
    lines = [f"{each.number:5} {each.name:28} {each.status:12} {each.title}" for each in all_known]
    said = [
        {
            "number": each.number,
            "name": each.name,
            "status": each.status,
            "title": each.title,
            "digest": each.digest,
        }
        for each in all_known
    ]
    show(said, as_json, "\n".join(lines))


@app.command("show")
def show_(name: Name, protocols: OwnProtocols = None, as_json: Json = False) -> None:
    """Erklärt ein Verfahren auf einem Bildschirm."""
    catalogue = written(protocols)
    protocol = _named(catalogue, name)
    text = describe(protocol, catalogue.law, catalogue.schemas)
    show(json.loads(protocol.model_dump_json()), as_json, text)


@app.command("diff")
def diff(
    older: Annotated[str, typer.Argument(help="Ältere Fassung, etwa schule-mitteilung/1.0.0.")],
    newer: Annotated[str, typer.Argument(help="Neuere Fassung desselben Verfahrens.")],
    protocols: OwnProtocols = None,
    as_json: Json = False,
) -> None:
    """Sagt in ganzen Sätzen, was eine Fassung anders macht als eine andere."""
    catalogue = written(protocols)
    found = difference(
        _named(catalogue, older), _named(catalogue, newer), catalogue.schemas, catalogue.law
    )
    show(found.as_json(), as_json, "\n".join([*found.sentences, MEANING[found.verdict]]))


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name des Verfahrens, etwa kreis-anliegen.")],
    folder: Annotated[Path, typer.Option("--dir", help="Ordner für eigene Verfahren.")] = Path(),
) -> None:
    """Legt ein eigenes Verfahren an, mit Feldern, Beispielen und Anleitung; es prüft sich schon."""
    if any(each.id == name for each in load_compiled().all()):
        raise fail(f"{name} ist ein mitgeliefertes Verfahren; ein eigenes heißt anders.")
    try:
        written = scaffold(name, folder)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    lines = [f"  {path}" for path in written]
    out.print("\n".join([f"Angelegt: {name}", *lines]), markup=False)
    out.print(f"Anleitung: {folder / 'README.md'}", markup=False)
    out.print(f"Prüfen: meldeweg protocols check {folder}", markup=False)


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="Ordner mit eigenen Verfahren.")] = SPECS,
    as_json: Json = False,
) -> None:
    """Prüft Verfahren: jeder Zustand hat jemanden, eine Uhr und ein Ende; Beispiele stimmen."""
    is_own = folder.resolve() != SPECS.resolve()
    catalogue, checked, schemas = _checked(folder) if is_own else _shipped()
    found = [
        {"protocol": protocol.name, "place": each.place, "text": each.text}
        for protocol, each in _findings(checked, catalogue, folder, schemas)
    ]
    names = {step.schema_name for protocol in checked for step in protocol.steps}
    sizes = [] if found else [_sized(catalogue, name) for name in sorted(names)]
    lines = [f"{each['protocol']} {each['place']}: {each['text']}" for each in found]
    summary = f"{len(found)} Beanstandungen in {len(checked)} Verfahren."
    show(found, as_json, "\n".join([*sizes, *lines, summary]))
    if found:
        raise typer.Exit(1)


@app.command("adopt")
def adopt(
    name: Name,
    agency: Annotated[Path, typer.Option(help="Ordner der Stelle mit dem Wurzelschlüssel.")],
    draft: Annotated[
        bool, typer.Option("--entwurf", help="Auch einen Entwurf; die Annahme sagt es.")
    ] = False,
    protocols: OwnProtocols = None,
) -> None:
    """Nimmt eine Fassung eines Verfahrens als Verantwortlicher an, mit Unterschrift."""
    catalogue = known(protocols)
    digest = told(lambda: adopt_as(agency, name, catalogue, draft=draft))
    out.print(f"Angenommen: {name} ({digest})")


def _shipped() -> tuple[Catalogue, tuple[Protocol, ...], Path]:
    """Read the files themselves: what was compiled from them is not what is to be checked."""
    try:
        catalogue = load_catalogue(SPECS, SCHEMAS)
    except UNREADABLE as wrong:
        raise fail(reasons(wrong)) from None
    return catalogue, catalogue.all(), SCHEMAS


def _checked(folder: Path) -> tuple[Catalogue, tuple[Protocol, ...], Path]:
    catalogue = written(folder)
    own = added(catalogue, load_compiled())
    if not own:
        raise fail(f"{folder}: hier liegt kein Verfahren")
    return catalogue, own, folder / "schemas"


def _findings(
    checked: tuple[Protocol, ...], catalogue: Catalogue, folder: Path, schemas: Path
) -> Iterator[tuple[Protocol, Finding]]:
    found = own_findings(checked, catalogue, folder)
    yield from found
    unsound = {protocol.name for protocol, each in found if each.place.endswith("schema_name")}
    for protocol in (each for each in checked if each.name not in unsound):
        yield from ((protocol, each) for each in example_findings(protocol, catalogue, schemas))


def _named(catalogue: Catalogue, name: str) -> Protocol:
    """Return a version by its name, or the newest of a protocol."""
    versions = [each for each in catalogue.all() if each.id == name]
    try:
        return max(versions, key=number_of) if versions else catalogue.known(name)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None


def _sized(catalogue: Catalogue, name: str) -> str:
    lines = explain(catalogue.schemas.by_name(name)).splitlines()
    return "\n".join([name, *(f"  {line}" for line in lines)])
