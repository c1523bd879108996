# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands that write an agreement down: ``agreements new``, ``agreements copy``."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub import clock
from hub.main import agreements
from hub.main.agreement_sources import Reader, loaded, read
from hub.main.agreements import app
from hub.main.options import DEFAULT, Address, Folder
from hub.main.output import Json, fail, out, show, system_text
from hub.model.agreement import Agreement
from hub.model.json import JsonObject
from hub.protocols.agreement_copy import PartyMissing, copied
from hub.protocols.agreement_file import write_yaml
from hub.protocols.agreements import today

Out = Annotated[Path | None, typer.Option("--file", help="Neue Datei; sonst auf den Bildschirm.")]

YEARS: Final = 5
"""The term that agreements of this kind usually have."""
OPEN: Final = "Auszufüllen"


def register(top: typer.Typer) -> None:
    """Hang everything below ``agreements`` in; these commands stand there with the others."""
    agreements.register(top)


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Kleinbuchstaben, Ziffern, Striche.")],
    party: Annotated[list[str], typer.Option(help="Beteiligte Stelle; mindestens zweimal.")],
    protocol: Annotated[list[str], typer.Option(help="Verfahren, etwa polizei-mitteilung/1.")],
    file: Out = None,
) -> None:
    """Legt den Entwurf einer Vereinbarung an, der nur noch auszufüllen ist."""
    begins = today(clock.now()) + timedelta(days=1)
    said: JsonObject = {
        "id": name,
        "version": 1,
        "title": f"{OPEN}: Titel",
        "parties": [*party],
        "protocols": [{"protocol": each, "occasions": [f"{OPEN}: Anlass"]} for each in protocol],
        "contacts": [{"party": each, "function": f"{OPEN}: Funktion"} for each in party],
        "valid_from": begins.isoformat(),
        "valid_until": (begins + timedelta(days=365 * YEARS)).isoformat(),
    }
    _write(write_yaml(said, "Entwurf einer Kooperationsvereinbarung."), file)


@app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(help="Datei, oder ID/FASSUNG auf dem Hub.")],
    to: Annotated[str, typer.Option("--to", help="ID der neuen Vereinbarung.")],
    party: Annotated[
        list[str] | None,
        typer.Option(help="ALT=NEU oder ALT=NEU1,NEU2: wer an wessen Stelle tritt."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="Dasselbe als Datei (YAML).")
    ] = None,
    file: Out = None,
    agency: Reader = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Nimmt eine Vereinbarung als Vorlage für andere Stellen; nennt, was auszufüllen ist."""
    template = _template(source, agency, data_dir, database)
    replacing = _replacing(party or [], mapping)
    while True:
        try:
            made = copied(template, to, replacing)
            break
        except PartyMissing as missing:
            replacing[missing.party] = _asked(missing)
    text = write_yaml(
        made.said, f"Nach der Vorlage {template.name}.\n{OPEN}: {', '.join(made.open)}"
    )
    if as_json:
        show({"agreement": made.said, "open": list(made.open)}, as_json, "")
        return
    _write(text, file)
    if file is not None:
        out.print("\n".join([f"{OPEN}:", *(f"  {each}" for each in made.open)]), markup=False)


def _template(
    source: str, agency: Path | None, data_dir: Path | None, url: str | None
) -> Agreement:
    if Path(source).is_file():
        return loaded(Path(source))
    for each in read(agency, data_dir, url):
        if each.agreement.name == source:
            return each.agreement
    raise fail("Diese Vereinbarung gibt es hier nicht.")


def _replacing(pairs: list[str], mapping: Path | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if mapping is not None:
        try:
            read: Any = YAML(typ="safe", pure=True).load(mapping.read_bytes())
            found = {old: [new] if isinstance(new, str) else [*new] for old, new in read.items()}
        except OSError as trouble:
            raise fail(system_text(trouble)) from None
        except (YAMLError, AttributeError, TypeError):
            raise fail("Die Datei ordnet nicht jeder Stelle eine oder mehrere andere zu.") from None
    for pair in pairs:
        old, _, new = pair.partition("=")
        found[old] = [each for each in new.split(",") if each]
    return found


def _asked(missing: PartyMissing) -> list[str]:
    if not sys.stdin.isatty():
        raise fail(f"Wer tritt an die Stelle von {missing.party}? Nötig ist: {missing.kind}:…")
    said: str = typer.prompt(f"An die Stelle von {missing.party} tritt ({missing.kind}:…)")
    return [each.strip() for each in said.split(",")]


def _write(text: str, file: Path | None) -> None:
    if file is None:
        out.print(text, markup=False, end="")
        return
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    out.print(f"Geschrieben: {file}", markup=False)
