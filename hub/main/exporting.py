# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command ``audit export``: a folder that outsiders' tools verify as it is."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from sqlalchemy import Connection

from hub import clock
from hub.audit.export import Fixed, export_tiles
from hub.audit.export_notes import keys_text, orders_text, write_cosigned, write_stamps
from hub.audit.programs import read_programs
from hub.audit.tile import WIDTH, Tile
from hub.audit.tree import Tree, read_index
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.export_readme import readme
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, err, fail, refusal_text, show
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.participants import read_hub_keys

Said = dict[str, Any]


def export(
    to: Annotated[Path, typer.Argument(help="Ordner, den es noch nicht gibt.")],
    purpose: Annotated[
        str,
        typer.Option(
            help="Wofür, nach § 76 Abs. 3 BDSG: eigenueberwachung, rechtmaessigkeit, "
            "sicherheit oder strafverfahren."
        ),
    ] = "eigenueberwachung",
    entries: Annotated[bool, typer.Option(help="Mit den Einträgen selbst.")] = True,
    newest: Annotated[
        bool, typer.Option("--newest", help="Auch was noch kein Zeuge gesehen hat.")
    ] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Legt das Protokoll so ab, dass fremde Programme es prüfen; im Protokoll steht, dass."""
    data = hub_in(data_dir, database)
    with _made(to) as folder:
        said = _begin(data, purpose, entries=entries, newest=newest)
        said["left_out"] = _write(data, folder, said)
    text = (
        f"Einträge 0 bis {said['size'] - 1} nach {to}; "
        f"{'bezeugt' if said['witnessed'] else 'nicht bezeugt'}. LIESMICH.txt sagt, wie man prüft."
    )
    if said["left_out"]:
        text += f"\nOhne Bündel mit gelöschten Einträgen: {said['left_out']}"
    show(
        {name: said[name] for name in ("entry", "size", "root", "witnessed", "left_out")},
        as_json,
        text,
    )


def _begin(data: DataDir, purpose: str, *, entries: bool, newest: bool) -> Said:
    """Have the hub enter the export; only then is anything written."""
    said = {True: "yes", False: "no"}
    request = {
        "act": "audit-export",
        "purpose": purpose,
        "entries": said[entries],
        "newest": said[newest],
    }
    try:
        begun = operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    return {**begun, "entries": entries}


def _write(data: DataDir, folder: Path, said: Said) -> list[list[int]]:
    fixed = Fixed(said["size"], said["entries"])
    opened = open_database(data.place)
    try:
        with _shown(len(fixed.tiles)) as written:
            runs = export_tiles(opened.reading.connect, folder, fixed, written)
        left_out = [list(run) for run in runs]
        with opened.reading.connect() as connection:
            _write_beside(connection, folder, {**said, "left_out": left_out})
    finally:
        opened.dispose()
    return left_out


def _write_beside(connection: Connection, folder: Path, said: Said) -> None:
    """Put beside the tiles what is needed to verify them, and what others said of them."""
    write_cosigned(connection, folder / "cosigned.txt", said["size"])
    write_stamps(connection, folder / "stamps", said["size"])
    first = Tile(0, 0, min(said["size"], WIDTH)).path.removeprefix("tile/0/")
    texts = {
        "checkpoint": said["note"],
        "log.vkey": f"{said['vkey']}\n",
        "log.vkeys": keys_text(connection),
        "orders.txt": orders_text(connection, said["size"]),
        "policy": said["policy"],
        "hub-keys.json": _keys(connection, said["vkey"]),
        "exported.tlog-proof": _proof(connection, said["entry"]),
        "export.json": _summary(said),
        "LIESMICH.txt": readme(said, first),
    }
    for name, text in texts.items():
        if text:
            (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    for name, program in read_programs().items():
        (folder / name).write_bytes(program)


def _proof(connection: Connection, entry: str) -> str:
    index = read_index(connection, entry)
    return "" if index is None else Tree().proof(connection, index).text


def _keys(connection: Connection, vkey: str) -> str:
    keys = [{**key, "jwk": json.loads(key["jwk"])} for key in read_hub_keys(connection)]
    return json.dumps({"keys": keys, "vkey": vkey}, indent=1, sort_keys=True) + "\n"


def _summary(said: Said) -> str:
    names = ("hub", "origin", "size", "root", "entries", "witnessed", "left_out", "entry")
    made_at = datetime.fromtimestamp(int(clock.now()), UTC).isoformat()
    told = {"v": 1, "made_at": made_at} | {name: said[name] for name in names}
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


@contextmanager
def _made(to: Path) -> Iterator[Path]:
    """Give a folder beside the place, readable by its owner; it stands there once it is whole."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise fail(f"Der Export braucht einen leeren Ordner oder einen, den es nicht gibt: {to}")
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{to.name}-entsteht-", dir=to.parent))
    try:
        yield unfinished
        # Over an empty folder too: the system does that in one step (``rename(2)``).
        os.replace(unfinished, to)  # noqa: PTH105  the method of a path says the same with a worse error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def _shown(total: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is, where somebody looks on."""
    columns = ("Kacheln", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Kacheln", total=total)
        yield lambda count: progress.update(task, completed=count)
