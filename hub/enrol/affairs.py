# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a network writes down about itself: rules of procedure, acceptances, meetings.

Entered by whoever coordinates it. An acceptance names a function and a source and never a person.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from hub.enrol.sessions import SignedIn
from hub.errors import NotFound
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest
from hub.store.network import (
    StoredAcceptance,
    StoredMeeting,
    StoredRules,
    add_acceptance,
    add_meeting,
    add_rules,
    cancel_meeting,
)


@dataclass(frozen=True)
class NewVersion:
    """A version of a document, to be put before the members."""

    document: str
    title: str
    version: str
    published_on: date
    content: str = ""
    link: str = ""


@dataclass(frozen=True)
class NewAcceptance:
    """That an organisation has accepted it, and where that is written."""

    document: str
    version: str
    organisation: str
    accepted_on: date
    function: str
    source: str


@dataclass(frozen=True)
class NewMeeting:
    """A meeting or a training, to which roles are invited; to none means to all."""

    title: str
    kind: str
    place: str
    begins_at: int
    ends_at: int
    invited: tuple[str, ...] = ()


async def publish_rules(network: str, new: NewVersion, by: SignedIn, node: Node) -> None:
    """Enter a version of the rules; refuses one that is there already."""
    stored = StoredRules(
        network=network,
        document=new.document,
        version=new.version,
        title=new.title,
        published_on=new.published_on.isoformat(),
        digest=digest(new.content.encode()) if new.content else None,
        content=new.content or None,
        link=new.link or None,
        entered_at=int(node.clock()),
        entered_by=by.person,
    )
    await node.writer.commit(lambda connection: add_rules(connection, stored))


async def record_acceptance(network: str, new: NewAcceptance, by: SignedIn, node: Node) -> None:
    """Enter that an organisation has accepted a version; refuses to enter it twice."""
    stored = StoredAcceptance(
        network=network,
        document=new.document,
        version=new.version,
        organisation=new.organisation,
        accepted_on=new.accepted_on.isoformat(),
        function=new.function,
        source=new.source,
        entered_at=int(node.clock()),
        entered_by=by.person,
    )
    await node.writer.commit(lambda connection: add_acceptance(connection, stored))


async def call_meeting(network: str, new: NewMeeting, by: SignedIn, node: Node) -> str:
    """Enter a meeting; returns its id."""
    stored = StoredMeeting(
        id=new_id(),
        network=network,
        title=new.title,
        kind=new.kind,
        place=new.place,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        invited=",".join(new.invited),
        sequence=0,
        cancelled_at=None,
        entered_at=int(node.clock()),
        entered_by=by.person,
    )
    await node.writer.commit(lambda connection: add_meeting(connection, stored))
    return stored.id


async def call_off(network: str, meeting: str, node: Node) -> None:
    """Enter that a meeting is not held."""

    def work(connection: Connection) -> None:
        if not cancel_meeting(connection, network, meeting, int(node.clock())):
            raise NotFound

    await node.writer.commit(work)
