# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from hub.directory.participants import Directory, listed
from hub.model.participant import DirectoryEntry, Status
from hub.sealing.canonical import digest
from tests.unit.directory.builders import (
    NOW,
    a_directory,
    a_jugendamt,
    a_participant,
    a_reading_key,
    a_signing_key,
    a_unit,
    an_entry,
)

ASD = "jugendamt:05170032.asd"
SCHOOL = "schule:999001"


def test_an_organisation_with_units_is_addressed_only_through_them() -> None:
    directory = a_directory()

    assert directory.unit(ASD) is not None
    assert directory.unit("jugendamt:05170032") is None
    assert not directory.is_active("jugendamt:05170032")


def test_a_school_without_named_units_is_its_own_unit() -> None:
    directory = a_directory()

    assert directory.unit(SCHOOL) is not None
    assert directory.is_active(SCHOOL)
    assert directory.roles(SCHOOL) == {"schule"}


def test_a_unit_leads_to_its_organisation() -> None:
    organisation = a_directory().organisation(ASD)

    assert organisation is not None
    assert organisation.organisation == "jugendamt:05170032"


@pytest.mark.parametrize("status", ["proposed", "invited", "enrolled"])
def test_nobody_uses_a_key_before_its_fingerprint_was_confirmed(status: Status) -> None:
    directory = a_directory(a_participant(an_entry(), status))

    assert directory.status(SCHOOL) == status
    assert directory.unit(SCHOOL) is None
    assert not directory.is_active(SCHOOL)
    assert directory.signing_key(SCHOOL, a_signing_key(f"{SCHOOL} signing").kid) is None
    assert directory.root_key(SCHOOL) is None


def test_what_a_suspended_organisation_signed_can_still_be_verified() -> None:
    directory = a_directory(a_jugendamt("suspended"))

    assert not directory.is_active(ASD)
    assert directory.signing_key(ASD, a_signing_key(f"{ASD} signing").kid) is not None
    assert directory.root_key(ASD) is not None


def test_a_key_serves_its_own_unit_and_its_own_purpose() -> None:
    directory = a_directory()
    signing = a_signing_key(f"{ASD} signing")
    token = a_signing_key(f"{ASD} token")
    duty = a_reading_key(f"{ASD} duty")

    assert directory.signing_key(ASD, signing.kid) == signing
    assert directory.token_key(ASD, token.kid) == token
    assert directory.reading_key(ASD, duty.kid) == duty
    assert directory.signing_key("jugendamt:05170032.bereitschaft", signing.kid) is None
    assert directory.signing_key("jugendamt:05170032", signing.kid) is None
    assert directory.signing_key(ASD, token.kid) is None
    assert directory.token_key(ASD, signing.kid) is None
    assert directory.reading_key(SCHOOL, duty.kid) is None


def test_the_root_key_signs_no_messages() -> None:
    root = a_signing_key("jugendamt:05170032 root")
    directory = a_directory()

    assert directory.root_key(ASD) == root
    assert directory.signing_key(ASD, root.kid) is None


def test_a_sender_seals_to_the_desk_keys_of_today_and_to_no_person() -> None:
    today = a_reading_key("today")
    unit = a_unit(
        reading=(
            today,
            a_reading_key("last month", ends=NOW - 1),
            a_reading_key("next month", begins=NOW + 1),
            a_reading_key("somebody", "person"),
        )
    )

    assert a_directory(a_participant(an_entry(unit))).desk_keys(SCHOOL, NOW) == (today,)


def test_a_controller_adopts_one_digest_and_nothing_else() -> None:
    adopted = ("jugendamt:05170032", "schule-mitteilung/1.0.0", digest("protocol"))
    directory = Directory((a_jugendamt(),), frozenset({adopted}))

    assert directory.has_adopted(ASD, "schule-mitteilung/1.0.0", digest("protocol"))
    assert not directory.has_adopted(ASD, "schule-mitteilung/1.0.0", digest("other"))
    assert not directory.has_adopted(SCHOOL, "schule-mitteilung/1.0.0", digest("protocol"))


def test_the_table_lists_who_takes_part_and_shows_no_key() -> None:
    directory = a_directory(a_jugendamt(), a_participant(an_entry(), "suspended"))

    assert directory.listed() == (listed(an_entry_of_the_jugendamt()),)
    assert "kid" not in directory.listed()[0].model_dump_json()


def an_entry_of_the_jugendamt() -> DirectoryEntry:
    entry = a_jugendamt().entry
    assert entry is not None
    return entry


def test_an_unknown_party_is_nobody() -> None:
    directory = a_directory()

    assert directory.status("schule:999099") is None
    assert directory.roles("schule:999099") == frozenset()
    assert directory.desk_keys("schule:999099", NOW) == ()
