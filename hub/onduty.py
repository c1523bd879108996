# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who answers for a message from here on, and until when?

A message that no person has taken note of is always somebody's, and the hub always knows when it
looks at it again. This is the one place where either changes.
"""

from typing import Final

from sqlalchemy import Connection

from hub.directory.calendar import ORDINARY
from hub.directory.duty import calendar_of, may_act, on_duty
from hub.directory.turns import is_of
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.store.duty import (
    StoredDuty,
    add_duty,
    duty_of,
    end_others,
    end_turn,
    hand_over,
    read_duties,
    set_next,
)
from hub.store.receipts import read_receipts

PATIENCE: Final = {"sofort": 10 * 60, "unverzueglich": 2 * 3600}
"""Seconds between two who are asked, and between reminders; ours, the law names none."""
NAGGING: Final = 24 * 3600
"""Seconds after which who was reminded so often is reminded once a working day."""
TAKING_OVER: Final = 30 * 60
"""Seconds of office time in which a desk takes back what somebody else has acted on for it."""


def may_fetch(message: StoredMessage, unit: str, node: Node, now: int) -> bool:
    """Tell whether a unit that was asked may fetch a message now.

    Another organisation's may in its shift alone, and only as long as it is under contract.
    """
    if is_of(message.recipient, unit):
        return True
    return may_act(unit, message.recipient, node.directory, now)


def turn_of(message: StoredMessage, unit: str, connection: Connection) -> StoredDuty | None:
    """Return the turn of a unit that was asked, as it stands; None where it never was.

    Who was asked first has a row only once something had to be written down about it.
    """
    known = duty_of(connection, message.id, unit)
    if known is None and message.on_duty == unit:
        return StoredDuty(message.id, 1, "first", unit, None, message.accepted_at, None, None)
    return known


def was_taken(message: StoredMessage, unit: str, now: int, connection: Connection) -> None:
    """Note that the message is durable with a unit; the clock of a person begins.

    Whoever was asked first and was not as quick can still fetch it.
    """
    if unit != message.on_duty:
        hand_over(connection, message.id, unit, now)
        if duty_of(connection, message.id, message.on_duty) is None:
            add_duty(connection, message.id, "first", now, unit=message.on_duty)
    elif duty_of(connection, message.id, unit) is not None:
        hand_over(connection, message.id, unit, now)
    if message.due_next is not None and message.due_next <= message.due_taken:
        set_next(connection, message.id, max(message.due_acknowledged, message.due_next))


def was_acknowledged(
    message: StoredMessage, unit: str, node: Node, now: int, connection: Connection
) -> None:
    """Note that a person has taken note: nobody else is asked any more.

    Where that person stood in for the desk, the desk gets the matter back when its office opens.
    """
    if unit == message.recipient:
        let_desk_have(message, node, now, connection)
        if _has_it(message, unit, connection):
            # What came back to it lies there already, and need not be fetched once more.
            hand_over(connection, message.id, unit, now)
        settle(message, now, connection)
        return
    end_others(connection, message.id, unit, now)
    set_next(connection, message.id, opens(message.recipient, node, now))


def _has_it(message: StoredMessage, unit: str, connection: Connection) -> bool:
    said = read_receipts(connection, message.id)
    return any(each.signer == unit and each.word in {"opened", "taken"} for each in said)


def let_desk_have(message: StoredMessage, node: Node, now: int, connection: Connection) -> None:
    """Let the addressed desk fetch what it answers for and was never asked about."""
    if turn_of(message, message.recipient, connection) is None:
        add_duty(connection, message.id, "returned", now, unit=message.recipient)
        node.waiting.promise(message.recipient)


def settle(message: StoredMessage, now: int, connection: Connection) -> None:
    """Note that the addressed desk has the matter itself; whoever stood in is out of it."""
    end_others(connection, message.id, message.recipient, now)
    if message.on_duty != message.recipient:
        end_turn(connection, message.id, message.on_duty, now)
    set_next(connection, message.id, None)


def is_over(message: StoredMessage, now: int, connection: Connection) -> None:
    """Note that there is nothing left to be asked about a message: it came to a final state."""
    end_others(connection, message.id, "", now)
    if message.on_duty != message.recipient:
        end_turn(connection, message.id, message.on_duty, now)
    set_next(connection, message.id, None)


def opens(unit: str, node: Node, now: int) -> int:
    """Return when the office of a unit is open next, now included."""
    at = calendar_of(unit, node.directory).opens(now)
    return at if at is not None else ORDINARY.opens(now) or now + NAGGING


def asks_again_at(message: StoredMessage, node: Node, now: int, *, was_new: bool = False) -> int:
    """Return when somebody has to be asked again about what no person took note of.

    First at short intervals, and when the shift changes; once a day when a day has passed since
    the sender was told, unless somebody was asked now who never was before (``was_new``). Never
    later than the clock of a person says.
    """
    is_early = was_new or now < message.due_overdue + NAGGING
    at = _soon(message, node, now) if is_early and message.urgency in PATIENCE else None
    at = _tomorrow(message, node, now) if at is None else at
    return min(at, message.due_acknowledged) if now < message.due_acknowledged else at


def _soon(message: StoredMessage, node: Node, now: int) -> int:
    at = now + PATIENCE[message.urgency]
    until = on_duty(message.recipient, node.directory, now).until
    return min(at, until) if until is not None and until > now else at


def _tomorrow(message: StoredMessage, node: Node, now: int) -> int:
    tomorrow = calendar_of(message.recipient, node.directory).opens(now + NAGGING // 2)
    return tomorrow if tomorrow is not None and tomorrow > now else now + NAGGING


def takes_over_by(message: StoredMessage, node: Node, now: int) -> int:
    """Return when the desk is reminded of what it has to take back."""
    return calendar_of(message.recipient, node.directory).add_office_time(now, TAKING_OVER)


def asked_so_far(message: StoredMessage, connection: Connection) -> tuple[str, ...]:
    """Return units, and the numbers of those who were called, that were asked about a message."""
    later = read_duties(connection, message.id)
    named = (each.unit or each.telephone for each in later)
    return message.on_duty, *(name for name in named if name is not None)
