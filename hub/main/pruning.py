# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit prune``: what is old enough is ordered to go; and what ``doctor`` says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, func, select

from hub import clock
from hub.audit import tables
from hub.audit.approvers import read_approvers
from hub.audit.orders import read_due
from hub.audit.prune import Range
from hub.audit.words import KEPT
from hub.errors import Failure, Refusal
from hub.main.approving import Approval, read_approval
from hub.main.betrieb import operate
from hub.main.finding import Finding, good, hint
from hub.main.folder import DataDir
from hub.main.keeping import end_of
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, failure_text, refusal_text, show
from hub.prune import find_due
from hub.settings import Settings
from hub.store.engine import open_database

Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Bis zu diesem Tag; sonst alles Fällige."),
]


def prune(
    until: Until = None,
    approval: Approval = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was ginge.")] = False,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Ordnet an, dass die Inhalte alter Einträge gehen; das geschieht erst vor Zeugen."""
    data = hub_in(data_dir, database)
    day = "" if until is None else until.date().isoformat()
    try:
        said = _shown(data, day) if dry_run else _ordered(data, day, read_approval(approval))
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    show(said, as_json, _text(said, dry_run=dry_run))


def looked_at(connection: Connection) -> Finding:
    """Look whether something should have gone by now."""
    found = find_due(connection, datetime.fromtimestamp(clock.now(), UTC))
    if found is not None and read_approvers(connection):
        return hint(
            "protokoll-loeschung",
            f"{found.count} Einträge sind älter als das Folgejahr; zu löschen fehlt eine Freigabe.",
            f"„meldeweg audit approve --act prune --subject {found.digest}“, dann „audit prune“.",
        )
    if waiting := len(read_due(connection)):
        return hint(
            "protokoll-loeschung",
            f"Angeordnet und noch nicht fertig sind {waiting} Löschungen im Protokoll.",
            "Sie warten auf die Zeugen oder laufen; bleibt es so, die Zeugen ansehen.",
        )
    return good("protokoll-loeschung", "Im Protokoll liegt nichts, was schon gehen müsste.")


def _ordered(data: DataDir, until: str, approval: str) -> dict[str, Any]:
    request = {"act": "prune", "until": until, "approval": approval}
    said = operate(data, Settings().public_url, request)
    return {**said, "count": said["last"] - said["first"] + 1}


def _shown(data: DataDir, until: str) -> dict[str, Any]:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            at = datetime.fromtimestamp(clock.now(), UTC)
            found = find_due(connection, at, end_of(until))
            if found is None:
                return {"count": 0}
            return {**vars(found), "count": found.count, "bodies": _bodies(found, connection)}
    finally:
        opened.dispose()


def _bodies(found: Range, connection: Connection) -> int:
    """Count what would go, were nothing held."""
    leaf, event = tables.audit_leaf.c, tables.audit_event.c
    query = (
        select(func.count())
        .select_from(tables.audit_leaf)
        .join(tables.audit_event, event.id == leaf.event_id)
        .where(leaf.idx.between(found.first, found.last), event.kind.not_in(KEPT))
    )
    return int(connection.execute(query).scalar_one())


def _text(said: Mapping[str, Any], *, dry_run: bool) -> str:
    if not said["count"]:
        return "Es gibt nichts, was gehen dürfte und nicht schon angeordnet ist."
    entries = f"Einträge {said['first']} bis {said['last']} ({said['count']})"
    if dry_run:
        return (
            f"Würde angeordnet: {entries}; davon gingen {said['bodies']} Inhalte.\n"
            f"Für die Freigabe: --act prune --subject {said['digest']}"
        )
    seen = f"{said['least']} Zeugen" if said["least"] else "niemand sonst (es gibt keine Zeugen)"
    return f"Angeordnet: {entries}. Die Inhalte gehen, sobald {seen} die Anordnung gesehen hat."
