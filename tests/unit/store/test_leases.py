# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message is with one holder at a time: who gets which, when, and how often in vain."""

import pytest
from sqlalchemy import Connection

from hub.store.leases import (
    TRIES,
    extend,
    give_back,
    give_back_all,
    grant,
    lease_of,
    read_lease,
    release,
    waiting_ids,
)
from hub.store.messages import change_state
from hub.store.retention import erase_content
from tests.unit.store.builders import (
    DAY,
    NOW,
    OFFICE,
    PROTOCOL,
    SCHOOL,
    a_message,
    an_id,
    enter_message,
)

OTHER = "jugendamt:05170000.asd"


def waiting(
    connection: Connection,
    unit: str = OFFICE,
    now: int = NOW,
    limit: int = 10,
    protocols: tuple[str, ...] = (),
) -> list[int]:
    """Return the numbers of the messages that a unit may lease, in order."""
    ids = waiting_ids(connection, unit, now, limit, protocols)
    return [int(message_id[-12:], 16) for message_id in ids]


def lend(connection: Connection, number: int = 1, at: int = NOW, lease: int = 500) -> int:
    return grant(
        connection, an_id(number), lease_id=an_id(lease), unit=OFFICE, ends=at + 120, now=at
    )


def test_what_is_urgent_comes_first_then_what_waits_longest(connection: Connection) -> None:
    for number, (urgency, age) in enumerate(
        [("planbar", 90), ("unverzueglich", 10), ("sofort", 0), ("unverzueglich", 20),
         ("planbar", 95), ("sofort", 5)],
        start=1,
    ):  # fmt: skip
        enter_message(connection, a_message(number, urgency=urgency, accepted_at=NOW - age))

    assert waiting(connection) == [6, 3, 4, 2, 5, 1]


def test_a_unit_gets_what_is_addressed_to_it_and_nothing_else(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, recipient=OTHER))

    assert waiting(connection) == [1]
    assert waiting(connection, OTHER) == [2]
    assert waiting(connection, SCHOOL) == []
    assert waiting(connection, "jugendamt:05170032") == []


def test_no_more_than_was_asked_for(connection: Connection) -> None:
    for number in range(1, 6):
        enter_message(connection, a_message(number, accepted_at=NOW + number))

    assert waiting(connection, limit=2) == [1, 2]
    assert waiting(connection, limit=0) == []


def test_a_unit_can_ask_for_some_protocols_alone(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, protocol="polizei-mitteilung/1.0.0"))

    assert waiting(connection, protocols=(PROTOCOL,)) == [1]
    assert waiting(connection, protocols=("polizei-mitteilung/1.0.0", "erfunden/1.0.0")) == [2]


@pytest.mark.parametrize("state", ["taken", "acknowledged", "rejected", "withdrawn", "expired"])
def test_what_is_no_longer_open_is_not_lent(connection: Connection, state: str) -> None:
    message = enter_message(connection, a_message())
    change_state(connection, message.id, state)

    assert waiting(connection) == []


def test_what_was_erased_is_not_lent(connection: Connection) -> None:
    message = enter_message(connection, a_message())
    erase_content(connection, message.id)

    assert waiting(connection) == []


def test_what_has_come_to_its_end_is_not_lent(connection: Connection) -> None:
    enter_message(connection, a_message(ends_at=NOW + DAY))

    assert waiting(connection, now=NOW + DAY - 1) == [1]
    assert waiting(connection, now=NOW + DAY) == []


def fail(connection: Connection, times: int) -> None:
    """Lend the first message so often, and have it given back as unusable."""
    for number in range(times):
        lend(connection, lease=700 + number)
        give_back(connection, an_id(700 + number), failed=True)


def test_what_failed_too_often_waits_for_a_person(connection: Connection) -> None:
    enter_message(connection, a_message())

    fail(connection, TRIES - 1)
    assert waiting(connection) == [1]
    fail(connection, 1)
    assert waiting(connection) == []


