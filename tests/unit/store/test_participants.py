# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the hub keeps of those who take part: every version, and each adoption once."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hub.errors import IdReused
from hub.store.participants import (
    StoredAdoption,
    StoredEntry,
    StoredParticipant,
    add_adoption,
    add_entry,
    add_hub,
    add_hub_key,
    add_participant,
    change_participant,
    read_adoptions,
    read_entries,
    read_entry,
    read_hub_id,
    read_hub_keys,
    read_participant,
    read_participants,
)
from hub.store.savepoint import savepoint
from tests.unit.store.builders import NOW, PROTOCOL, an_id, enter_entry

SCHOOL = StoredParticipant("schule:999001", "Erfundene Schule", "proposed", "{}")
OFFICE = StoredParticipant("jugendamt:05170032", "Erfundenes Jugendamt", "proposed", "{}")


def an_entry(number: int, version: int, organisation: str = SCHOOL.organisation) -> StoredEntry:
    text = f"Fassung {number}"
    return StoredEntry(organisation, version, f"digest {number}", text, an_id(number))


def enter(connection: Connection, *entries: StoredEntry) -> None:
    for entry in entries:
        enter_entry(connection, entry.audit_id, "directory.changed")
        add_entry(connection, entry)


def test_a_participant_is_proposed_once(connection: Connection) -> None:
    add_participant(connection, SCHOOL)

    with pytest.raises(IdReused), savepoint(connection):
        add_participant(connection, SCHOOL)


def test_participants_come_in_the_order_of_their_ids(connection: Connection) -> None:
    for stored in (SCHOOL, OFFICE):
        add_participant(connection, stored)

    assert read_participants(connection) == (OFFICE, SCHOOL)
    assert read_participant(connection, SCHOOL.organisation) == SCHOOL
    assert read_participant(connection, "schule:999002") is None


def test_a_change_touches_one_participant(connection: Connection) -> None:
    for stored in (SCHOOL, OFFICE):
        add_participant(connection, stored)

    change_participant(connection, SCHOOL.organisation, status="valid", code_expires_at=NOW)

    changed = read_participant(connection, SCHOOL.organisation)
    assert changed is not None
    assert (changed.status, changed.code_expires_at, changed.name) == ("valid", NOW, SCHOOL.name)
    assert read_participant(connection, OFFICE.organisation) == OFFICE


def test_the_newest_version_is_current_and_the_older_ones_stay(connection: Connection) -> None:
    """What was signed under an old key is still to be verified years later."""
    for stored in (SCHOOL, OFFICE):
        add_participant(connection, stored)
    tenth, second = an_entry(10, 10), an_entry(2, 2)
    office = an_entry(3, 1, OFFICE.organisation)
    enter(connection, tenth, second, office)

    assert read_entry(connection, SCHOOL.organisation) == tenth
    assert read_entries(connection) == (office, second, tenth)
    assert read_entry(connection, "schule:999002") is None


@pytest.mark.parametrize("again", [an_entry(9, 1), an_entry(1, 2)], ids=["version", "digest"])
def test_a_version_and_its_bytes_are_there_once(connection: Connection, again: StoredEntry) -> None:
    add_participant(connection, SCHOOL)
    enter(connection, an_entry(1, 1))
    if again.version == 1:
        enter_entry(connection, again.audit_id, "directory.changed")

    with pytest.raises(IdReused), savepoint(connection):
        add_entry(connection, again)


def test_nobody_has_an_entry_without_having_been_proposed(connection: Connection) -> None:
    with pytest.raises(IdReused), savepoint(connection):
        enter(connection, an_entry(1, 1))


def test_an_adoption_counts_once(connection: Connection) -> None:
    add_participant(connection, SCHOOL)
    enter_entry(connection, an_id(1), "protocol.adopted")
    adopted = StoredAdoption(SCHOOL.organisation, PROTOCOL, "digest", "jws", an_id(1))

    assert add_adoption(connection, adopted)
    assert not add_adoption(connection, adopted)
    assert read_adoptions(connection) == (adopted,)


def test_another_digest_is_another_adoption(connection: Connection) -> None:
    """Controllers adopt exact bytes: a changed protocol is one that nobody has adopted."""
    add_participant(connection, SCHOOL)
    for number in (1, 2):
        enter_entry(connection, an_id(number), "protocol.adopted")
        assert add_adoption(
            connection,
            StoredAdoption(SCHOOL.organisation, PROTOCOL, str(number), "jws", an_id(number)),
        )

    assert len(read_adoptions(connection)) == 2


def test_a_hub_has_a_name_and_keys(connection: Connection) -> None:
    assert read_hub_id(connection) is None

    add_hub(connection, "meldeweg.invalid/test", NOW)
    for use in ("token", "log", "receipt"):
        add_hub_key(connection, kid=f"kid {use}", use=use, alg="EdDSA", jwk="{}")

    assert read_hub_id(connection) == "meldeweg.invalid/test"
    assert [key["use"] for key in read_hub_keys(connection)] == ["log", "receipt", "token"]
    with pytest.raises(IntegrityError), savepoint(connection):
        add_hub_key(connection, kid="kid log", use="log", alg="EdDSA", jwk="{}")
