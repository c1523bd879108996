# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was agreed, signed and ended is entered once, and stays as it was entered."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from hub.errors import IdReused
from hub.store.agreements import (
    StoredAgreement,
    StoredSignature,
    add_agreement,
    add_expiry,
    add_signature,
    read_agreement,
    read_agreements,
    read_expiries,
    read_signature,
    read_signatures,
)
from hub.store.participants import StoredParticipant, add_participant
from hub.store.savepoint import savepoint
from tests.unit.store.builders import an_id, enter_entry

POLICE = "polizei:kpb-wesel"
AGREED = StoredAgreement("digest", "kreis-wesel-polizei", 1, "{}")
SIGNED = StoredSignature(AGREED.digest, POLICE, "agree", "jws", an_id(1))


@pytest.fixture(autouse=True)
def _party(connection: Connection) -> None:
    add_participant(connection, StoredParticipant(POLICE, "Erfundene Polizei", "valid", "{}"))
    enter_entry(connection, an_id(1), "agreement.signed")
    enter_entry(connection, an_id(2), "agreement.expired")
    add_agreement(connection, AGREED)


def test_id_and_version_name_one_text(connection: Connection) -> None:
    with pytest.raises(IdReused), savepoint(connection):
        add_agreement(connection, StoredAgreement("other", AGREED.id, AGREED.version, "{}"))

    assert read_agreements(connection) == (AGREED,)
    assert read_agreement(connection, AGREED.id, 1) == AGREED
    assert read_agreement(connection, AGREED.id, 2) is None


def test_a_party_signs_once_and_may_give_notice_once(connection: Connection) -> None:
    notice = StoredSignature(AGREED.digest, POLICE, "end", "notice", an_id(2))
    for stored in (SIGNED, notice):
        add_signature(connection, stored)

    with pytest.raises(IntegrityError), savepoint(connection):
        add_signature(connection, SIGNED)
    assert read_signatures(connection, AGREED.digest) == (SIGNED, notice)
    assert read_signature(connection, AGREED.digest, POLICE, "end") == notice
    assert read_signatures(connection, "other") == ()


def test_an_end_is_noticed_once(connection: Connection) -> None:
    add_expiry(connection, AGREED.digest, an_id(2))

    with pytest.raises(IntegrityError), savepoint(connection):
        add_expiry(connection, AGREED.digest, an_id(1))
    assert read_expiries(connection) == {AGREED.digest: an_id(2)}


@pytest.mark.parametrize("statement", ["UPDATE agreement SET body = ''", "DELETE FROM agreement"])
def test_the_database_itself_refuses_to_alter_an_agreement(
    connection: Connection, statement: str
) -> None:
    with pytest.raises(DatabaseError, match="append only"), savepoint(connection):
        connection.execute(text(statement))
