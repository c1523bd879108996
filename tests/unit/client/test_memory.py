# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a unit remembers: as long as it has to, and no more."""

import time
from pathlib import Path

import pytest

from hub.client import Agency, Untrustworthy
from hub.client.agency import PinnedHub, add_person_key
from hub.client.rollback import OVERTAKEN, check_list_follows
from hub.trust.keys import PrivateSigningKey

UNIT = "schule:999001"


def an_agency(folder: Path) -> Agency:
    receipt = PrivateSigningKey.generate().public(0)
    hub = PinnedHub("http://localhost", "hub.invalid", "http://localhost", "vkey", receipt)
    return Agency.create(folder / "schule", UNIT, hub, with_person=True)


def test_the_desk_looks_first_and_then_the_newest_person(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    newest = add_person_key(agency.path)

    readers = Agency.load(agency.path).readers

    assert [key.kid for key in readers[:2]] == [key.kid for key in agency.desk]
    assert readers[2].kid == newest.kid


def test_what_a_change_leaves_as_it_is_is_not_written(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    agency.revise("nothing", lambda kept: kept)

    assert not (agency.path / "state" / "nothing.json").exists()


def test_a_list_may_be_overtaken_but_not_come_from_yesterday(tmp_path: Path) -> None:
    agency, now = an_agency(tmp_path), int(time.time())
    check_list_follows(agency, now)
    check_list_follows(agency, now - OVERTAKEN)

    with pytest.raises(Untrustworthy):
        check_list_follows(agency, now - OVERTAKEN - 1)
    assert agency.recall("list") == {"iat": now}


def test_a_list_from_a_clock_that_went_ahead_is_not_in_the_way_of_the_right_one(
    tmp_path: Path,
) -> None:
    agency, now = an_agency(tmp_path), int(time.time())
    check_list_follows(agency, now + 3600)

    check_list_follows(agency, now)

    with pytest.raises(Untrustworthy):
        check_list_follows(agency, now - OVERTAKEN - 60)


def test_a_new_signing_key_lies_ready_until_it_is_taken(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    first, again = agency.with_next_signing_key(), agency.with_next_signing_key()
    assert first.signing.kid == again.signing.kid != agency.signing.kid
    assert Agency.load(agency.path).signing.kid == agency.signing.kid

    agency.take_next_signing_key()

    assert Agency.load(agency.path).signing.kid == first.signing.kid
