# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who still owes something in a conversation, since when, and when is it time to say so?

A school that waits for its Rueckmeldung is owed one; the law says "zeitnah" and names no number
(§ 4 Abs. 4 KKG). So the Jugendamt is reminded, again and again, and the school is never told that
anything is overdue. All numbers are those of the protocol.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.directory.duty import calendar_of
from hub.model.conversation import Conversation
from hub.model.protocol import Protocol, Step
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.protocols.deadlines import ends
from hub.protocols.objection import is_closed
from hub.protocols.order import owed_by
from hub.store.messages import read_conversation
from hub.store.owed import Said, read_said, set_reminder

FAR: Final = 400
"""Reminders of one debt that are looked through to find the next; after that, daily."""
DAY: Final = 24 * 3600


@dataclass(frozen=True)
class Debt:
    """A unit owes a step since an instant, and is reminded next at another."""

    unit: str
    step: str
    since: int
    next_at: int
    number: int
    """How often the reminder was due before."""


def first_reminder(protocol: Protocol, opening: StoredMessage, node: Node) -> int | None:
    """Return when the first reminder is due in a conversation that has just been opened."""
    if not (steps := _reminded(protocol)):
        return None
    working = calendar_of(opening.recipient, node.directory)
    return min(
        ends(step.reminder, opening.accepted_at, working=working)
        for step in steps
        if step.reminder is not None
    )


def next_in(conversation: Conversation, node: Node, now: int, connection: Connection) -> int | None:
    """Return when the hub looks at a conversation again; None where nobody will owe anything."""
    protocol = node.catalogue.get(conversation.proto)
    if protocol is None or conversation.closed or is_closed(conversation, protocol):
        return None
    owed = debts(conversation, protocol, node, now, connection)
    if owed:
        return min(debt.next_at for debt in owed)
    # What nobody owes yet may be owed later: a step may have to wait for the one before it.
    return now + DAY if _reminded(protocol) else None


def look_again(conversation_id: str, node: Node, now: int, connection: Connection) -> None:
    """Let the clock of a conversation run by what stands in it now.

    Something was said, or did not come through: then what it answered is owed again.
    """
    conversation = read_conversation(connection, conversation_id)
    if conversation is not None:
        at = next_in(conversation, node, now, connection)
        set_reminder(connection, conversation.id, at)


def debts(
    conversation: Conversation, protocol: Protocol, node: Node, now: int, connection: Connection
) -> tuple[Debt, ...]:
    """Return what both sides owe, each with its next reminder after ``now``."""
    said = read_said(connection, conversation.id)
    return tuple(
        _debt(unit, step, said, node, now)
        for unit in (conversation.opener, conversation.partner)
        for name in owed_by(protocol, conversation, unit)
        if (step := protocol.step(name)) is not None
    )


def _debt(unit: str, step: Step, said: tuple[Said, ...], node: Node, now: int) -> Debt:
    since = _since(step, said)
    working = calendar_of(unit, node.directory)
    at = since
    for number in range(FAR):
        later = ends(step.reminder, at, working=working) if step.reminder else at + DAY
        at = later if later > at else at + DAY
        if at > now:
            return Debt(unit, step.id, since, at, number)
    return Debt(unit, step.id, since, now + DAY, FAR)


def _since(step: Step, said: tuple[Said, ...]) -> int:
    """Return since when a step is owed: since what it follows was said."""
    opening = said[0].accepted_at
    before = [each.accepted_at for each in said if each.step in step.after]
    all_before = [
        min(each.accepted_at for each in said if each.step == name)
        for name in step.after_each
        if any(each.step == name for each in said)
    ]
    return max([min(before, default=opening), *all_before])


def _reminded(protocol: Protocol) -> tuple[Step, ...]:
    return tuple(step for step in protocol.steps if step.reminder is not None)
