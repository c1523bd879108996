# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log leaves the house: entered before the first byte does, and of a size that is fixed then.

Whoever compares two exports finds in the later one that there was an earlier, of what and why.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import Draft
from hub.audit.tree import read_checkpoint_behind
from hub.audit.witnessed import read_cosigned, read_witnessed
from hub.audit.words import PURPOSES
from hub.errors import NotFound, NotPermitted
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest

LAW: Final = "bdsg-76-3"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take along, and what for."""

    purpose: str
    with_entries: bool = True
    is_newest: bool = False
    """Take what no quorum of witnesses has seen yet, too."""


@dataclass(frozen=True)
class Begun:
    """An export that may be written now."""

    entry: str
    """Id of the entry that says so."""
    checkpoint: Checkpoint
    note: str
    """With the lines that witnesses have put beneath it."""
    is_witnessed: bool


def begin_export(wish: Wish, node: Node, connection: Connection) -> Begun:
    """Enter that the log is taken along, up to the newest checkpoint that the policy is met by.

    Raises ``NotPermitted`` for a purpose that the law does not name.
    """
    if wish.purpose not in PURPOSES:
        raise NotPermitted("The log is read for one of these purposes.", allowed=PURPOSES)
    met = None if wish.is_newest else read_witnessed(connection, node.policy)
    chosen = met or read_cosigned(connection)
    if chosen is None:
        raise NotFound
    checkpoint, note = chosen
    stored = read_checkpoint_behind(connection, checkpoint.size - 1, checkpoint.size)[1]
    entry = new_id()
    node.log.append(
        connection,
        Draft(
            kind="log.exported",
            entry_id=entry,
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb"},
            obj={"ty": "log", "d": digest(stored.encode()), "n": checkpoint.size},
            law=(LAW,),
            why=wish.purpose,
            said={"query": "tile, entries" if wish.with_entries else "tile"},
        ),
    )
    return Begun(entry, checkpoint, note, met is not None and bool(node.policy.least))
