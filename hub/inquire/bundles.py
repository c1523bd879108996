# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may read entries, and what for? The operator's data protection officer, and the supervisor.

Each reading says a purpose (§ 76 Abs. 3 BDSG) and stands in the log before the bytes leave; where
that cannot be written, nothing leaves.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.audit.tile import Tile, parse_path
from hub.audit.words import PURPOSES
from hub.errors import ContentErased, NotFound, NotPermitted
from hub.node import Node
from hub.record import new_id

LAW: Final = "bdsg-76-3"
READERS: Final = ("datenschutz", "aufsicht")


@dataclass(frozen=True)
class Reader:
    """Somebody signed in, as the log will know them."""

    organisation: str
    role: str
    pid: str
    auth: str


@dataclass(frozen=True)
class Reading:
    """Somebody wants the entries beneath a path, for a purpose."""

    who: Reader
    path: str
    purpose: str


async def bundle(reading: Reading, node: Node) -> bytes:
    """Return the bytes of an entry bundle (C2SP tlog-tiles), after the entry that says who read it.

    Raises ``ContentErased`` where entries in it are pruned.
    """
    _check_reader(reading, node)
    tile = parse_path(reading.path)
    if tile is None:
        raise NotFound

    def look(connection: Connection) -> bytes:
        if tile.start + tile.width > node.log.size:
            raise NotFound
        found = node.log.tree.tile(connection, tile)
        if found is None:
            raise ContentErased
        return found

    found = await node.readers.run(look)
    await node.writer.commit(lambda connection: _note(reading, tile, node, connection))
    return found


def may_read(who: Reader, node: Node) -> bool:
    """Tell whether somebody signed in has a role in which entries are read.

    The officer is the operator's own: one of a participant reads at home.
    """
    is_own = who.role == "datenschutz" and who.organisation == node.hub_id
    return is_own or who.role == "aufsicht"


def _check_reader(reading: Reading, node: Node) -> None:
    if not may_read(reading.who, node):
        raise NotPermitted("Entries are read in another role.", allowed=READERS)
    if reading.purpose not in PURPOSES:
        raise NotPermitted("The log is read for one of these purposes.", allowed=PURPOSES)


def _note(reading: Reading, tile: Tile, node: Node, connection: Connection) -> None:
    who = reading.who
    node.log.append(
        connection,
        Draft(
            kind="log.read",
            entry_id=new_id(),
            at=node.clock(),
            act={
                "org": who.organisation,
                "role": who.role,
                "pid": who.pid,
                "auth": who.auth,
            },
            obj={"ty": "log", "n": tile.width},
            law=(LAW,),
            why=reading.purpose,
            said={"query": reading.path},
        ),
    )
