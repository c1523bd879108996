# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the operator do before the log leaves the house? Have it entered."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.audit.stamps import Stamp, add_stamp
from hub.audit.tree import read_checkpoint_behind
from hub.inquire.export import Wish, begin_export
from hub.node import Node

Answer = dict[str, Any]
Request = Mapping[str, str]


def _begin(node: Node, request: Request, connection: Connection) -> Answer:
    wish = Wish(
        purpose=request["purpose"],
        with_entries=request.get("entries") == "yes",
        is_newest=request.get("newest") == "yes",
    )
    begun = begin_export(wish, node, connection)
    return {
        "entry": begun.entry,
        "hub": node.hub_id,
        "origin": begun.checkpoint.origin,
        "size": begun.checkpoint.size,
        "root": begun.checkpoint.root.hex(),
        "note": begun.note,
        "witnessed": begun.is_witnessed,
        "vkey": node.log.vkey,
        "policy": node.policy.text if node.policy.least else "",
    }


def _keep_stamp(_: Node, request: Request, connection: Connection) -> Answer:
    size = int(request["size"])
    note = read_checkpoint_behind(connection, size - 1, size)[1]
    token = b64decode(request["token"], validate=True)
    stamp = Stamp(size, note, request["authority"], int(request["at"]), token)
    return {"size": size, "new": add_stamp(connection, stamp)}


EXPORT: Final[Mapping[str, Callable[[Node, Request, Connection], Answer]]] = {
    "audit-export": _begin,
    "audit-stamp": _keep_stamp,
}
"""By the word of a request."""
