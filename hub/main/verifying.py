# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``audit verify``: the auditor's program, run on the hub's own database or on a file.

The program is the one that lies in every export; nothing is verified here that it does not verify.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from hub.audit.verify import (
    QUIET,
    Finding,
    Progress,
    Unusable,
    audit_db,
    audit_tiles,
    processors,
    read_openings,
    verify_answer,
    verify_evidence,
)
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, show
from hub.store.copy import NotCopyableError, write_copy
from hub.store.digest import schema_differences
from hub.store.engine import open_database

UNUSABLE: Final = 2
"""Exit code where nothing could be looked at, and so nothing was found."""

Vkeys = Annotated[list[str] | None, typer.Option("--vkey", help="Schlüssel des Protokolls.")]
Policy = Annotated[Path | None, typer.Option("--policy", help="Welche Zeugen genügen.")]
Witnesses = Annotated[list[str] | None, typer.Option("--witness", help="Schlüssel eines Zeugen.")]
HubKeys = Annotated[Path | None, typer.Option("--keys", help="hub-keys.json zu einer Antwort.")]
Openings = Annotated[Path | None, typer.Option("--openings", help="Öffnungen als JSON.")]
Quick = Annotated[bool, typer.Option("--quick", help="Nur Hashes und Baum.")]
Processes = Annotated[int, typer.Option("--processes", help="Wie viele Prozesse; 0: alle Kerne.")]


@dataclass(frozen=True)
class _With:
    """By which keys and rules is verified, and how."""

    vkeys: list[str]
    policy: Path | None
    witnesses: list[str]
    hub_keys: Path | None
    openings: Path | None
    is_quick: bool
    processes: int

    @property
    def how(self) -> dict[str, Any]:
        shown = Progress(sys.stderr) if sys.stderr.isatty() else QUIET
        several = max(1, self.processes or processors())
        quick = {"is_quick": self.is_quick, "processes": several, "progress": shown}
        return {"policy": self.policy, **quick}


def verify(
    what: Annotated[str, typer.Argument(help="db, tiles, receipt oder evidence.")] = "db",
    file: Annotated[Path | None, typer.Argument(help="Datei oder Ordner.")] = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    vkey: Vkeys = None,
    policy: Policy = None,
    witness: Witnesses = None,
    keys: HubKeys = None,
    openings: Openings = None,
    quick: Quick = False,
    processes: Processes = 0,
    as_json: Json = False,
) -> None:
    """Prüft von den Einträgen selbst her, nie von gespeicherten Prüfsummen."""
    given = _With(vkey or [], policy, witness or [], keys, openings, quick, processes)
    try:
        if file is None and what == "db":
            found = _verify_own(hub_in(data_dir, database), given)
        else:
            found = _verify(what, file, given)
    except Unusable as wrong:
        typer.echo(f"Nichts geprüft: {wrong}", err=True)
        raise typer.Exit(UNUSABLE) from None
    text = "\n".join(str(each) for each in found) or "Geprüft: unverändert."
    show([vars(each) for each in found], as_json, text)
    if found:
        raise typer.Exit(1)


def _verify_own(data: DataDir, given: _With) -> list[Finding]:
    """Verify the hub's own database; where it is no file, a copy of it and the server's guards."""
    if not data.url:
        return _verify_file(data.database, given)
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
            return [*found, *_verify_file(path, given)]
    except NotCopyableError as bad:
        return [*found, Finding(bad.table, "", "", "fehlt oder hat Zeilen mit gleichem Schlüssel")]
    finally:
        opened.dispose()


def _verify_file(path: Path, given: _With) -> list[Finding]:
    openings = read_openings(given.openings.read_bytes()) if given.openings else ()
    return audit_db(path, given.vkeys, given.witnesses, openings=openings, **given.how).findings


def _verify(what: str, path: Path | None, given: _With) -> list[Finding]:
    if path is None or not path.exists():
        raise fail(f"Das gibt es nicht: {path or 'keine Datei genannt'}")
    if what == "db":
        return _verify_file(path, given)
    if what == "evidence":
        return verify_evidence(path, given.vkeys, policy=given.policy)
    if what == "tiles" and given.vkeys:
        return audit_tiles(path, given.vkeys, **given.how).findings
    if what == "receipt" and given.vkeys:
        return verify_answer(path, given.vkeys, given.hub_keys, policy=given.policy)
    raise fail("Zu prüfen ist db, tiles, receipt oder evidence; die mittleren brauchen --vkey.")
