# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May this matter go on with that message?

By then it is established who says so, and about which two messages. What is asked here is whether
the law, and the course of things, lets it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.errors import NotPermitted, ProtocolNotAdopted, ReaderKeyStale, StepNotAllowed
from hub.model.ids import organisation_of
from hub.model.json import JsonObject
from hub.model.receipt import FINAL
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.onduty import turn_of
from hub.passed import moving
from hub.protocols.objection import are_apart
from hub.protocols.passing import Way
from hub.store.passing import partner_of
from hub.store.receipts import read_receipts


@dataclass(frozen=True)
class Passing:
    """A statement whose signature holds, with the two messages that it is about."""

    claims: JsonObject
    first: StoredMessage
    second: StoredMessage
    way: Way


def check_goes_on(passing: Passing, node: Node, connection: Connection) -> None:
    """Refuse what the law, or the course of things, does not let go on."""
    first, second, way = passing.first, passing.second, passing.way
    reason = next(_objections(passing, connection), None)
    if reason is not None:
        text, pointer = reason
        basis = node.catalogue.cite(way.bases[0])
        raise StepNotAllowed(text, pointers=(pointer,), basis=basis)
    if not way.leaves:
        return
    for message in moving(first, second.recipient, connection):
        _check_can_follow(message, second.recipient, node)
    _check_reader(passing, node)


def _objections(passing: Passing, connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield what speaks against it, each with the place in the statement."""
    first, second, way = passing.first, passing.second, passing.way
    if first.id != first.conversation:
        yield "Weitergegeben wird, was einen Vorgang eröffnet hat.", "/sub"
    if first.state != "acknowledged" or not _took_note(second.sender, first, connection):
        yield "Erst nimmt ein Mensch davon Kenntnis, dann gibt er weiter.", "/sub"
    if partner_of(connection, first.conversation) != first.recipient:
        yield "Die Mitteilung ist schon weitergegeben.", "/sub"
    if second.accepted_at < first.accepted_at:
        yield "Diese Nachricht ist älter als die, mit der es begann.", "/by/id"
    if second.state in FINAL:
        yield "Diese Nachricht kam nicht an; eine neue beginnt von vorn.", "/by/id"
    is_elsewhere = organisation_of(second.recipient) != organisation_of(first.recipient)
    if way.leaves and not is_elsewhere:
        yield "Das ist dieselbe Stelle; sie gibt nichts an sich selbst weiter.", "/by/id"
    if way.leaves and organisation_of(second.sender) != organisation_of(first.recipient):
        yield "Weiter gibt nur die Stelle, die angeschrieben war.", "/iss"
    if not way.leaves and is_elsewhere:
        yield "Übergeben wird an die Stelle, die angeschrieben war.", "/by/id"
    if way.leaves and not moving(first, second.recipient, connection):
        yield "Dort kommt die Mitteilung her; das ist keine Weitergabe.", "/by/id"


def _took_note(unit: str, first: StoredMessage, connection: Connection) -> bool:
    """Whoever stood in must have acknowledged it itself, and its turn must not be over."""
    if unit == first.recipient:
        return True
    turn = turn_of(first, unit, connection)
    if turn is None or turn.ended_at is not None:
        return False
    receipts = read_receipts(connection, first.id, chain="visible")
    return any((each.word, each.signer) == ("acknowledged", unit) for each in receipts)


def _check_can_follow(message: StoredMessage, to: str, node: Node) -> None:
    """Refuse to put somebody in a place where it could say nothing, and the sender hear nothing."""
    protocol = node.catalogue.get(message.protocol)
    step = protocol.step(message.step) if protocol else None
    if protocol is None or step is None or protocol.unlinked:
        raise NotPermitted("In diesem Verfahren wird nichts verknüpft.", pointers=("/sub",))
    if are_apart(step.recipient, node.directory.roles(to)):
        raise NotPermitted(
            "In diesem Verfahren kann die andere Stelle nicht an die Stelle der ersten treten.",
            pointers=("/by/id",),
        )
    if (organisation_of(to), protocol.name, protocol.digest) not in node.directory.adoptions:
        raise ProtocolNotAdopted(
            "Die andere Stelle hat die Fassung des Verfahrens nicht angenommen, in dem die "
            "Mitteilung kam.",
            pointers=("/by/id",),
        )


def _check_reader(passing: Passing, node: Node) -> None:
    """Hold the key of the reporting person against what the sender's entry says of its people."""
    kid = passing.claims.get("reader")
    if kid is None:
        return
    key = node.directory.reading_key(passing.first.sender, str(kid))
    if key is None or key.use != "person":
        raise ReaderKeyStale(pointers=("/reader",))
