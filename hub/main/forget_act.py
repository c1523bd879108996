# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator's acts about one conversation: have it forgotten, and search the log for it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.erase import Forgetting, Wish, begin, finish
from hub.inquire.search import note_search
from hub.node import Node


def told_of(found: Forgetting) -> dict[str, Any]:
    """Return what whoever asked is shown; the conversation's own id is not repeated."""
    return {"key": found.key_id, "messages": list(found.messages), "subject": found.subject}


def _begin(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    wish = Wish(request["conversation"], request["law"], request.get("approval", ""))
    return told_of(begin(wish, node, connection))


def _finish(node: Node, _: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    count = finish(node, connection)
    # Whoever asked for it waits for the second that it takes.
    node.openings.scrub(at_once=True)
    return {"count": count}


def _find(node: Node, request: Mapping[str, str], connection: Connection) -> dict[str, Any]:
    entry = note_search(node, connection, request["conversation"], request["purpose"])
    return {"entry": entry}


FORGETTING: Final[Mapping[str, Callable[[Any, Mapping[str, str], Connection], dict[str, Any]]]] = {
    "forget": _begin,
    "forget-begun": _finish,
    "find": _find,
}
"""By the word of a request."""
