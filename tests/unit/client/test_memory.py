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
    agency, now = an_agency(tmp_path), int(time.time())
    old = agency.signing.kid
    first, again = agency.keys.next("signing"), agency.keys.next("signing")
    assert first.signature.kid == again.signature.kid != old
    assert agency.signing.kid == old == Agency.load(agency.path).signing.kid
    coming = first.signature.kid

    first.use_from(now)

    assert agency.signing.kid == coming == Agency.load(agency.path).signing.kid


def test_a_key_that_was_announced_signs_nothing_before_its_time(tmp_path: Path) -> None:
    """A program that runs sees the new file, and goes on with the old key until then."""
    agency = an_agency(tmp_path)
    old = agency.token.kid

    agency.keys.next("token").use_from(int(time.time()) + 3600)

    assert agency.token.kid == old
    assert [key.kid == old for key in agency.keys.signatures("token")] == [False, True]


def test_a_new_reading_key_opens_beside_the_old_one(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    known = [key.kid for key in agency.desk]
    coming = agency.keys.next("dienst")
    kid = coming.reader.kid
    assert [key.kid for key in agency.desk] == known

    coming.use_from(int(time.time()) + 3600)

    assert [key.kid for key in agency.desk] == [known[0], kid, known[1]]


def test_the_last_key_of_a_use_is_never_destroyed(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    old = agency.signing.kid
    agency.keys.drop(old)
    assert agency.signing.kid == old

    agency.keys.next("signing").use_from(int(time.time()))
    agency.keys.drop(old)

    assert [key.kid for key in agency.keys.signatures("signing")] == [agency.signing.kid]
    assert agency.signing.kid != old
