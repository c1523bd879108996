# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the hub itself holds of people, put right: the name by which it knows somebody.

Contents are none of its: those are put right by whoever wrote them, in a message of its own.
"""

from sqlalchemy import Connection

from hub.enrol.people import check_name
from hub.errors import NotFound
from hub.node import Node
from hub.oversee.noting import Note, check_reason, note
from hub.store.people import read_person, rename_person


def rectify(person: str, name: str, reason: str, node: Node, connection: Connection) -> str:
    """Put somebody's name right, and enter that it was; returns the id of the entry."""
    why, right = check_reason(reason), check_name(name)
    if read_person(connection, person) is None:
        raise NotFound("Nobody has this id.")
    event_id = note(
        Note("data.rectified", {"ty": "role", "id": person}, why, law=("dsgvo-16",)),
        node,
        connection,
    )
    rename_person(connection, person, right)
    return event_id
