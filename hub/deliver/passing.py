# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Passing on: whoever was addressed says that a matter goes on with another message.

The hub sees two sealed messages and would not know that they are about the same. So the first
office says it, signed (§ 8a Abs. 6 SGB VIII); what follows from it follows once somebody else has
taken over (``hub.passed``).
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.deliver.onward import Passing, check_goes_on
from hub.errors import (
    EnvelopeInvalid,
    HubMismatch,
    IdMismatch,
    IdReused,
    IssuedOutsideWindow,
    NotFound,
    Refusal,
    SenderMismatch,
    StepNotAllowed,
)
from hub.keyed import key_of
from hub.model.evidence import AuthenticatedClient
from hub.model.json import JsonObject
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.onduty import turn_of
from hub.passed import go_on
from hub.protocols.passing import way_of
from hub.record import Answer, new_id, proven_answer, raised, refusable
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest
from hub.store.messages import read_message
from hub.store.passing import StoredPassing, add_passing, passings_of
from hub.trust.jose import verify_token
from hub.trust.kinds import PASSING

CLOCKS: Final = 60
"""Seconds that the clocks of a unit and of the hub may differ."""


@dataclass(frozen=True)
class Stated:
    """A statement as it came: who passes on which message, and the bytes."""

    client: AuthenticatedClient
    message_id: str
    jws: str


@dataclass(frozen=True)
class _Entered:
    """The entry of a statement, and whether this request made it."""

    audit_id: str
    is_new: bool


async def state_passing(stated: Stated, node: Node) -> Answer:
    """Enter that a message goes on with another one; returns the entry with its proof.

    The same statement again gives the same answer. Raises ``NotFound`` for messages of others,
    and otherwise says what of it does not hold, with the place in the statement.
    """

    def work(connection: Connection) -> _Entered | Refusal:
        enter = partial(_enter, stated, node, connection)
        return refusable(node, connection, stated.client, enter)

    def answer(connection: Connection, entered: _Entered | Refusal) -> Answer | Refusal:
        if isinstance(entered, Refusal):
            return entered
        return Answer(proven_answer(node, connection, entered.audit_id).body, entered.is_new)

    return raised(await node.writer.commit(work, answer))


def _enter(stated: Stated, node: Node, connection: Connection) -> _Entered:
    unit = stated.client.unit
    first = read_message(connection, stated.message_id)
    if first is None or (unit != first.recipient and turn_of(first, unit, connection) is None):
        raise NotFound
    for known in passings_of(connection, first.id):
        if known.jws == stated.jws:
            return _Entered(known.audit_id, is_new=False)
    passing = _established(_verified(stated, first, node), first, stated, connection)
    check_goes_on(passing, node, connection)
    return _Entered(_add(passing, stated, node, connection), is_new=True)


def _verified(stated: Stated, first: StoredMessage, node: Node) -> JsonObject:
    """Return the claims of a statement that the caller signed about this message."""
    unit, now = stated.client.unit, int(node.clock())
    claims = verify_token(
        stated.jws,
        kind=PASSING,
        key_for=lambda token: node.directory.trusted_signing_key(unit, token.kid),
    )
    if claims["iss"] != unit:
        raise SenderMismatch(pointers=("/iss",))
    if claims["hub"] != node.hub_id:
        raise HubMismatch(pointers=("/hub",))
    if claims["sub"] != first.id:
        raise IdMismatch(pointers=("/sub",))
    if claims["env"] != env_digest(first.env):
        raise EnvelopeInvalid("Das ist nicht die Mitteilung, um die es geht.", pointers=("/env",))
    if not first.accepted_at - CLOCKS <= _second(claims) <= now + CLOCKS:
        raise IssuedOutsideWindow(pointers=("/iat",))
    return claims


def _second(claims: JsonObject) -> int:
    second = claims["iat"]
    assert isinstance(second, int)  # noqa: S101  the kind has established it
    return second


def _established(
    claims: JsonObject, first: StoredMessage, stated: Stated, connection: Connection
) -> Passing:
    """Find the message with which the matter goes on, and hold it against the statement."""
    by = claims["by"]
    assert isinstance(by, dict)  # noqa: S101  as above
    second = read_message(connection, str(by["id"]))
    # One answer for none and for another's: who talks with whom is itself confidential.
    if second is None or second.sender != stated.client.unit:
        raise EnvelopeInvalid(
            "Diese Stelle hat keine solche Nachricht gesendet.", pointers=("/by/id",)
        )
    if by["env"] != env_digest(second.env):
        raise EnvelopeInvalid("Die Prüfsumme ist die einer anderen.", pointers=("/by/env",))
    if any(each.by_message == second.id for each in passings_of(connection, first.id)):
        raise IdReused("Das ist mit einer anderen Erklärung schon gesagt.", pointers=("/jti",))
    way = way_of(second.protocol)
    if way is None or second.id != second.conversation:
        raise StepNotAllowed(
            "Weitergegeben wird mit einer Mitteilung nach § 8a Abs. 6 SGB VIII, übergeben mit "
            "einer Übergabe des Krisendienstes, die einen Vorgang eröffnet.",
            pointers=("/by/id",),
        )
    return Passing(claims, first, second, way)


def _add(passing: Passing, stated: Stated, node: Node, connection: Connection) -> str:
    first, second, way = passing.first, passing.second, passing.way
    event_id = new_id()
    node.log.append(
        connection,
        Draft(
            kind="message.passing",
            entry_id=event_id,
            at=node.clock(),
            act={"org": stated.client.unit},
            rcp=(second.recipient,),
            obj={
                "ty": "message",
                "id": first.id,
                "d": digest(stated.jws),
                "ct": f"{first.protocol}/{first.step}",
            },
            law=way.bases,
            rule=second.protocol,
            ref=(second.id,),
            conversations=tuple(
                key_of(node, connection, each.conversation) for each in (first, second)
            ),
        ),
    )
    add_passing(connection, StoredPassing(first.id, second.id, stated.jws, event_id))
    go_on(first, second, way, node, connection)
    return event_id
