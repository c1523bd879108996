# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg witness``: watching the logs of others; a data protection officer can run it alone."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.audit.cosignature import cosigned
from hub.audit.merkle import Unproven
from hub.audit.note import parse_note, parse_vkey
from hub.audit.witness.shelf import Kept
from hub.main import witness_evidence
from hub.main.output import Json, fail, out, show
from hub.main.witness_folder import WitnessFolder
from hub.main.witness_serving import serve

app = typer.Typer(help="Zeuge für Protokolle anderer (C2SP tlog-witness).", no_args_is_help=True)

Place = Annotated[
    Path,
    typer.Option("--state", envvar="MELDEWEG_WITNESS_STATE", help="Ordner des Zeugen."),
]
DEFAULT = Path("var/zeuge")


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    app.command("serve")(serve)
    app.command("evidence")(witness_evidence.evidence)
    top.add_typer(app, name="witness")


@app.command("init")
def init(
    name: Annotated[str, typer.Option(help="Name des Zeugen, etwa zeuge.stadt.example/1.")],
    folder: Place = DEFAULT,
    post_quantum: Annotated[
        bool, typer.Option("--ml-dsa", help="Dazu ein Schlüssel für ML-DSA-44 (FIPS 204).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Legt Schlüssel an und zeigt, was der Betreiber des Protokolls in seine Regel schreibt."""
    os.umask(0o077)
    try:
        cosigners = WitnessFolder(folder).create(name, post_quantum=post_quantum)
    except FileExistsError:
        raise fail(f"In {folder} ist schon ein Zeuge.") from None
    except ValueError:
        raise fail("Ein Name hat keine Leerzeichen, kein Plus und höchstens 255 Bytes.") from None
    vkeys = [each.key.vkey for each in cosigners]
    show({"name": name, "vkeys": vkeys}, as_json, "\n".join(vkeys))


@app.command("add-log")
def add_log(
    vkey: Annotated[str, typer.Argument(help="Schlüssel des Protokolls, eine Zeile.")],
    folder: Place = DEFAULT,
) -> None:
    """Beachtet ein Protokoll; mit einem weiteren Schlüssel auch dessen Nachfolger."""
    place = _there(folder)
    try:
        is_new = place.shelf.add(parse_vkey(vkey))
    except Unproven as doubt:
        raise fail(f"Das ist kein Schlüssel eines Protokolls: {doubt}.") from None
    said = "Ab jetzt beachtet" if is_new else "Schon beachtet"
    out.print(f"{said}: {parse_vkey(vkey).name}", markup=False)


@app.command("status")
def status(folder: Place = DEFAULT, as_json: Json = False) -> None:
    """Zeigt, was der Zeuge wann zuletzt von jedem Protokoll gesehen hat."""
    place = _there(folder)
    cosigners = place.cosigners()
    try:
        logs = [_seen(place, kept) for kept in place.shelf.logs()]
        found = len(list(place.drawer.all()))
    except (Unproven, ValueError) as doubt:
        raise fail(f"Was der Zeuge aufbewahrt, ist beschädigt: {doubt}.") from None
    said: dict[str, Any] = {
        "name": cosigners[0].key.name,
        "vkeys": [each.key.vkey for each in cosigners],
        "logs": logs,
        "evidence": found,
    }
    lines = [f"Zeuge {said['name']}", *said["vkeys"], *map(_line, logs)]
    lines += [] if logs else ["Noch kein Protokoll; mit „witness add-log“ eintragen."]
    lines += [f"WIDERSPRÜCHE: {found}; siehe „witness evidence“."] if found else []
    show(said, as_json, "\n".join(lines))


def _there(folder: Path) -> WitnessFolder:
    place = WitnessFolder(folder)
    if not place.is_there:
        raise fail(f"In {folder} ist kein Zeuge; mit „meldeweg witness init“ einrichten.")
    return place


def _seen(place: WitnessFolder, kept: Kept) -> dict[str, Any]:
    newest = kept.newest
    times = (
        cosigned(parse_note(kept.note), [each.key for each in place.cosigners()])
        if kept.note
        else {}
    )
    return {
        "origin": kept.origin,
        "keys": [key.vkey for key in kept.keys],
        "size": newest.head.size if newest else None,
        "root": newest.head.root.hex() if newest else None,
        "at": datetime.fromtimestamp(max(times.values()), UTC).isoformat() if times else None,
    }


def _line(log: dict[str, Any]) -> str:
    if log["size"] is None:
        return f"{log['origin']}: noch nichts gesehen"
    return f"{log['origin']}: {log['size']} Einträge, zuletzt bezeugt {log['at']}"
