# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the log: ``audit verify``, ``audit proof``."""

from pathlib import Path
from typing import Annotated

import typer

from hub.audit.merkle import Unproven
from hub.audit.tree import Tree, read_event_at
from hub.audit.verify import Finding, verify_answer, verify_db, verify_evidence, verify_tiles
from hub.main.options import DEFAULT, Folder, hub_in
from hub.main.output import Json, fail, out, show
from hub.store.engine import open_database

app = typer.Typer(help="Protokoll: prüfen und beweisen.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``audit``."""
    top.add_typer(app, name="audit")


Vkey = Annotated[str, typer.Option("--vkey", help="Schlüssel des Protokolls.")]


@app.command("verify")
def verify(
    what: Annotated[str, typer.Argument(help="db, tiles, receipt oder evidence.")] = "db",
    file: Annotated[Path | None, typer.Argument(help="Datei oder Ordner.")] = None,
    data_dir: Folder = DEFAULT,
    vkey: Vkey = "",
    as_json: Json = False,
) -> None:
    """Prüft von den Einträgen selbst her, nie von gespeicherten Prüfsummen."""
    path = file or hub_in(data_dir).database
    if not path.exists():
        raise fail(f"Das gibt es nicht: {path}")
    found = _verify(what, path, vkey)
    text = "\n".join(str(each) for each in found) or "Geprüft: unverändert."
    show([vars(each) for each in found], as_json, text)
    if found:
        raise typer.Exit(1)


@app.command("proof")
def proof(
    index: Annotated[int, typer.Argument(help="Nummer des Eintrags.")],
    data_dir: Folder = DEFAULT,
) -> None:
    """Gibt Eintrag und Beweis aus (C2SP tlog-proof)."""
    database = open_database(hub_in(data_dir).database)
    try:
        with database.reading.connect() as connection:
            if read_event_at(connection, index) is None:
                raise fail("Einen Eintrag mit dieser Nummer gibt es nicht.")
            out.print(Tree().proof(connection, index).text, markup=False, end="")
    except Unproven as doubt:
        raise fail(f"Nicht zu beweisen: {doubt}") from None
    finally:
        database.dispose()


def _verify(what: str, path: Path, vkey: str) -> list[Finding]:
    if what == "db":
        return verify_db(path, vkey or None)
    if what == "evidence":
        return verify_evidence(path, vkey or None)
    if what in {"tiles", "receipt"} and vkey:
        return verify_tiles(path, vkey) if what == "tiles" else verify_answer(path, vkey)
    raise fail("Zu prüfen ist db, tiles, receipt oder evidence; die mittleren brauchen --vkey.")
