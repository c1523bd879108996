# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages go in whole, one for each position, and come out as they were."""

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import IntegrityError

from hub.errors import ConversationMovedOn
from hub.sealing.canonical import unb64
from hub.store.engine import Database
from hub.store.messages import (
    add_conversation,
    add_message,
    change_state,
    close_conversation,
    env_digest,
    message,
    read_content,
    read_conversation,
    read_message,
)
from hub.store.savepoint import savepoint
from tests.unit.store.builders import (
    CONTENT,
    NOW,
    OFFICE,
    PROTOCOL,
    SCHOOL,
    a_message,
    an_id,
    enter_entry,
    enter_message,
    key_id_of,
)


def test_a_message_comes_out_as_it_went_in(connection: Connection) -> None:
    entered = enter_message(connection, a_message())

    assert read_message(connection, entered.id) == entered
    assert read_content(connection, entered.id) == CONTENT


def test_an_id_that_nobody_used_is_nothing(connection: Connection) -> None:
    assert read_message(connection, an_id(1)) is None
    assert read_content(connection, an_id(1)) is None
    assert read_conversation(connection, an_id(1)) is None


def test_the_submitted_bytes_can_be_put_together_again(connection: Connection) -> None:
    """What is leased and what is hashed are the bytes of the request, not a new writing of it."""
    entered = enter_message(connection, a_message())
    content = read_content(connection, entered.id)

    assert content is not None
    assert content.assembled(entered.env) == (
        b'{"body":' + CONTENT.body + b',"env":"' + entered.env.encode() + b'","keys":'
        + CONTENT.wraps + b"}"
    )  # fmt: skip


def test_one_of_two_messages_at_a_position_is_told_that_the_conversation_moved_on(
    connection: Connection,
) -> None:
    """Both were decided upon the same state; the database arbitrates, not a lock."""
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, conversation=an_id(1), position=2))

    with pytest.raises(ConversationMovedOn) as refused, savepoint(connection):
        enter_message(connection, a_message(3, conversation=an_id(1), position=2))

    assert refused.value.pointers == ("/pos",)
    assert read_message(connection, an_id(3)) is None


def test_the_same_position_is_free_in_another_conversation(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2))

    assert read_message(connection, an_id(2)) is not None


def test_a_conversation_is_opened_once(connection: Connection) -> None:
    enter_message(connection, a_message(1))

    with pytest.raises(ConversationMovedOn) as refused, savepoint(connection):
        add_conversation(
            connection,
            conversation_id=an_id(1),
            protocol=PROTOCOL,
            opener=OFFICE,
            partner=SCHOOL,
            key_id=key_id_of(an_id(9)),
        )

    assert refused.value.pointers == ("/cnv",)


def test_a_message_needs_a_conversation(connection: Connection) -> None:
    with pytest.raises(IntegrityError), savepoint(connection):
        add_message(connection, a_message(2, conversation=an_id(1), position=2), CONTENT)


def test_a_conversation_is_told_in_order(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    last = a_message(3, conversation=an_id(1), position=3, step="antwort")
    middle = a_message(
        2,
        conversation=an_id(1),
        position=2,
        step="rueckfrage",
        sender=OFFICE,
        recipient=SCHOOL,
        cause=an_id(1),
    )
    enter_message(connection, last)
    enter_message(connection, middle)

    told = read_conversation(connection, an_id(1))

    assert told is not None
    assert (told.id, told.proto, told.opener, told.partner) == (an_id(1), PROTOCOL, SCHOOL, OFFICE)
    assert [each.step for each in told.utterances] == ["mitteilung", "rueckfrage", "antwort"]
    assert [each.position for each in told.utterances] == [1, 2, 3]
    assert (told.utterances[1].author, told.utterances[1].recipient) == (OFFICE, SCHOOL)
    assert [each.cau for each in told.utterances] == [None, an_id(1), None]
    assert told.last.env == env_digest(last.env)
    assert not told.closed


@pytest.mark.parametrize(
    ("state", "was_taken"),
    [
        ("accepted", False),
        ("taken", True),
        ("acknowledged", True),
        ("rejected", True),
        ("withdrawn", False),
        ("expired", False),
    ],
)
def test_only_what_somebody_had_in_hand_can_be_corrected(
    connection: Connection, state: str, *, was_taken: bool
) -> None:
    entered = enter_message(connection, a_message())
    change_state(connection, entered.id, state)
    told = read_conversation(connection, entered.conversation)

    assert told is not None
    assert (told.last.state, told.last.was_taken) == (state, was_taken)


def test_a_conversation_is_closed_once(connection: Connection) -> None:
    enter_message(connection, a_message())

    close_conversation(connection, an_id(1), NOW + 1)
    close_conversation(connection, an_id(1), NOW + 2)

    told = read_conversation(connection, an_id(1))
    assert told is not None
    assert told.closed
    closed_at = connection.execute(text("SELECT closed_at FROM conversation")).scalar()
    assert closed_at == NOW + 1


def test_the_signature_is_no_part_of_what_a_message_is_called_by() -> None:
    """ES256 has two signatures for one statement (SL1 § 9)."""
    kopf, inhalt, _ = a_message().env.split(".")

    assert env_digest(f"{kopf}.{inhalt}.a") == env_digest(f"{kopf}.{inhalt}.b")
    assert len(unb64(env_digest(f"{kopf}.{inhalt}.a"))) == 32
    assert env_digest(f"{kopf}.{inhalt}.a") != env_digest(f"{kopf}.{inhalt}x.a")


@pytest.mark.parametrize("column", ["body", "wraps"])
def test_content_is_there_as_a_whole_or_not_at_all(connection: Connection, column: str) -> None:
    enter_message(connection, a_message())

    with pytest.raises(IntegrityError, match="content_is_whole"), savepoint(connection):
        connection.execute(update(message).values({column: None}))


def test_a_message_without_its_entry_cannot_be_committed(database: Database) -> None:
    stored = a_message()

    def without_entry() -> None:
        with database.writing.begin() as connection:
            add_conversation(
                connection,
                conversation_id=stored.conversation,
                protocol=PROTOCOL,
                opener=SCHOOL,
                partner=OFFICE,
                key_id=key_id_of(stored.conversation),
            )
            add_message(connection, stored, CONTENT)

    with pytest.raises(IntegrityError):
        without_entry()

    with database.reading.connect() as reader:
        assert read_message(reader, stored.id) is None


def test_an_entry_of_an_acceptance_without_its_message_cannot_be_committed(
    database: Database,
) -> None:
    with pytest.raises(IntegrityError), database.writing.begin() as connection:
        enter_entry(connection, an_id(9), "message.accepted", an_id(1))


@pytest.mark.parametrize(
    ("kind", "about"), [("message.accepted", None), ("message.taken", an_id(2))]
)
def test_only_the_entry_of_an_acceptance_points_at_a_message(
    connection: Connection, kind: str, about: str | None
) -> None:
    with pytest.raises(IntegrityError, match="accepted_has_message"), savepoint(connection):
        enter_entry(connection, an_id(9), kind, about)
