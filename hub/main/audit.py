# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the log: ``audit verify``, ``copy``, ``proof``, ``accept-restore``."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from hub.audit.merkle import Unproven
from hub.audit.tree import Tree, read_event_at
from hub.audit.verify import Finding, verify_answer, verify_db, verify_evidence, verify_tiles
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, out, show
from hub.main.restoring import accept_restore
from hub.store.copy import NotCopyableError, write_copy
from hub.store.digest import schema_differences
from hub.store.engine import open_database

app = typer.Typer(help="Protokoll: prüfen und beweisen.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``audit``."""
    app.command("accept-restore")(accept_restore)
    top.add_typer(app, name="audit")


Vkey = Annotated[str, typer.Option("--vkey", help="Schlüssel des Protokolls.")]


@app.command("verify")
def verify(
    what: Annotated[str, typer.Argument(help="db, tiles, receipt oder evidence.")] = "db",
    file: Annotated[Path | None, typer.Argument(help="Datei oder Ordner.")] = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    vkey: Vkey = "",
    as_json: Json = False,
) -> None:
    """Prüft von den Einträgen selbst her, nie von gespeicherten Prüfsummen."""
    if file is None and what == "db":
        found = _verify_own(hub_in(data_dir, database), vkey)
    else:
        found = _verify(what, file, vkey)
    text = "\n".join(str(each) for each in found) or "Geprüft: unverändert."
    show([vars(each) for each in found], as_json, text)
    if found:
        raise typer.Exit(1)


@app.command("proof")
def proof(
    index: Annotated[int, typer.Argument(help="Nummer des Eintrags.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Gibt Eintrag und Beweis aus (C2SP tlog-proof)."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            if read_event_at(connection, index) is None:
                raise fail("Einen Eintrag mit dieser Nummer gibt es nicht.")
            out.print(Tree().proof(connection, index).text, markup=False, end="")
    except Unproven as doubt:
        raise fail(f"Nicht zu beweisen: {doubt}") from None
    finally:
        opened.dispose()


@app.command("copy")
def copy(
    to: Annotated[Path, typer.Argument(help="Datei, die es noch nicht gibt.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Schreibt eine Kopie der Datenbank für das Prüfprogramm (SQLite), auch bei laufendem Hub."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        write_copy(opened, to)
    except NotCopyableError as bad:
        raise fail(
            f"Die Tabelle {bad.table} fehlt oder hat Zeilen, die es nicht geben kann."
        ) from None
    finally:
        opened.dispose()
    out.print(f"Kopiert nach {to}; nur für den Besitzer lesbar.", markup=False)


def _verify_own(data: DataDir, vkey: str) -> list[Finding]:
    """Verify the hub's own database; where it is no file, a copy of it and the server's guards."""
    if not data.url:
        return verify_db(data.database, vkey or None)
    opened = open_database(data.url)
    try:
        with opened.reading.connect() as connection:
            found = [
                Finding("schema", name, "", "fehlt oder ist anders als in dieser Fassung")
                for name in schema_differences(connection)
            ]
        # Beside the keys, so that nobody else can read it and no second disk has a copy of it.
        with TemporaryDirectory(prefix=".pruefung-", dir=data.path) as folder:
            path = Path(folder) / "kopie.sqlite"
            write_copy(opened, path)
            return [*found, *verify_db(path, vkey or None)]
    except NotCopyableError as bad:
        return [*found, Finding(bad.table, "", "", "fehlt oder hat Zeilen mit gleichem Schlüssel")]
    finally:
        opened.dispose()


def _verify(what: str, path: Path | None, vkey: str) -> list[Finding]:
    if path is None or not path.exists():
        raise fail(f"Das gibt es nicht: {path or 'keine Datei genannt'}")
    if what == "db":
        return verify_db(path, vkey or None)
    if what == "evidence":
        return verify_evidence(path, vkey or None)
    if what in {"tiles", "receipt"} and vkey:
        return verify_tiles(path, vkey) if what == "tiles" else verify_answer(path, vkey)
    raise fail("Zu prüfen ist db, tiles, receipt oder evidence; die mittleren brauchen --vkey.")
