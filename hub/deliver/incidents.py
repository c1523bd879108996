# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""That a message came to the wrong office, as one of its two parties says.

The hub enters that a draft of an incident exists, by its digest, and both organisations with it.
What the draft says, and whether anybody reports it, is theirs; the hub never sees it.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import NotFound, Refusal
from hub.keyed import key_of
from hub.model.evidence import AuthenticatedClient
from hub.node import Node
from hub.record import Answer, new_id, proven_answer, raised, refusable
from hub.store.messages import read_message


@dataclass(frozen=True)
class Reported:
    """Who says so, about which message, and the draft that it has made of it."""

    client: AuthenticatedClient
    message_id: str
    incident_id: str
    draft: str
    """Digest."""


async def open_incident(reported: Reported, node: Node) -> Answer:
    """Enter that a party has made a draft of an incident; returns the entry with its proof.

    Said again, it is entered again, about the same incident. Raises ``NotFound`` for messages of
    others.
    """

    def work(connection: Connection) -> str | Refusal:
        enter = partial(_enter, reported, node, connection)
        return refusable(node, connection, reported.client, enter)

    def answer(connection: Connection, entered: str | Refusal) -> Answer | Refusal:
        return proven_answer(node, connection, entered) if isinstance(entered, str) else entered

    return raised(await node.writer.commit(work, answer))


def _enter(reported: Reported, node: Node, connection: Connection) -> str:
    message = read_message(connection, reported.message_id)
    if message is None or reported.client.unit not in {message.sender, message.recipient}:
        raise NotFound
    event_id = new_id()
    node.log.append(
        connection,
        Draft(
            kind="incident.opened",
            entry_id=event_id,
            at=node.clock(),
            act={"org": reported.client.unit, "auth": "dpop"},
            rcp=(message.sender, message.recipient),
            obj={
                "ty": "incident",
                "id": reported.incident_id,
                "d": reported.draft,
                "ct": f"{message.protocol}/{message.step}",
            },
            law=("dsgvo-33", "sgb10-83a"),
            ref=(message.id,),
            conversations=(key_of(node, connection, message.conversation),),
        ),
    )
    return event_id
