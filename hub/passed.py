# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What changes once somebody else has taken a matter over?

Nothing does before: until a person at the responsible Jugendamt has taken note, the first stays on
duty (§ 86d SGB VIII), and until a named person of the desk takes over, so does who stood in for it.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from hub.announce import announce
from hub.model.contact import Reached
from hub.model.ids import organisation_of
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.onduty import let_desk_have, settle
from hub.owing import look_again
from hub.protocols.objection import stands
from hub.protocols.passing import Way, way_of
from hub.record import say
from hub.store.messages import read_conversation, read_message
from hub.store.passing import move_conversation, partner_of, passings_by, passings_of


def completed_by(message: StoredMessage, node: Node, connection: Connection) -> None:
    """Let go on what goes on with a message that a person has just taken note of.

    ``message`` is as it was before. A second person who takes note of it changes nothing: by then
    the matter may have gone on from there.
    """
    way = way_of(message.protocol)
    if way is None or way.completed_by is not None or message.state == "acknowledged":
        return
    for passing in passings_by(connection, message.id):
        if (first := read_message(connection, passing.message_id)) is not None:
            _pass_on(first, message.recipient, node, connection)


def after_step(message: StoredMessage, node: Node, connection: Connection) -> None:
    """Let go on what goes on with a conversation in which the desk has said that it takes over."""
    way = way_of(message.protocol)
    if way is None or message.step != way.completed_by:
        return
    for passing in passings_by(connection, message.conversation):
        if (first := read_message(connection, passing.message_id)) is not None:
            _hand_over(first, message.recipient, node, connection)


def go_on(
    first: StoredMessage, second: StoredMessage, way: Way, node: Node, connection: Connection
) -> None:
    """Let a matter go on at once where the other was quicker than the word that it does.

    It may even have been passed on from there; then it goes straight to whoever has it now.
    """
    if way.completed_by is None and second.state == "acknowledged":
        now_with = partner_of(connection, second.conversation) or second.recipient
        _pass_on(first, now_with, node, connection)
    elif way.completed_by is not None and _was_said(way.completed_by, second, connection):
        _hand_over(first, second.sender, node, connection)


def moving(first: StoredMessage, to: str, connection: Connection) -> tuple[StoredMessage, ...]:
    """Return the messages whose conversations go on with ``to`` once ``first`` was passed on.

    Beside its own conversation these are all that came to its addressee because of it: who passes
    on again passes on all that it has taken over. A conversation does not go to who began it.
    """
    leaving, waiting = first.recipient, [first.id]
    found: dict[str, StoredMessage] = {}
    while waiting:
        message = read_message(connection, waiting.pop())
        if message is None or message.id in found:
            continue
        if partner_of(connection, message.conversation) == leaving:
            found[message.id] = message
            waiting += [each.message_id for each in passings_by(connection, message.id)]
    there = organisation_of(to)
    return tuple(each for each in found.values() if organisation_of(each.sender) != there)


def taken_over_with(message: StoredMessage, connection: Connection) -> Iterator[str]:
    """Yield the conversations that the addressee of a message has taken over with it."""
    seen, waiting = {message.id}, [message.id]
    while waiting:
        for passing in passings_by(connection, waiting.pop()):
            first = read_message(connection, passing.message_id)
            if first is None or first.id in seen:
                continue
            seen.add(first.id)
            waiting.append(first.id)
            if partner_of(connection, first.conversation) == message.recipient:
                yield first.conversation


def passed_by(opening: StoredMessage, partner: str, connection: Connection) -> str | None:
    """Return the signed word by which a conversation came to its partner; None where none did.

    It is that of the office that was addressed first: it alone has read who reported. The newest
    that leads there counts, since the first who was asked may have refused.
    """
    if partner == opening.recipient:
        return None
    leading = (
        each.jws
        for each in reversed(passings_of(connection, opening.id))
        if _leads_to(partner, each.by_message, {opening.id}, connection)
    )
    return next(leading, None)


def _leads_to(partner: str, message_id: str, seen: set[str], connection: Connection) -> bool:
    message = read_message(connection, message_id)
    if message is None or message_id in seen or message.state != "acknowledged":
        return False
    if message.recipient == partner:
        return True
    further = passings_of(connection, message_id)
    return any(
        _leads_to(partner, each.by_message, seen | {message_id}, connection) for each in further
    )


def _pass_on(first: StoredMessage, to: str, node: Node, connection: Connection) -> None:
    now = int(node.clock())
    for message in moving(first, to, connection):
        say(node, connection, message, "passed-on", now=node.clock(), members={"to": to})
        move_conversation(connection, message.conversation, to)
        settle(message, now, connection)
        look_again(message.conversation, node, now, connection)
        _tell(message, node, connection)


def _tell(message: StoredMessage, node: Node, connection: Connection) -> None:
    """Let people at the sender know, where it has said how they are reached."""
    sender = node.directory.unit(message.sender)
    announce(
        node,
        connection,
        unit=message.sender,
        message_id=message.id,
        urgency=message.urgency,
        occasion="passed-on",
        reached=(sender.callback if sender is not None else None) or Reached(),
        now=node.clock(),
    )


def _hand_over(message: StoredMessage, service: str, node: Node, connection: Connection) -> None:
    """End the turn of who stood in; the desk has the message itself, or gets it now."""
    now = int(node.clock())
    if service == message.recipient:
        return
    let_desk_have(message, node, now, connection)
    settle(message, now, connection)


def _was_said(step: str, opening: StoredMessage, connection: Connection) -> bool:
    conversation = read_conversation(connection, opening.conversation)
    said = conversation.utterances if conversation is not None else ()
    return any(each.step == step and stands(each) for each in said)
