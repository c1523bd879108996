# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which content goes when; asked of the database second by second."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from hub.model.receipt import Word
from hub.store import prepared
from hub.store.duty import set_next
from hub.store.messages import (
    change_state,
    close_conversation,
    read_content,
    read_message,
)
from hub.store.prepared import execute_raw
from hub.store.retention import (
    due_for_erasure,
    due_for_overdue,
    due_to_expire,
    erase_content,
    old_conversations,
    silent_conversations,
)
from tests.unit.store.builders import (
    DAY,
    NOW,
    PROTOCOL,
    a_message,
    an_id,
    enter_message,
    enter_receipt,
)

MANY = 100
END = NOW + 14 * DAY
SETTLING: tuple[Word, ...] = ("acknowledged", "rejected", "withdrawn", "expired")


def enter_settled(connection: Connection, word: Word, at: int, number: int = 1) -> None:
    message = enter_message(connection, a_message(number))
    enter_receipt(connection, message, word, at, number)
    change_state(connection, message.id, word)
    set_next(connection, message.id, None)


@pytest.mark.parametrize("word", SETTLING)
def test_settled_content_goes_a_while_after_the_word_and_not_a_second_sooner(
    connection: Connection, word: Word
) -> None:
    enter_settled(connection, word, NOW)

    assert due_for_erasure(connection, NOW - 1, NOW + DAY - 1, MANY) == ()
    assert due_for_erasure(connection, NOW, NOW + DAY, MANY) == (an_id(1),)


@pytest.mark.parametrize("word", ["accepted", "opened", "overdue", "escalated", "taken", "held"])
def test_no_other_word_lets_content_go(connection: Connection, word: Word) -> None:
    message = enter_message(connection, a_message())
    enter_receipt(connection, message, word)

    assert due_for_erasure(connection, END - 1, END - 1, MANY) == ()


@pytest.mark.parametrize("state", ["acknowledged", "rejected", "withdrawn"])
def test_at_its_end_content_goes_whatever_became_of_it(connection: Connection, state: str) -> None:
    message = enter_message(connection, a_message())
    change_state(connection, message.id, state)

    assert due_for_erasure(connection, 0, END - 1, MANY) == ()
    assert due_for_erasure(connection, 0, END, MANY) == (an_id(1),)


def test_what_no_person_took_note_of_is_not_erased_before_its_sender_knows(
    connection: Connection,
) -> None:
    """Erased, it could not be asked for again: silence about it would be for ever."""
    message = enter_message(connection, a_message())
    change_state(connection, message.id, "taken")
    assert due_for_erasure(connection, 0, END, MANY) == ()

    enter_receipt(connection, message, "overdue")

    assert due_for_erasure(connection, 0, END - 1, MANY) == ()
    assert due_for_erasure(connection, 0, END, MANY) == (an_id(1),)


def test_what_nobody_took_expires_and_is_never_just_erased(connection: Connection) -> None:
    enter_message(connection, a_message())

    assert due_for_erasure(connection, END, END + DAY, MANY) == ()
    assert due_to_expire(connection, END - 1, MANY) == ()
    assert due_to_expire(connection, END, MANY) == (an_id(1),)


@pytest.mark.parametrize("state", ["taken", "acknowledged", "rejected", "withdrawn", "expired"])
def test_what_somebody_took_or_took_back_does_not_expire(
    connection: Connection, state: str
) -> None:
    message = enter_message(connection, a_message())
    change_state(connection, message.id, state)

    assert due_to_expire(connection, END + DAY, MANY) == ()


@pytest.mark.parametrize("state", ["accepted", "taken"])
def test_what_no_person_took_note_of_in_time_is_overdue(connection: Connection, state: str) -> None:
    message = enter_message(connection, a_message())
    change_state(connection, message.id, state)

    assert due_for_overdue(connection, message.due_overdue - 1, MANY) == ()
    assert due_for_overdue(connection, message.due_overdue, MANY) == (an_id(1),)


def test_overdue_is_said_once(connection: Connection) -> None:
    message = enter_message(connection, a_message())
    enter_receipt(connection, message, "overdue")

    assert due_for_overdue(connection, END, MANY) == ()


@pytest.mark.parametrize("state", ["acknowledged", "rejected", "withdrawn", "expired"])
def test_what_a_person_dealt_with_is_not_overdue(connection: Connection, state: str) -> None:
    message = enter_message(connection, a_message())
    change_state(connection, message.id, state)

    assert due_for_overdue(connection, END, MANY) == ()


