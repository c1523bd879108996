# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit hold``: what must not be erased although its time has come."""

import re
from typing import Annotated, Any

import typer

from hub.audit.tree import read_index
from hub.errors import Failure, Refusal
from hub.main.approving import Approval, read_approval
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, failure_text, refusal_text, show
from hub.model.hold import Hold
from hub.settings import Settings
from hub.store.engine import open_database
from hub.store.holds import read_holds

app = typer.Typer(help="Sperren: was nicht gelöscht werden darf.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="Warum, in einem Satz; steht nicht im Protokoll.")]
NOT_ONE = "Zu nennen ist genau eines: „--conversation“, „--message“ oder „--entries“."


@app.command("place")
def place(
    law: Annotated[str, typer.Option(help="Rechtsgrundlage, etwa dsgvo-18.")],
    reason: Reason,
    conversation: Annotated[str, typer.Option(help="Kennung einer Konversation.")] = "",
    message: Annotated[str, typer.Option(help="Kennung einer Nachricht.")] = "",
    entries: Annotated[str, typer.Option(help="Einträge des Protokolls, etwa 120-340.")] = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Hält eine Konversation, eine Nachricht oder Einträge fest, bis die Sperre aufgehoben wird."""
    given = {"conversation": conversation, "message": message, "entries": entries}
    named = [(ty, subject) for ty, subject in given.items() if subject]
    if len(named) != 1 or (entries and not re.fullmatch(r"\d{1,15}(-\d{1,15})?", entries)):
        raise fail(NOT_ONE)
    request = {"act": "hold", "ty": named[0][0], "subject": named[0][1], "law": law}
    said = _operated(hub_in(data_dir, database), {**request, "reason": reason})
    show(said, as_json, f"Gesperrt; aufheben mit: audit hold release {said['id']}")


@app.command("list")
def list_holds(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Zeigt, was gesperrt ist, mit dem Eintrag im Protokoll."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            found = [
                {**vars(each), "entry": read_index(connection, each.audit_id), "text": _text(each)}
                for each in read_holds(connection)
            ]
    finally:
        opened.dispose()
    lines = [f"{each['text']}, Eintrag Nr. {each['entry']}" for each in found]
    show(found, as_json, "\n".join(lines) or "Es ist nichts gesperrt.")


@app.command("release")
def release(
    hold: Annotated[str, typer.Argument(help="Kennung der Sperre.")],
    reason: Reason,
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Hebt eine Sperre auf; was inzwischen fällig war, geht dann."""
    request = {"act": "unhold", "hold": hold, "reason": reason}
    data = hub_in(data_dir, database)
    said = _operated(data, {**request, "approval": read_approval(approval)})
    show(said, as_json, f"Aufgehoben: {hold}. Was inzwischen fällig war, geht jetzt.")


def _operated(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    try:
        return operate(data, Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None


def _text(held: Hold) -> str:
    what = {
        "conversation": f"Konversation {held.subject}",
        "message": f"Nachricht {held.subject}",
        "entries": f"Einträge {held.first} bis {held.last}",
    }
    return f"{held.id}  {what[held.ty]} nach {held.law}"
