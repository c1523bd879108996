# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit erase`` and ``audit find``: what the log has of a conversation, and its end."""

from typing import Annotated, Any, Final

import typer

from hub.audit.openings.store import NoSuchKey, Openings
from hub.audit.words import PURPOSES
from hub.erase import Forgetting, look
from hub.errors import Failure, Refusal
from hub.inquire.search import Search, search
from hub.main.approving import Approval, read_approval
from hub.main.betrieb import operate
from hub.main.catalogue import known
from hub.main.folder import DataDir
from hub.main.forget_act import told_of
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, failure_text, refusal_text, show
from hub.settings import Settings
from hub.store.engine import open_database

Conversation = Annotated[str, typer.Option("--conversation", help="Kennung der Konversation.")]
_NONE: Final = "Eine solche Konversation gibt es nicht (mehr)."


def erase(
    conversation: Conversation,
    law: Annotated[str, typer.Option(help="Rechtsgrundlage, etwa dsgvo-17.")],
    approval: Approval = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was ginge.")] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Vergisst eine Konversation: Schlüssel und Umschläge gehen, Quittungen und Beweise bleiben."""
    data = hub_in(data_dir, database)
    try:
        if dry_run:
            said = told_of(_looked(data, conversation))
        else:
            request = {"act": "forget", "conversation": conversation, "law": law}
            said = _operated(data, {**request, "approval": read_approval(approval)})
            _operated(data, {"act": "forget-begun"})
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    done = "Würde vergessen" if dry_run else "Vergessen"
    text = f"{done}: {len(said['messages'])} Nachrichten, Schlüssel {said['key']}."
    show(said, as_json, f"{text}\nFreizugeben ist: --act erase --subject {said['subject']}")


def find(
    conversation: Conversation,
    purpose: Annotated[str, typer.Option(help=f"Wozu: {', '.join(PURPOSES)}.")],
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Das ganze Protokoll durchsehen: beweist, dass nichts fehlt."),
    ] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Zeigt, welche Einträge von einer Konversation handeln; die Suche wird vorher eingetragen."""
    data = hub_in(data_dir, database)
    try:
        _operated(data, {"act": "find", "conversation": conversation, "purpose": purpose})
        found = _searched(data, conversation, whole=whole)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    except NoSuchKey:
        raise fail("Der Schlüssel dieser Konversation ist nicht im Öffnungsspeicher.") from None
    if found is None:
        raise fail(_NONE)
    show(_listed(found), as_json, _lines(found))
    if found.unlisted or found.untagged:
        raise typer.Exit(1)


def _operated(data: DataDir, request: dict[str, str]) -> dict[str, Any]:
    return operate(data, Settings().public_url, request)


def _looked(data: DataDir, conversation: str) -> Forgetting:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            return look(conversation, known(), connection)
    finally:
        opened.dispose()


def _searched(data: DataDir, conversation: str, *, whole: bool) -> Search | None:
    opened, openings = open_database(data.place), Openings(data.openings)
    try:
        with opened.reading.connect() as connection:
            return search(conversation, openings, connection, whole=whole)
    finally:
        openings.close()
        opened.dispose()


def _listed(found: Search) -> dict[str, Any]:
    indexes = sorted({*found.indexed.values(), *found.unlisted})
    return {
        "entries": indexes,
        "whole": found.tagged is not None,
        "unlisted": list(found.unlisted),
        "untagged": list(found.untagged),
    }


def _lines(found: Search) -> str:
    said = _listed(found)
    lines = [f"Einträge: {', '.join(map(str, said['entries']))}"]
    if found.tagged is None:
        lines.append("Nach dem Verzeichnis; „--whole“ beweist, dass keiner fehlt.")
    elif not (found.unlisted or found.untagged):
        lines.append("Das ganze Protokoll ist durchgesehen: Es fehlt keiner.")
    lines += [f"Nr. {each} trägt die Marke und fehlt im Verzeichnis." for each in found.unlisted]
    lines += [f"Nr. {each} trägt die Marke nicht (mehr)." for each in found.untagged]
    return "\n".join(lines)
