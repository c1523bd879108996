# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One question tells whether anything has moved under a decision."""

from sqlalchemy import Connection, update

from hub.model.ids import organisation_of
from hub.model.standing import Standing
from hub.store.ground import Asked, Ground, read_ground, read_grounds
from hub.store.participants import StoredParticipant, add_participant, participant
from tests.unit.store.builders import OFFICE, SCHOOL, a_message, an_id, enter_message

PARTIES = organisation_of(SCHOOL), organisation_of(OFFICE)


def ground(connection: Connection, number: int) -> Ground:
    return read_ground(connection, Asked(an_id(number), an_id(number), *PARTIES))


def test_where_nothing_is_there_is_nothing(connection: Connection) -> None:
    assert ground(connection, 1) == Ground(None, is_opened=False, standings=frozenset())


def test_a_used_id_names_client_and_bytes(connection: Connection) -> None:
    stored = enter_message(connection, a_message(1))

    found = read_ground(connection, Asked(stored.id, stored.conversation, *PARTIES))

    assert found.used_by == (stored.client, stored.request)
    assert found.is_opened


def test_the_standing_of_both_is_told(connection: Connection) -> None:
    for party in PARTIES:
        add_participant(connection, StoredParticipant(party, "Erfunden", "valid", "{}"))

    before = ground(connection, 1).standings
    connection.execute(
        update(participant)
        .where(participant.c.organisation == PARTIES[1])
        .values(status="suspended")
    )
    after = ground(connection, 1).standings

    assert {standing.organisation for standing in before} == set(PARTIES)
    assert Standing(PARTIES[1], "suspended", 0) in after - before


def test_many_are_told_what_each_is_told(connection: Connection) -> None:
    for party in PARTIES:
        add_participant(connection, StoredParticipant(party, "Erfunden", "valid", "{}"))
    for number in range(1, 70):
        enter_message(connection, a_message(number))
    asked = [
        Asked(an_id(number), an_id(number), *(PARTIES if number % 2 else PARTIES[::-1]))
        for number in range(140)
    ]

    assert read_grounds(connection, asked) == [read_ground(connection, each) for each in asked]
    assert read_grounds(connection, []) == []
