# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts stand in two chains, and each unit is told once of what is new."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hub.model.receipt import HIDDEN, Word
from hub.store.receipts import (
    add_event,
    add_receipt,
    chain_of,
    last_of_chain,
    read_by_entry,
    read_events,
    read_receipt,
    read_receipts,
    remove_events,
)
from hub.store.savepoint import savepoint
from tests.unit.store.builders import (
    NOW,
    OFFICE,
    SCHOOL,
    a_message,
    an_id,
    enter_entry,
    enter_message,
    enter_receipt,
)

SAID: tuple[Word, ...] = ("accepted", "opened", "overdue", "opened", "taken", "acknowledged")


def told(connection: Connection, words: tuple[Word, ...] = SAID) -> None:
    message = enter_message(connection, a_message())
    for number, word in enumerate(words, start=1):
        enter_receipt(connection, message, word, number=number)


def test_the_sender_can_not_even_count_what_is_hidden(connection: Connection) -> None:
    """§ 64 Abs. 4 SGB VIII bounds what the sender learns; so there are two chains."""
    told(connection)

    visible = read_receipts(connection, an_id(1), chain="visible")

    assert [receipt.word for receipt in visible] == ["accepted", "overdue", "taken", "acknowledged"]
    assert [receipt.seq for receipt in visible] == [1, 2, 3, 4]


def test_both_chains_come_one_after_the_other(connection: Connection) -> None:
    told(connection)

    everything = read_receipts(connection, an_id(1))

    assert [receipt.word for receipt in everything][4:] == ["opened", "opened"]
    assert [receipt.seq for receipt in everything][4:] == [1, 2]


def test_hidden_are_exactly_the_words_that_say_who_looked_or_who_slept() -> None:
    assert {"opened", "escalated"} == HIDDEN
    assert {chain_of(word) for word in HIDDEN} == {"hidden"}
    assert chain_of("accepted") == "visible"


def test_the_last_of_a_chain_is_the_one_that_the_next_names(connection: Connection) -> None:
    told(connection)

    last = last_of_chain(connection, an_id(1), "visible")

    assert last is not None
    assert last.word == "acknowledged"
    assert last_of_chain(connection, an_id(2), "visible") is None


def test_a_place_in_a_chain_is_taken_once(connection: Connection) -> None:
    told(connection)
    second = read_receipts(connection, an_id(1))[1]
    enter_entry(connection, an_id(77), "message.overdue")

    with pytest.raises(IntegrityError), savepoint(connection):
        add_receipt(connection, replace(second, id=an_id(78), audit_id=an_id(77)), NOW)


def test_a_log_entry_stands_for_one_receipt(connection: Connection) -> None:
    told(connection)
    second = read_receipts(connection, an_id(1))[1]

    with pytest.raises(IntegrityError), savepoint(connection):
        add_receipt(connection, replace(second, id=an_id(78), seq=9), NOW)


def test_a_receipt_is_found_by_its_id_and_by_its_entry(connection: Connection) -> None:
    told(connection)
    last = last_of_chain(connection, an_id(1), "hidden")

    assert last is not None
    assert read_receipt(connection, last.id) == last
    assert read_by_entry(connection, last.audit_id) == (last, SCHOOL, OFFICE)
    assert read_receipt(connection, an_id(99)) is None
    assert read_by_entry(connection, an_id(99)) is None


def test_an_event_waits_until_the_unit_has_taken_note(connection: Connection) -> None:
    """RFC 8936: what was not acknowledged comes again."""
    told(connection)
    receipts = read_receipts(connection, an_id(1), chain="visible")
    for receipt in reversed(receipts):
        add_event(connection, SCHOOL, receipt.id)

    assert read_events(connection, SCHOOL, 10) == receipts, "oldest first"
    assert read_events(connection, SCHOOL, 2) == receipts[:2]
    assert read_events(connection, OFFICE, 10) == ()

    remove_events(connection, SCHOOL, (receipts[0].id, receipts[2].id))

    assert read_events(connection, SCHOOL, 10) == (receipts[1], receipts[3])


def test_nobody_takes_note_for_somebody_else(connection: Connection) -> None:
    told(connection)
    [accepted, *_] = read_receipts(connection, an_id(1))
    add_event(connection, SCHOOL, accepted.id)

    remove_events(connection, OFFICE, (accepted.id,))

    assert read_events(connection, SCHOOL, 10) == (accepted,)
