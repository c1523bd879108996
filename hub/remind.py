# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of time: nobody accepted is forgotten.

Whoever does not act in time is followed by the next on the roster; what no person took note of in
time becomes ``overdue``, and its sender is told; what is owed is asked for; what nobody took by
its ``end`` expires, never without having been reported before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.announce import announce, tell_sender
from hub.audit.entry import Draft
from hub.directory.duty import Turn, on_duty
from hub.directory.turns import next_asked, reached_of
from hub.keyed import key_of
from hub.model.contact import Reached
from hub.model.notification import Occasion
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.onduty import (
    asked_so_far,
    asks_again_at,
    is_over,
    takes_over_by,
    turn_of,
)
from hub.owing import Debt, debts, look_again, next_in
from hub.record import new_id, one_of_many, say
from hub.sealing.canonical import unb64
from hub.sealing.envelope import parse_payload
from hub.store.duty import add_duty, due_next, end_turn, open_again, read_duties, set_next
from hub.store.holds import is_held
from hub.store.messages import change_state, read_conversation, read_message
from hub.store.owed import due_reminders, read_reminder, set_reminder
from hub.store.receipts import read_receipts
from hub.store.retention import due_for_overdue, due_to_expire, erase_content

AT_ONCE = 200
"""Messages of one kind that one job may handle; the turn goes on until none is due."""
MOST_JOBS: Final = 50
"""Jobs of one turn; what is still due then, the next turn finds."""
STALE: Final = 90 * 24 * 3600
"""Seconds behind its ``end`` after which nobody is reminded of a message any more: by then the
conversation is closed, the sender has known for long, and the content is gone."""


@dataclass(frozen=True)
class _Due:
    """Ids of what is due: of messages, and at the end of conversations."""

    overdue: tuple[str, ...]
    asking: tuple[str, ...]
    expiring: tuple[str, ...]
    owed: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.asking) + len(self.expiring) + len(self.owed)

    @property
    def is_full(self) -> bool:
        """Whether there may be more of it."""
        return AT_ONCE in {len(self.overdue), len(self.asking), len(self.expiring), len(self.owed)}


@dataclass(frozen=True)
class _Turn:
    """What one turn works with."""

    node: Node
    now: float
    connection: Connection


async def remind(node: Node, now: float, *, may_expire: bool = True) -> int:
    """Do what is due; returns how much that was.

    Driven by the due times in the database, so each happens exactly once, across restarts too, and
    however late the turn comes. A reader looks for what is due, so that where nothing is, the
    writer is not held up.
    """
    done = 0
    for _ in range(MOST_JOBS):
        due: _Due = await node.readers.run(partial(_look, now, may_expire))
        if due.count == 0:
            break
        done += int(await node.writer.commit(partial(_remind, node, now, due)))
        if not due.is_full:
            break
    return done


def _look(now: float, may_expire: bool, connection: Connection) -> _Due:
    second = int(now)
    return _Due(
        overdue=due_for_overdue(connection, second, AT_ONCE),
        asking=due_next(connection, second, AT_ONCE),
        expiring=due_to_expire(connection, second, AT_ONCE) if may_expire else (),
        owed=due_reminders(connection, second, AT_ONCE),
    )


def _remind(node: Node, now: float, due: _Due, connection: Connection) -> int:
    """Do what is due if it still is: somebody may have acted since the reader looked."""
    turn, second = _Turn(node, now, connection), int(now)
    for message_id in due_for_overdue(connection, second, AT_ONCE, due.overdue):
        _each(message_id, _report, turn)
    for message_id in due_next(connection, second, AT_ONCE, due.asking):
        _each(message_id, _ask_next, turn, _put_off)
    for message_id in due_to_expire(connection, second, AT_ONCE, due.expiring):
        _each(message_id, _expire, turn)
    for conversation in due_reminders(connection, second, AT_ONCE, due.owed):
        remind_of = partial(_remind_of_debts, conversation, turn)
        if one_of_many(node, connection, conversation, remind_of) is None:
            set_reminder(connection, conversation, second + STALE)
    return due.count


def _each(
    message_id: str,
    work: Callable[[StoredMessage, _Turn], None],
    turn: _Turn,
    otherwise: Callable[[str, _Turn], None] | None = None,
) -> None:
    """Do something with one message of many; a damaged row stops no clock but its own."""

    def doing() -> bool:
        message = read_message(turn.connection, message_id)
        if message is not None:
            work(message, turn)
        return True

    if one_of_many(turn.node, turn.connection, message_id, doing) is None and otherwise:
        otherwise(message_id, turn)


def _put_off(message_id: str, turn: _Turn) -> None:
    """Look at a damaged message again in a while, so that it is in nobody's way."""
    set_next(turn.connection, message_id, int(turn.now) + 3600)


def _report(message: StoredMessage, turn: _Turn) -> None:
    say(turn.node, turn.connection, message, "overdue", now=turn.now)
    tell_sender(turn.node, turn.connection, message, "overdue", turn.now)


def _ask_next(message: StoredMessage, turn: _Turn) -> None:
    """Ask whoever comes next, or once more those who were asked."""
    if message.state == "acknowledged":
        _give_back(message, turn)
    elif message.state not in {"accepted", "taken"}:
        is_over(message, int(turn.now), turn.connection)
    elif turn.now > message.ends_at + STALE:
        set_next(turn.connection, message.id, None)
    else:
        _escalate(message, turn)


def _escalate(message: StoredMessage, turn: _Turn) -> None:
    node, connection, now = turn.node, turn.connection, int(turn.now)
    asked = asked_so_far(message, connection)
    following = next_asked(message, node.directory, now, asked)
    if following is None:
        _remind_all(message, asked, turn)
    else:
        say(node, connection, message, "escalated", now=turn.now)
        _let_in(message, following, turn)
        _tell(following.unit or message.recipient, "escalated", message, following.reached, turn)
    at = asks_again_at(message, node, now, was_new=following is not None)
    set_next(connection, message.id, at)


