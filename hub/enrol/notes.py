# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the log is told of joining."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.node import Node
from hub.record import new_id


@dataclass(frozen=True)
class Subject:
    """What an entry of the log is about: an organisation and a document it signed."""

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
