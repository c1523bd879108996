# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg doctor`` and ``status``: how is the hub?"""

import json
from typing import Annotated, Final

import typer

from hub.main import diagnosis
from hub.main.betrieb import state_of
from hub.main.catalogue import OwnProtocols
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in, place, settings
from hub.main.output import Json, show
from hub.main.serving import listener_of
from hub.main.surroundings import door
from hub.main.witness_words import named
from hub.settings import Settings

TROUBLES: Final = {
    "stopping": "er wird beendet",
    "turn-late": "seine Fristen laufen nicht",
    "clock-distrusted": "die Uhr wurde verstellt oder stand lange",
    "disk-short": "der Speicherplatz reicht nicht",
    "disk-failed": "der Datenträger ist ausgefallen",
    "log-set-back": "die Datenbank wurde zurückgesetzt",
    "log-unwitnessed": "zu lange hat kein Zeuge das Protokoll gesehen",
    "not-writing": "er kann nicht schreiben",
}
"""What a running hub says of itself, in the operator's words."""


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.command("doctor")(doctor)
    top.command("status")(status)


def doctor(
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Nur, was auch vor dem Start geprüft wird.")
    ] = False,
    protocols: OwnProtocols = None,
) -> None:
    """Untersucht den Hub: was ist, wie schlimm, was tun."""
    data = place(data_dir, database)
    chosen = settings(protocols_dir=protocols)
    findings = diagnosis.examine(data, chosen, thorough=not quick)
    if findings != [diagnosis.NO_HUB]:
        findings.append(running(data))
    show([vars(each) for each in findings], as_json, "\n".join(each.text for each in findings))
    if any(each.level == "schlimm" for each in findings):
        raise typer.Exit(1)


def status(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Zeigt Zahlen: Nachrichten je Zustand, Größe des Protokolls."""
    data = hub_in(data_dir, database)
    numbers = diagnosis.count(data) | {"Zustand": _state(data)}
    show(numbers, as_json, "\n".join(f"{name}: {number}" for name, number in numbers.items()))


def _state(data: DataDir) -> str:
    found = running(data)
    return found.what if found.id == "laufender-hub" else "Der Hub läuft nicht."


def running(data: DataDir) -> Finding:
    """Ask the running hub how it is; where none runs, look whether one could listen."""
    try:
        state = state_of(data)
    except (TimeoutError, json.JSONDecodeError):
        return bad("laufender-hub", "Der Hub läuft und antwortet nicht.", "Hub neu starten.")
    except OSError:
        return bad(
            "laufender-hub",
            "Der laufende Hub ist von hier nicht erreichbar.",
            "Als Benutzer des Hubs ausführen.",
        )
    if state is None:
        return door(listener_of(Settings()))
    if state["troubles"]:
        said = ", ".join(TROUBLES.get(each, each) for each in state["troubles"])
        return bad(
            "laufender-hub",
            f"Der Hub läuft und ist nicht bereit: {said}.",
            "Die anderen Befunde sagen, was zu tun ist; sonst die Meldungen des Hubs ansehen.",
        )
    if state.get("witnesses"):
        return hint(
            "laufender-hub",
            f"Der Hub läuft und ist bereit. Zeugen: {named(state['witnesses'])}.",
            "Den Betreiber des Zeugen anrufen; angenommen wird weiter.",
        )
    return good("laufender-hub", "Der Hub läuft und ist bereit.")
