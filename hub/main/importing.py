# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands that change who is responsible: ``directory import``, ``directory update``.

What ships with the package stays as it is. Own rows stand in a folder of the same form that is laid
over it, so that an update of the software takes nothing back.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from hub import clock
from hub.directory.changes import Change, changes, edition
from hub.directory.csvfile import TableInvalid
from hub.directory.land import shipped_tables, with_overlay
from hub.directory.rows import Tables
from hub.directory.soundness import unsound
from hub.directory.tables import load_overlay, parse_tables, written
from hub.main.output import Json, fail, show

_WORDS: Final = {
    "neu": "neu",
    "endet": "endet",
    "nachfolge": "Nachfolge",
    "geaendert": "geändert",
}
Dir = Annotated[Path, typer.Option("--dir", help="Ordner mit den eigenen Tabellen.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was sich ändern würde.")]


def hang_in(app: typer.Typer) -> None:
    """Hang these commands in beside those of ``directory``."""
    app.command("import")(import_)
    app.command("update")(update)


def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV-Dateien; die Kopfzeile sagt, welche.")],
    folder: Dir,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Übernimmt Zeilen aus CSV und zeigt vorher, was sich dadurch ändert."""
    _apply(_read(files), folder, dry_run, as_json)


def update(
    source: Annotated[Path, typer.Argument(help="Ordner mit vollständigen Tabellen.")],
    folder: Dir,
    on: Annotated[str, typer.Option(help="Erster Tag als JJJJ-MM-TT; sonst heute.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Übernimmt einen ganzen neuen Stand; was er nicht mehr nennt, endet am Tag davor."""
    try:
        day = date.fromisoformat(on) if on else clock.today()
    except ValueError:
        raise fail("Der Tag wird als JJJJ-MM-TT geschrieben.") from None
    files = sorted(source.glob("*.csv"))
    if not files:
        raise fail("In diesem Ordner ist keine CSV-Datei.")
    _apply(edition(_current(folder), _read(files), day), folder, dry_run, as_json)


def _read(files: Sequence[Path]) -> Tables:
    tables, wrong = Tables(), []
    for path in files:
        try:
            tables = tables.with_rows_of(parse_tables(path.read_bytes()))
        except TableInvalid as invalid:
            wrong += [f"{path.name}: {finding}" for finding in invalid.findings]
    if wrong:
        raise fail("\n".join(wrong))
    return tables


def _current(folder: Path) -> Tables:
    try:
        return with_overlay(shipped_tables(), folder)
    except TableInvalid as invalid:
        raise fail("\n".join(f"{folder.name}: {each}" for each in invalid.findings)) from None


def _apply(rows: Tables, folder: Path, dry_run: bool, as_json: bool) -> None:
    """Show what these rows change, and keep them unless told not to; unsound tables never."""
    before = _current(folder)
    after = before.with_rows_of(rows)
    if wrong := unsound(after):
        raise fail("\n".join(["So sind die Tabellen nicht zu gebrauchen:", *wrong]))
    said = changes(before, after)
    if said and not dry_run:
        _keep(load_overlay(folder).with_rows_of(rows), folder)
    _tell(said, dry_run, as_json)


def _keep(overlay: Tables, folder: Path) -> None:
    """Write beside and rename, so that nobody ever reads half a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written(overlay).items():
        beside = folder / f"{name}.neu"
        beside.write_bytes(content)
        beside.replace(folder / name)


def _tell(said: Sequence[Change], dry_run: bool, as_json: bool) -> None:
    lines = [f"{_WORDS[change.what]}: {change.sentence}" for change in said]
    end = "Es ist nichts übernommen." if dry_run or not said else "Das ist übernommen."
    show(
        {"applied": bool(said) and not dry_run, "changes": [each._asdict() for each in said]},
        as_json,
        "\n".join([*(lines or ["Es ändert sich nichts."]), end]),
    )