def test_erasing_leaves_the_message_without_its_content(connection: Connection) -> None:
    message = enter_message(connection, a_message())

    erase_content(connection, message.id)

    assert read_content(connection, message.id) is None
    assert read_message(connection, message.id) == message
    assert due_for_erasure(connection, END, END, MANY) == ()


def test_erasing_one_message_leaves_the_others(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2))

    erase_content(connection, an_id(1))

    assert read_content(connection, an_id(2)) is not None


@pytest.mark.parametrize("limit", [1, 3])
def test_a_turn_does_so_much_and_no_more(connection: Connection, limit: int) -> None:
    for number in range(1, 6):
        enter_settled(connection, "acknowledged", NOW, number)
        enter_message(connection, a_message(number + 10))

    assert len(due_for_erasure(connection, NOW, NOW, limit)) == limit
    assert len(due_to_expire(connection, END, limit)) == limit
    assert len(due_for_overdue(connection, END, limit)) == limit


def test_a_conversation_is_silent_since_its_last_message(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, conversation=an_id(1), position=2, accepted_at=NOW + 10))

    assert silent_conversations(connection, PROTOCOL, NOW + 9) == ()
    assert silent_conversations(connection, PROTOCOL, NOW + 10) == (an_id(1),)
    assert silent_conversations(connection, "erfunden/1.0.0", NOW + 10) == ()


def test_what_is_closed_is_not_closed_again(connection: Connection) -> None:
    enter_message(connection, a_message())
    close_conversation(connection, an_id(1), NOW)

    assert silent_conversations(connection, PROTOCOL, NOW) == ()
    assert connection.execute(text("SELECT closed_at FROM conversation")).scalar() == NOW


def test_a_conversation_grows_old_from_its_opening_whatever_is_said_later(
    connection: Connection,
) -> None:
    """A request under § 68 SGB X holds for six months; asking back makes it no younger."""
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, conversation=an_id(1), position=2, accepted_at=NOW + 10))

    assert old_conversations(connection, PROTOCOL, NOW - 1) == ()
    assert old_conversations(connection, PROTOCOL, NOW) == (an_id(1),)
    assert old_conversations(connection, "erfunden/1.0.0", NOW) == ()

    close_conversation(connection, an_id(1), NOW)

    assert old_conversations(connection, PROTOCOL, NOW) == ()


def test_a_units_own_clock_brings_no_erasure_forward(connection: Connection) -> None:
    """When it signed is its word; when that was entered is ours."""
    enter_settled(connection, "acknowledged", NOW)
    connection.execute(text("UPDATE receipt SET issued_at = 0"))

    assert due_for_erasure(connection, NOW - 1, NOW, MANY) == ()
    assert due_for_erasure(connection, NOW, NOW, MANY) == (an_id(1),)


def test_who_looked_before_asks_again_for_what_was_found(connection: Connection) -> None:
    for number in (1, 2):
        enter_message(connection, a_message(number))

    assert due_to_expire(connection, END, MANY, (an_id(2), an_id(3))) == (an_id(2),)
    assert due_for_overdue(connection, END, MANY, (an_id(1),)) == (an_id(1),)
    assert due_for_overdue(connection, END, MANY, ()) == ()


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda c: due_for_overdue(c, END, MANY), "message_overdue"),
        (lambda c: due_to_expire(c, END, MANY), "message_expiring"),
        (lambda c: due_for_erasure(c, END, END, MANY), "message_ended"),
    ],
    ids=["overdue", "expiring", "erasing"],
)
def test_the_clocks_do_not_look_at_what_is_over(
    connection: Connection,
    look: Callable[[Connection], object],
    index: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They look every few seconds, and the history only grows."""
    asked: list[tuple[str, Any]] = []

    def keep(on: Connection, statement: str, values: Any) -> Any:
        asked.append((statement, values))
        return execute_raw(on, statement, values)

    monkeypatch.setattr(prepared, "execute_raw", keep)
    look(connection)
    [(statement, values)] = asked

    # What waits is not over either; a server may choose that index as well.
    fitting = {index, "message_waiting"} if index == "message_expiring" else {index}
    lines = plan(connection, statement, values)
    assert any(name in line for name in fitting for line in lines)


def plan(connection: Connection, statement: str, values: Any) -> list[str]:
    """Return how the database would answer if it had much to look through."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in rows]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return list(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