def _let_in(message: StoredMessage, following: Turn, turn: _Turn) -> None:
    """Let the next one fetch it, who has been called where he cannot read it.

    Of a unit that it was not sealed to is written down that it was asked, and no more: else it
    would be asked again and again, and nobody after it.
    """
    connection, now = turn.connection, int(turn.now)
    if following.unit is not None:
        add_duty(connection, message.id, "escalated", now, unit=following.unit)
        if _reads(following.unit, message, turn.node):
            turn.node.waiting.promise(following.unit)
        else:
            end_turn(connection, message.id, following.unit, now)
    elif following.telephone not in {
        each.telephone for each in read_duties(connection, message.id)
    }:
        add_duty(connection, message.id, "escalated", now, telephone=following.telephone)


def _reads(unit: str, message: StoredMessage, node: Node) -> bool:
    envelope = parse_payload(unb64(message.env.split(".")[1]))
    return any(node.directory.reading_key(unit, reader.kid) for reader in envelope.readers)


def _give_back(message: StoredMessage, turn: _Turn) -> None:
    """Give a matter that somebody stood in for back to its desk, and remind it until it takes it.

    It answers for the matter by law, at any hour; who stood in has only acted for it.
    """
    node, connection, now = turn.node, turn.connection, int(turn.now)
    if now > message.ends_at:
        set_next(connection, message.id, None)
        return
    desk = turn_of(message, message.recipient, connection)
    occasion: Occasion = "returned" if desk is None else "reminder"
    if desk is None:
        add_duty(connection, message.id, "returned", now, unit=message.recipient)
    elif desk.ended_at is not None:
        open_again(connection, message.id, message.recipient, now)
    node.waiting.promise(message.recipient)
    _note(message, occasion, turn)
    _tell(message.recipient, occasion, message, _own_reach(message.recipient, turn), turn)
    set_next(connection, message.id, takes_over_by(message, node, now))


def _remind_all(message: StoredMessage, asked: tuple[str, ...], turn: _Turn) -> None:
    """Tell everybody once more who was asked and is there now."""
    _note(message, "reminder", turn)
    there = on_duty(message.recipient, turn.node.directory, int(turn.now)).turns
    for each in there:
        if (each.unit or each.telephone) in asked:
            _tell(each.unit or message.recipient, "reminder", message, each.reached, turn)


def _expire(message: StoredMessage, turn: _Turn) -> None:
    node, connection, now = turn.node, turn.connection, turn.now
    told = {receipt.word for receipt in read_receipts(connection, message.id, chain="visible")}
    if "overdue" not in told:
        _report(message, turn)
    say(node, connection, message, "expired", now=now)
    change_state(connection, message.id, "expired")
    is_over(message, int(now), connection)
    look_again(message.conversation, node, int(now), connection)
    if not is_held(connection, message.conversation, (message.id,)):
        say(node, connection, message, "erased", now=now)
        erase_content(connection, message.id)


def _remind_of_debts(conversation_id: str, turn: _Turn) -> bool:
    """Remind both sides of what they owe, each at its own time."""
    node, connection, now = turn.node, turn.connection, int(turn.now)
    conversation = read_conversation(connection, conversation_id)
    protocol = node.catalogue.get(conversation.proto) if conversation else None
    if conversation is None or protocol is None:
        set_reminder(connection, conversation_id, None)
        return True
    opening = read_message(connection, conversation.utterances[0].message)
    before = min(now, read_reminder(connection, conversation_id) or now) - 1
    for debt in debts(conversation, protocol, node, before, connection):
        if debt.next_at <= now and opening is not None:
            _ask_for(debt, opening, turn)
    set_reminder(connection, conversation_id, next_in(conversation, node, now, connection))
    return True


def _ask_for(debt: Debt, opening: StoredMessage, turn: _Turn) -> None:
    _note(opening, "owed", turn, step=debt.step, unit=debt.unit)
    reached = _own_reach(debt.unit, turn)
    _tell(debt.unit, "owed", opening, reached, turn, number=debt.next_at)


def _own_reach(unit: str, turn: _Turn) -> Reached:
    """Return where the unit itself hears of something: as its roster says."""
    there = on_duty(unit, turn.node.directory, int(turn.now)).turns
    return reached_of(unit, unit, there, turn.node.directory)


def _tell(
    unit: str,
    occasion: Occasion,
    message: StoredMessage,
    reached: Reached,
    turn: _Turn,
    *,
    number: int | None = None,
) -> None:
    """Queue what is said to people; the same of one turn is said to an address once."""
    announce(
        turn.node,
        turn.connection,
        unit=unit,
        message_id=message.id,
        urgency=message.urgency,
        occasion=occasion,
        reached=reached,
        now=turn.now,
        number=number if number is not None else (message.due_next or 0),
    )


def _note(message: StoredMessage, why: str, turn: _Turn, *, step: str = "", unit: str = "") -> None:
    """Enter that somebody was reminded: no receipt, for of the message nothing new is said."""
    node = turn.node
    node.log.append(
        turn.connection,
        Draft(
            kind="reminder.sent",
            entry_id=new_id(),
            at=turn.now,
            act={"org": node.hub_id},
            rcp=(unit or message.recipient,),
            obj={
                "ty": "message",
                "id": message.id,
                "ct": f"{message.protocol}/{step or message.step}",
            },
            rule=message.protocol,
            why=why,
            conversations=(key_of(node, turn.connection, message.conversation),),
        ),
    )
