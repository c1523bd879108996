# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the log: ``audit verify``, ``copy``, ``proof``, ``accept-restore``."""

from pathlib import Path
from typing import Annotated

import typer

from hub.audit.merkle import Unproven
from hub.audit.tree import Tree, read_event_at
from hub.main import approving, holding, rotating
from hub.main.deletion import deletion_proof
from hub.main.exporting import export
from hub.main.forgetting import erase, find
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, out
from hub.main.pruning import prune
from hub.main.restoring import accept_restore
from hub.main.sampling import sample
from hub.main.stamp_command import stamp
from hub.main.token_key import rotate_token_key
from hub.main.verifying import verify
from hub.store.copy import NotCopyableError, write_copy
from hub.store.engine import open_database

app = typer.Typer(help="Protokoll: prüfen und beweisen.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``audit``."""
    app.command("verify")(verify)
    app.command("export")(export)
    app.command("stamp")(stamp)
    app.command("accept-restore")(accept_restore)
    app.command("sample")(sample)
    app.command("rotate-token-key")(rotate_token_key)
    app.command("prune")(prune)
    app.command("deletion-proof")(deletion_proof)
    app.command("erase")(erase)
    app.command("find")(find)
    app.add_typer(holding.app, name="hold")
    approving.register(app)
    rotating.register(app)
    top.add_typer(app, name="audit")


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
