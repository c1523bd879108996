# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way in for emergencies: where nobody with the right passkey is there.

Whoever has the machine in hand lets somebody in, for hours and with a reason. It is entered before
the link is shown, it rings, and within a day somebody else says whether it was right. What the log
then lacks, ``doctor`` says until it is there.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.enrol.people import Code, Role, grant_role, make_code
from hub.errors import NotFound, NotPermitted
from hub.node import Node
from hub.oversee.noting import Note, check_reason, note
from hub.store.emergencies import (
    StoredEmergency,
    add_emergency,
    end_emergency,
    read_emergencies,
    read_emergency,
)
from hub.store.people import read_person

REVIEW_WITHIN: Final = 24 * 3600
"""Seconds until somebody else has to have looked at it (Vorgabe des Projekts)."""
LASTS: Final = 4 * 3600
"""Seconds that the role is held for."""
VERDICTS: Final = ("berechtigt", "unberechtigt")
_log: Final = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class LetIn:
    """Somebody was let in: the link's code, and the entry to be reviewed."""

    code: Code
    entry: str
    due_at: int


def let_in(person: str, role: Role, reason: str, node: Node, connection: Connection) -> LetIn:
    """Give somebody a role for some hours and a way in at once; rings."""
    now, why = int(node.clock()), check_reason(reason)
    if read_person(connection, person) is None:
        raise NotFound("Nobody has this id.")
    event_id = note(
        Note("breakglass.used", {"ty": "role", "id": person}, why, rule=role.name),
        node,
        connection,
    )
    grant_role(person, Role(role.name, role.organisation, now + LASTS), node, connection)
    add_emergency(connection, StoredEmergency(event_id, person, now, due_at := now + REVIEW_WITHIN))
    _log.critical("breakglass.used", entry=event_id)
    return LetIn(make_code(person, node, connection), event_id, due_at)


def review(entry: str, by: str, verdict: str, node: Node, connection: Connection) -> str:
    """Enter that a second person has looked at a use, and what they found."""
    used = read_emergency(connection, entry)
    if used is None or used.reviewed_at is not None:
        raise NotFound("Nothing of this id waits to be reviewed.")
    if verdict not in VERDICTS:
        raise NotPermitted("There is no such verdict.", allowed=VERDICTS)
    if by == used.person or read_person(connection, by) is None:
        raise NotPermitted("Das sieht sich eine andere Person an als die, die es genutzt hat.")
    event_id = note(
        Note("breakglass.reviewed", {"ty": "role", "id": by}, rule=verdict, ref=(entry,)),
        node,
        connection,
    )
    end_emergency(connection, entry, int(node.clock()), event_id)
    return event_id


def overdue(connection: Connection, second: int) -> tuple[StoredEmergency, ...]:
    """Return the uses that nobody has looked at in time."""
    return tuple(
        each
        for each in read_emergencies(connection)
        if each.reviewed_at is None and each.due_at < second
    )
