# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about handing over: ``adapters list``, ``new``, ``map``, ``try``."""

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from hub.adapters.base import Surroundings, TargetRefused, TargetTrouble
from hub.adapters.forms.told import Told
from hub.adapters.mapping.apply import mapped
from hub.adapters.mapping.check import check
from hub.adapters.mapping.file import Mapping, MappingUnfit, read_mapping
from hub.adapters.registry import SHIPPED, SettingsUnfit, make_adapter, read_target
from hub.adapters.scaffold import scaffold
from hub.adapters.stand import UNIT, a_delivery
from hub.main.catalogue import OwnProtocols, known
from hub.main.output import Json, fail, out, show, system_text
from hub.schemas import SPECS

app = typer.Typer(help="Adapter: wie eine Nachricht in das Fachverfahren kommt.")
KINDS = {
    "folder": "überwachter Ordner (PDF/A, JSON, XML, CSV)",
    "sftp": "SFTP-Server, Schlüssel festgelegt",
    "https": "Schnittstelle eines Fachverfahrens, unterschrieben",
    "mail": "E-Mail ohne Inhalt; die Nachricht liegt im Eingang",
    "inbox": "Eingang im Browser; ohne weiteres Ziel",
    "memory": "im Speicher, nur für Tests",
}


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``adapters``."""
    top.add_typer(app, name="adapters")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Listet die Arten der Übergabe und die mitgelieferten Zuordnungen."""
    samples = list(_samples())
    kinds = [{"kind": kind, "text": KINDS[kind]} for kind in SHIPPED]
    listed = [
        {"id": each.id, "product": each.product, "standing": each.standing} for each in samples
    ]
    lines = [f"{each['kind']:10} {each['text']}" for each in kinds]
    lines += ["", "Zuordnungen:", *(f"{each.id:16} {each.label}" for each in samples)]
    show({"kinds": kinds, "mappings": listed}, as_json, "\n".join(lines))


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name des Adapters, etwa ablage.")],
    folder: Annotated[Path, typer.Option("--dir", help="Ordner, in dem er entsteht.")] = Path(),
) -> None:
    """Legt einen eigenen Adapter an, mit Gegenstelle; er besteht den Vertrag schon."""
    try:
        written = scaffold(name, folder)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    out.print("\n".join([f"Angelegt: {name}", *(f"  {path}" for path in written)]), markup=False)
    out.print(f"Prüfen: pytest -p hub.adapters.contract --adapter {name}.stand:stand", markup=False)


@app.command("map")
def map_(
    file: Annotated[Path, typer.Argument(help="Zuordnung (YAML) oder Kennung einer gelieferten.")],
    only_check: Annotated[bool, typer.Option("--check", help="Nur prüfen.")] = False,
    protocols: OwnProtocols = None,
    as_json: Json = False,
) -> None:
    """Prüft eine Zuordnung und zeigt eine erfundene Mitteilung in den Feldern des Produkts."""
    mapping, catalogue = _read(file), known(protocols)
    found = check(mapping, catalogue)
    faults = [each for each in found if each.weight == "fehler"]
    said: list[dict[str, Any]] = [
        {"weight": each.weight, "place": each.place, "text": each.text} for each in found
    ]
    lines = [f"{each.weight.capitalize()}: {each.place}: {each.text}" for each in found]
    counted = f"{mapping.label}: {len(faults)} Fehler, {len(found) - len(faults)} Verluste."
    show(said, as_json, "\n".join([*lines, counted]))
    if faults:
        raise typer.Exit(1)
    if not only_check:
        try:
            document = mapped(Told.of(a_delivery(), catalogue), mapping)
        except TargetRefused as refused:
            raise fail(f"{refused.code}: {refused.reason}") from None
        out.print(document.content.decode(mapping.encoding), markup=False)


@app.command("try")
def try_(
    config: Annotated[Path, typer.Option("--config", help="Datei des Konnektors (TOML).")],
    target: Annotated[str, typer.Option("--target", help="Name des Ziels.")],
    send: Annotated[
        bool, typer.Option("--send", help="Auch eine erfundene Mitteilung übergeben.")
    ] = False,
    protocols: OwnProtocols = None,
) -> None:
    """Fragt ein Ziel, ob es annehmen kann; mit --send übergibt es eine erfundene Mitteilung."""
    try:
        said = tomllib.loads(config.read_text("utf-8"))
        targets = [read_target(each, f"/target/{n}") for n, each in enumerate(said["target"])]
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except (ValueError, KeyError):
        raise fail("Die Datei des Konnektors ist nicht lesbar oder nennt kein Ziel.") from None
    except SettingsUnfit as unfit:
        raise fail(str(unfit)) from None
    chosen = next((each for each in targets if each.called == target), None)
    if chosen is None:
        raise fail(f"Ein Ziel „{target}“ gibt es nicht: {', '.join(e.called for e in targets)}.")
    with TemporaryDirectory() as state:
        # What is tried leaves no mark that the connector would go by.
        around = Surroundings(UNIT, known(protocols), config.parent, Path(state) / "state")
        try:
            text = asyncio.run(_tried(around, chosen, send=send))
        except (TargetRefused, TargetTrouble) as no:
            raise fail(f"{no.code}: {no.reason}") from None
        except SettingsUnfit as unfit:
            raise fail(str(unfit)) from None
    out.print(text, markup=False)


async def _tried(around: Surroundings, settings: Any, *, send: bool) -> str:
    adapter = make_adapter(settings, around)
    try:
        health = await adapter.check()
        if not health.is_well:
            raise TargetTrouble("unwell", health.text)
        if not send:
            return f"Das Ziel {adapter.name} kann annehmen."
        handed = await adapter.hand_over(a_delivery())
        return f"Übergeben an {adapter.name}: {handed.reference}"
    finally:
        await adapter.close()


def _samples() -> Iterator[Mapping]:
    for path in sorted((SPECS / "adapters").glob("*.yaml")):
        yield read_mapping(path)


def _read(file: Path) -> Mapping:
    shipped = SPECS / "adapters" / f"{file.name}.yaml"
    try:
        return read_mapping(shipped if not file.exists() and shipped.is_file() else file)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except MappingUnfit as unfit:
        raise fail(str(unfit)) from None
