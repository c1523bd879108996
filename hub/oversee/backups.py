# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""That a copy of the database exists: its digest, and how far the log was when it was made.

Whoever finds a copy can hold it against this entry; whoever plays one back is told by it what the
copy cannot know.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.errors import NotPermitted
from hub.model.ids import DIGEST
from hub.node import Node
from hub.oversee.noting import Note, note


@dataclass(frozen=True)
class Backup:
    """A copy by its id, the digest of its bytes and the size of the log in it."""

    id: str
    digest: str
    size: int


def note_backup(backup: Backup, node: Node, connection: Connection) -> str:
    """Enter that a copy was made; returns the id of the entry."""
    if not DIGEST.fullmatch(backup.digest) or not 0 <= backup.size <= node.log.size:
        raise NotPermitted("Das ist keine Sicherung dieses Hubs.", pointers=("/digest", "/size"))
    about: dict[str, str | int] = {
        "ty": "backup",
        "id": backup.id,
        "d": backup.digest,
        "n": backup.size,
    }
    return note(Note("backup.taken", about), node, connection)
