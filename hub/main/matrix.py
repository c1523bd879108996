# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands that show what the catalogue allows: ``protocols matrix``, ``protocols step``."""

from pathlib import Path
from typing import Annotated

import typer

from hub.main import protocols
from hub.main.catalogue import OwnProtocols, written
from hub.main.output import Json, fail, out, show, system_text
from hub.main.protocols import app
from hub.main.telling import told
from hub.protocols.matrix import Matrix, make_matrix, newest
from hub.protocols.matrix_data import as_json
from hub.protocols.matrix_svg import as_svg
from hub.protocols.matrix_text import as_table, of_role
from hub.protocols.show import explain_step


def register(top: typer.Typer) -> None:
    """Hang everything below ``protocols`` in; these commands stand there with the others."""
    protocols.register(top)


@app.command("matrix")
def matrix(
    role: Annotated[
        str | None, typer.Option("--for", help="Nur Zeile und Spalte dieser Rolle, etwa schule.")
    ] = None,
    opening: Annotated[
        bool, typer.Option("--opening", help="Nur Schritte, die einen Vorgang eröffnen.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Alle Fassungen, auch ältere und zurückgezogene.")
    ] = False,
    svg: Annotated[Path | None, typer.Option(help="Schreibt ein Bild in diese Datei.")] = None,
    own: OwnProtocols = None,
    as_json_: Json = False,
) -> None:
    """Zeigt, wer wem was mitteilen darf, auf welcher Grundlage, bis wann."""
    shown = _shown(make_matrix(written(own), every_version=every), role, opening=opening)
    if svg is not None:
        try:
            svg.write_text(as_svg(shown), "utf-8")
        except OSError as trouble:
            raise fail(system_text(trouble)) from None
        out.print(f"Geschrieben: {svg}", markup=False)
        return
    text = of_role(shown, role) if role else as_table(shown)
    show(as_json(shown), as_json_, text)


@app.command("step")
def step(
    name: Annotated[str, typer.Argument(help="Verfahren, etwa schule-mitteilung.")],
    step_id: Annotated[str, typer.Argument(metavar="SCHRITT", help="Schritt, etwa mitteilung.")],
    own: OwnProtocols = None,
) -> None:
    """Erklärt einen Schritt: Grundlagen mit ihrem Sinn, Regeln, was bewusst fehlt."""
    catalogue = written(own)
    last = {each.id: each.name for each in newest(catalogue.all())}
    protocol = told(lambda: catalogue.known(last.get(name, name)))
    found = protocol.step(step_id)
    if found is None:
        raise fail(f"{protocol.name} hat die Schritte: {', '.join(s.id for s in protocol.steps)}")
    out.print(explain_step(found, protocol, catalogue.law, catalogue.schemas), markup=False)


def _shown(whole: Matrix, role: str | None, *, opening: bool) -> Matrix:
    if role is not None and role not in whole.roles:
        raise fail(f"Diese Rolle gibt es nicht. Bekannt sind: {', '.join(whole.roles)}")
    chosen = whole.of(role) if role else whole
    return chosen.opening() if opening else chosen
