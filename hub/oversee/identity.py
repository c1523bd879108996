# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is it, of whom the log has only an id? Two people ask; it is entered before it is said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hub.clock import BERLIN
from hub.enrol.pseudonyms import person_by_pid
from hub.errors import NotFound, NotPermitted
from hub.model.ids import UUID
from hub.node import Node
from hub.oversee.noting import Note, check_reason, note
from hub.store.people import read_person


@dataclass(frozen=True)
class Asked:
    """Whose name is asked for, by which two people, and why."""

    person: str
    by: str
    second: str
    reason: str


def resolve(asked: Asked, node: Node, connection: Connection) -> str:
    """Enter that two people ask who somebody is; returns the name, which is shown afterwards."""
    why = check_reason(asked.reason)
    found = read_person(connection, _person_of(asked.person, node, connection))
    if found is None:
        raise NotFound("Nobody has this id.")
    if len({asked.by, asked.second}) == 1:
        raise NotPermitted("Das braucht zwei verschiedene Personen.", pointers=("/second",))
    if None in {read_person(connection, each) for each in (asked.by, asked.second)}:
        raise NotPermitted("Wer fragt, ist hier nicht bekannt.", pointers=("/by", "/second"))
    note(
        Note(
            "identity.resolved",
            {"ty": "pseudonym", "id": found.id},
            why,
            law=("bdsg-76-3",),
            ref=(asked.by, asked.second),
        ),
        node,
        connection,
    )
    return found.name


def _person_of(said: str, node: Node, connection: Connection) -> str:
    """Return the person behind a pseudonym of this year or the last; an id stands for itself."""
    if UUID.fullmatch(said):
        return said
    year = datetime.fromtimestamp(node.clock(), BERLIN).year
    return person_by_pid(connection, node.hub_id, said, (year, year - 1)) or ""
