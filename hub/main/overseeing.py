# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can the operator do with the hub itself? Each act runs in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.enrol.people import Role
from hub.node import Node
from hub.oversee import breakglass, incidents
from hub.oversee.backups import Backup, note_backup
from hub.oversee.identity import Asked, resolve
from hub.oversee.rectifying import rectify
from hub.oversee.sampling import announce

Answer = dict[str, Any]
Request = Mapping[str, str]
Act = Callable[[Node, Request, Connection], Answer]


def _let_in(node: Node, request: Request, connection: Connection) -> Answer:
    role = Role(request["role"], request.get("organisation", ""))
    made = breakglass.let_in(request["person"], role, request["reason"], node, connection)
    link = f"{node.public_url}/anmeldung/einmal?code={made.code.code}"
    until = made.code.expires_at
    return {"link": link, "until": until, "entry": made.entry, "review": made.due_at}


def _review(node: Node, request: Request, connection: Connection) -> Answer:
    entry, verdict = request["entry"], request["verdict"]
    breakglass.review(entry, request["by"], verdict, node, connection)
    return {"entry": entry, "verdict": verdict}


def _resolve(node: Node, request: Request, connection: Connection) -> Answer:
    asked = Asked(*(request[name] for name in ("person", "by", "second", "reason")))
    return {"person": asked.person, "name": resolve(asked, node, connection)}


def _rectify(node: Node, request: Request, connection: Connection) -> Answer:
    person = request["person"]
    rectify(person, request["name"], request["reason"], node, connection)
    return {"person": person}


def _open_incident(node: Node, request: Request, connection: Connection) -> Answer:
    opened = incidents.open_own(request["paper"], node, connection)
    return {"incident": opened.id, "until": opened.opened_at + incidents.WITHIN}


def _notify_incident(node: Node, request: Request, connection: Connection) -> Answer:
    return {
        "incident": request["incident"],
        "entry": incidents.notify(*_said(node, request, connection)),
    }


def _close_incident(node: Node, request: Request, connection: Connection) -> Answer:
    return {
        "incident": request["incident"],
        "entry": incidents.close(*_said(node, request, connection)),
    }


def _said(
    node: Node, request: Request, connection: Connection
) -> tuple[incidents.Step, Node, Connection]:
    return incidents.Step(request["incident"], request["paper"]), node, connection


def _backup(node: Node, request: Request, connection: Connection) -> Answer:
    backup = Backup(request["id"], request["digest"], int(request["size"]))
    return {"id": backup.id, "entry": note_backup(backup, node, connection)}


def _sample(node: Node, request: Request, connection: Connection) -> Answer:
    entry = announce(int(request["count"]), request.get("kind", ""), node, connection)
    return {"entry": entry, "count": int(request["count"]), "kind": request.get("kind", "")}


OVERSEEING: Final[Mapping[str, Act]] = {
    "break-glass": _let_in,
    "break-glass-review": _review,
    "people-resolve": _resolve,
    "people-rename": _rectify,
    "incident-open": _open_incident,
    "incident-notify": _notify_incident,
    "incident-close": _close_incident,
    "backup": _backup,
    "sample": _sample,
}
"""By the word of a request."""
