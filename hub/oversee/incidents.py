# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Incidents of the hub itself: from when it is known, whether it was reported, and how it ended.

Who processes for others tells them without delay, and they have 72 hours (Art. 33 DSGVO). What
happened stands in a report outside; the log holds its digest and the times.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted
from hub.model.ids import DIGEST
from hub.node import Node
from hub.oversee.noting import Note, note
from hub.record import new_id
from hub.store.incidents import StoredIncident, add_incident, put_incident, read_incident

WITHIN: Final = 72 * 3600
"""Seconds from knowing to notifying (Art. 33 Abs. 1 DSGVO)."""
LAW: Final = ("dsgvo-33", "sgb10-83a")


@dataclass(frozen=True)
class Step:
    """What is said of an incident: its id, and the digest of the paper that says it in words."""

    incident: str
    paper: str


def open_own(paper: str, node: Node, connection: Connection) -> StoredIncident:
    """Enter an incident of the hub itself."""
    _check(paper)
    incident_id = new_id()
    event_id = note(_note("opened", Step(incident_id, paper)), node, connection)
    opened = StoredIncident(incident_id, node.hub_id, int(node.clock()), event_id)
    add_incident(connection, opened)
    return opened


def notify(step: Step, node: Node, connection: Connection) -> str:
    """Enter that authority or controllers were told; returns the id of the entry."""
    return _go_on(step, "notified", node, connection)


def close(step: Step, node: Node, connection: Connection) -> str:
    """Enter that an incident is dealt with; returns the id of the entry."""
    return _go_on(step, "closed", node, connection)


def _go_on(step: Step, word: str, node: Node, connection: Connection) -> str:
    _check(step.paper)
    known = read_incident(connection, step.incident)
    if known is None or known.closed_at is not None:
        raise NotFound("No open incident has this id.")
    event_id = note(_note(word, step, known.audit_id), node, connection)
    put_incident(connection, step.incident, **{f"{word}_at": int(node.clock())})
    return event_id


def _note(word: str, step: Step, *ref: str) -> Note:
    about = {"ty": "incident", "id": step.incident, "d": step.paper}
    return Note(f"incident.{word}", about, law=LAW, ref=ref)


def _check(paper: str) -> None:
    if not DIGEST.fullmatch(paper):
        raise NotPermitted("Dazu gehört ein Schreiben.", pointers=("/paper",))
