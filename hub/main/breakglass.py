# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about the way in for emergencies: ``break-glass open``, ``review``, ``list``."""

import asyncio
import time
from typing import Annotated, Any, Final

import typer

from hub import clock
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.notifying import channels_of
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, err, fail, refusal_text, show
from hub.notify.alarm import alarm
from hub.settings import Settings
from hub.store.emergencies import StoredEmergency, read_emergencies
from hub.store.engine import open_database
from hub.telemetry import configure

app = typer.Typer(help="Zugang im Notfall: gemeldet, befristet, geprüft.", no_args_is_help=True)
WHEN: Final = "%d.%m.%Y %H:%M"


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``break-glass``."""
    top.add_typer(app, name="break-glass")


@app.command("open")
def open_(
    person: Annotated[str, typer.Argument(help="Kennung der Person; „people list“ zeigt sie.")],
    reason: Annotated[str, typer.Option(help="Warum es nicht warten kann, in einem Satz.")],
    role: Annotated[str, typer.Option(help="Rolle für vier Stunden.")] = "betrieb",
    organisation: Annotated[str, typer.Option("--for", help="Für welche Stelle.")] = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Lässt eine Person im Notfall ein; binnen 24 Stunden prüft es eine andere."""
    configure(level=Settings().log_level)
    request = {"act": "break-glass", "person": person, "role": role, "reason": reason}
    said = _operate(hub_in(data_dir, database), {**request, "organisation": organisation})
    text = (
        f"Link, gilt einmal und bis {_when(said['until'])} Uhr: {said['link']}\n"
        f"Eingetragen als {said['entry']}. Eine andere Person prüft es bis "
        f"{_when(said['review'])} Uhr:\n"
        f"  meldeweg break-glass review {said['entry']} --by PERSON --verdict berechtigt"
    )
    show(said, as_json, text)
    _ring(said["entry"])


@app.command("review")
def review(
    entry: Annotated[str, typer.Argument(help="Kennung des Eintrags; „list“ zeigt sie.")],
    by: Annotated[str, typer.Option(help="Kennung der Person, die es geprüft hat.")],
    verdict: Annotated[str, typer.Option(help="berechtigt oder unberechtigt.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Hält fest, dass eine zweite Person die Nutzung geprüft hat."""
    request = {"act": "break-glass-review", "entry": entry, "by": by, "verdict": verdict}
    said = _operate(hub_in(data_dir, database), request)
    show(said, as_json, f"Geprüft: {verdict}.")


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet alle Nutzungen und was noch zu prüfen ist."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            known = read_emergencies(connection)
    finally:
        opened.dispose()
    text = "\n".join(map(_line, known)) or "Der Zugang im Notfall wurde nie genutzt."
    show([vars(each) for each in known], as_json, text)


def _ring(entry: str) -> None:
    """Tell whoever watches over the log by mail; without an address, the messages alone say it."""
    chosen = Settings()
    mail = channels_of(chosen, DataDir(chosen.data_dir), keeps_key=False).get("email")
    if mail is None or not chosen.witness_mail:
        err.print("Niemand ist per Mail zu verständigen (MELDEWEG_WITNESS_MAIL); bitte anrufen.")
        return
    said = f"Jemand wurde im Notfall eingelassen. Eintrag {entry}; zu prüfen binnen 24 Stunden."
    asyncio.run(mail.send([alarm(chosen.witness_mail, entry, "Zugang im Notfall", said)]))


def _line(used: StoredEmergency) -> str:
    begun = f"{used.audit_id}  {_when(used.used_at)} von {used.person}"
    if used.reviewed_at is not None:
        return f"{begun}, geprüft {_when(used.reviewed_at)}"
    late = ", ÜBERFÄLLIG" if used.due_at < clock.now() else ""
    return f"{begun}, zu prüfen bis {_when(used.due_at)}{late}"


def _when(second: int) -> str:
    return time.strftime(WHEN, time.localtime(second))


def _operate(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    try:
        return operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
