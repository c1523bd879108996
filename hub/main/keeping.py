# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator's acts about what stays and what goes, and that a proof of it is handed out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Connection

from hub.clock import BERLIN
from hub.errors import NotPermitted
from hub.hold import Ended, Wanted, place, release
from hub.inquire.deletion import note_issued
from hub.model.hold import Held
from hub.node import Node
from hub.prune import Wish, order


def end_of(day: str) -> datetime | None:
    """Return the instant with which a day ends here; None of no day."""
    if not day:
        return None
    after = datetime.fromisoformat(day).date() + timedelta(days=1)
    return datetime.combine(after, time.min, BERLIN).astimezone(UTC)


def _prune(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    wish = Wish(end_of(request.get("until", "")), request.get("approval", ""))
    return {**vars(order(wish, node, connection)), "least": node.policy.least}


def _hold(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    ty: Any = request["ty"]
    if ty not in get_args(Held):
        raise NotPermitted("There is no such thing to hold.")
    first, _, last = request["subject"].partition("-")
    wanted = Wanted(ty, request["subject"])
    if ty == "entries":
        wanted = Wanted(ty, first=int(first), last=int(last or first))
    return vars(place(wanted, request["law"], request["reason"], node, connection))


def _unhold(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    ended = Ended(request["hold"], request["reason"], request.get("approval", ""))
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