def test_what_a_person_releases_is_lent_again_and_may_fail_as_often(
    connection: Connection,
) -> None:
    enter_message(connection, a_message())
    assert not release(connection, an_id(1)), "nothing was held"
    fail(connection, TRIES)

    assert release(connection, an_id(1))

    assert waiting(connection) == [1]
    fail(connection, TRIES - 1)
    assert waiting(connection) == [1]
    fail(connection, 1)
    assert waiting(connection) == []


def test_in_a_conversation_nobody_gets_the_second_before_the_first_was_taken(
    connection: Connection,
) -> None:
    """A correction that arrives before what it corrects would be read the wrong way round."""
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2, conversation=an_id(1), position=2, urgency="sofort"))

    assert waiting(connection) == [1]
    change_state(connection, an_id(1), "taken")
    assert waiting(connection) == [2]


def test_what_goes_the_other_way_does_not_hold_it_up(connection: Connection) -> None:
    enter_message(connection, a_message(1))
    enter_message(
        connection,
        a_message(2, conversation=an_id(1), position=2, sender=OFFICE, recipient=SCHOOL),
    )

    assert waiting(connection, SCHOOL) == [2]


def test_a_lent_message_is_lent_to_nobody_else(connection: Connection) -> None:
    enter_message(connection, a_message())

    assert lend(connection) == 0

    assert waiting(connection, now=NOW + 119) == []
    found = lease_of(connection, an_id(1), OFFICE)
    assert found is not None
    assert (found.id, found.unit, found.expires_at) == (an_id(500), OFFICE, NOW + 120)
    assert read_lease(connection, an_id(500)) == found


def test_silence_lets_the_next_have_it(connection: Connection) -> None:
    """A lease that ended without a word counts as failed: somebody could not make use of it."""
    enter_message(connection, a_message())
    lend(connection)

    assert waiting(connection, now=NOW + 120) == [1]
    assert lend(connection, at=NOW + 120, lease=501) == 1
    assert lend(connection, at=NOW + 240, lease=502) == 2
    assert read_lease(connection, an_id(500)) is None, "the first holder has lost it"


def test_an_extended_lease_lasts_longer(connection: Connection) -> None:
    enter_message(connection, a_message())
    lend(connection)

    extend(connection, an_id(500), NOW + 600)

    assert waiting(connection, now=NOW + 599) == []
    assert waiting(connection, now=NOW + 600) == [1]


@pytest.mark.parametrize(("failed", "failures"), [(False, 0), (True, 1)])
def test_giving_back_is_no_failure_unless_it_is_called_one(
    connection: Connection, *, failed: bool, failures: int
) -> None:
    enter_message(connection, a_message())
    lend(connection)

    give_back(connection, an_id(500), failed=failed)

    assert waiting(connection) == [1], "it can be lent at once"
    assert lend(connection, lease=501) == failures


def test_the_same_lease_is_given_back_once(connection: Connection) -> None:
    """Whoever got no answer gives back again; that is not a second failure."""
    enter_message(connection, a_message())
    lend(connection)

    assert give_back(connection, an_id(500), failed=True)
    assert not give_back(connection, an_id(500), failed=True)

    assert lend(connection, lease=501) == 1


def test_what_ended_and_was_then_given_back_failed_once(connection: Connection) -> None:
    enter_message(connection, a_message())
    lend(connection)

    give_back(connection, an_id(500), failed=True)

    assert lend(connection, at=NOW + 1000, lease=501) == 1


def test_a_node_that_stops_gives_everything_back_without_blame(connection: Connection) -> None:
    for number in (1, 2):
        enter_message(connection, a_message(number, accepted_at=NOW + number))
        lend(connection, number, lease=500 + number)

    give_back_all(connection)

    assert waiting(connection) == [1, 2]
    assert lend(connection, 1, lease=600) == 0


def test_a_message_that_nobody_ever_held_has_no_lease(connection: Connection) -> None:
    enter_message(connection, a_message())

    assert lease_of(connection, an_id(1), OFFICE) is None
    assert read_lease(connection, an_id(500)) is None
