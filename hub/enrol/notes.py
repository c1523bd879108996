# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the log is told of joining."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.model.ids import organisation_of
from hub.node import Node
from hub.record import new_id


@dataclass(frozen=True)
class Subject:
    """What an entry of the log is about: an organisation or unit, and what it signed."""

    organisation: str
    digest: str
    protocol: str = ""


def note(kind: str, about: Subject, node: Node, connection: Connection) -> str:
    """Enter that an organisation joined, changed or adopted; returns the id of the entry."""
    event_id = new_id()
    node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=event_id,
            at=node.clock(),
            act={"org": about.organisation, "auth": "root"},
            obj={
                "ty": "organisation",
                "id": about.organisation,
                "d": about.digest,
                "ct": about.protocol,
            },
        ),
    )
    return event_id


def note_key(kind: str, kid: str, about: Subject, node: Node, connection: Connection) -> None:
    """Enter what became of a key, by the document that says so."""
    node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=new_id(),
            at=node.clock(),
            act={"org": about.organisation, "auth": "root"},
            obj={"ty": "key", "id": kid, "d": about.digest},
        ),
    )


def note_roster(about: Subject, changed_by: str, node: Node, connection: Connection) -> None:
    """Enter that the duty of a unit changed: what it says now, and the entry that says so."""
    node.log.append(
        connection,
        Draft(
            kind="roster.changed",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": organisation_of(about.organisation), "auth": "root"},
            obj={"ty": "roster", "id": about.organisation, "d": about.digest},
            ref=(changed_by,),
        ),
    )
