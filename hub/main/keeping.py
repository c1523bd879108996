# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator's acts about what stays and what goes, and that a proof of it is handed out."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Connection

from hub.audit.prune import Range
from hub.clock import BERLIN
from hub.errors import NotPermitted
from hub.hold import Ended, Wanted, hashed, place, release
from hub.inquire.deletion import note_issued
from hub.model.hold import Held
from hub.node import Node
from hub.prune import Wish, find_due, order
from hub.store.holds import read_hold


def end_of(day: str) -> datetime | None:
    """Return the instant with which a day ends here; None of no day."""
    if not day:
        return None
    after = datetime.fromisoformat(day).date() + timedelta(days=1)
    return datetime.combine(after, time.min, BERLIN).astimezone(UTC)


def _prune(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    found = Range(**json.loads(request["found"])) if request.get("found") else None
    wish = Wish(end_of(request.get("until", "")), request.get("approval", ""), found)
    return {**vars(order(wish, node, connection)), "least": node.policy.least}


def _look_prune(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, str]:
    at = datetime.fromtimestamp(node.clock(), UTC)
    found = find_due(connection, at, end_of(request.get("until", "")))
    return {"found": "" if found is None else json.dumps(vars(found))}


def _wanted(request: Mapping[str, str]) -> Wanted:
    ty: Any = request["ty"]
    if ty not in get_args(Held):
        raise NotPermitted("There is no such thing to hold.")
    first, _, last = request["subject"].partition("-")
    if ty != "entries":
        return Wanted(ty, request["subject"])
    digest = request.get("found", "")
    return Wanted(ty, first=int(first), last=int(last or first), digest=digest)


def _look_hold(_: Node, request: Mapping[str, str], connection: Connection) -> dict[str, str]:
    return {"found": hashed(_wanted({**request, "found": ""}), connection).digest}


def _hold(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    wanted = _wanted(request)
    return vars(place(wanted, request["law"], request["reason"], node, connection))


def _look_unhold(_: Node, request: Mapping[str, str], connection: Connection) -> dict[str, str]:
    held = read_hold(connection, request["hold"])
    wanted = Wanted(held.ty, held.subject, held.first, held.last) if held else Wanted("entries")
    return {"found": hashed(wanted, connection).digest}


def _unhold(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    approval, digest = request.get("approval", ""), request.get("found", "")
    ended = Ended(request["hold"], request["reason"], approval, digest)
    return vars(release(ended, node, connection))


def _issue(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    entry = note_issued(request["digest"], int(request["count"]), node, connection)
    return {"entry": entry}


KEEPING: Final[Mapping[str, Callable[[Node, Mapping[str, str], Connection], dict[str, Any]]]] = {
    "prune": _prune,
    "hold": _hold,
    "unhold": _unhold,
    "issue-deletion": _issue,
}
"""By the word of a request."""
LOOKS: Final[Mapping[str, Callable[[Node, Mapping[str, str], Connection], dict[str, str]]]] = {
    "prune": _look_prune,
    "hold": _look_hold,
    "unhold": _look_unhold,
}
"""What a reader finds out before the writer's turn, added to the request: ranges are long."""
