# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about what can be chosen from: ``codelists list``, ``codelists show``."""

from collections.abc import Mapping
from typing import Annotated

import typer

from hub.main.output import Json, fail, out, show
from hub.model.codelist import CodeList
from hub.protocols.codelists import genericode, load_codelists
from hub.schemas import SPECS

app = typer.Typer(help="Codelisten: woraus ausgewählt wird, mit Quelle.")


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``codelists``."""
    top.add_typer(app, name="codelists")


Name = Annotated[str, typer.Argument(help="Name der Codeliste, etwa gefaehrdung-art.")]
Genericode = Annotated[
    bool, typer.Option("--genericode", help="Als Genericode 1.0 (XML), wie XÖV.")
]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Listet alle Codelisten mit Fassung und Stand."""
    lists = _lists().values()
    lines = [f"{each.id:42} {each.version:8} {each.status:10} {each.title}" for each in lists]
    said = [
        {
            "id": each.id,
            "version": each.version,
            "status": each.status,
            "title": each.title,
            "uri": each.canonical_uri,
        }
        for each in lists
    ]
    show(said, as_json, "\n".join(lines))


@app.command("show")
def show_(name: Name, as_json: Json = False, as_genericode: Genericode = False) -> None:
    """Zeigt eine Codeliste mit Quelle und Werten."""
    codelist = _lists().get(name)
    if codelist is None:
        raise fail(f"Eine Codeliste {name} gibt es nicht; welche es gibt: meldeweg codelists list.")
    if as_genericode:
        out.print(genericode(codelist), markup=False, end="")
        return
    show(codelist.model_dump(mode="json", exclude_defaults=True), as_json, _described(codelist))


def _lists() -> Mapping[str, CodeList]:
    try:
        return load_codelists(SPECS / "codelists")
    except ValueError as wrong:
        raise fail(f"Eine Codeliste ist nicht zu lesen: {wrong}") from None


def _described(codelist: CodeList) -> str:
    standing = f"{codelist.id} {codelist.version} ({codelist.status})"
    texts = {
        "Quelle": codelist.source,
        "Anmerkung": codelist.remark,
        "Wofür": codelist.used_for,
        "Amtlich": _official_name(codelist),
    }
    said = [f"{word}: {text.strip()}" for word, text in texts.items() if text.strip()]
    width = max(len(value.code) for value in codelist.values)
    values = [f"  {value.code:{width}}  {value.title}" for value in codelist.values]
    return "\n".join([standing, codelist.title, *said, "", *values])


def _official_name(codelist: CodeList) -> str:
    if codelist.urn is None:
        return ""
    version = f", Version {codelist.list_version}" if codelist.list_version else ""
    return f"{'Auszug aus ' if codelist.part else ''}{codelist.urn}{version}"
