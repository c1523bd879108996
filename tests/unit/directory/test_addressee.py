# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from hub.directory.addressee import check_addressee
from hub.errors import ParticipantSuspended, ReaderKeyStale, ReadersInvalid, RecipientUnknown
from hub.model.evidence import AdmittedStep
from hub.model.participant import ReadingKey
from tests.unit.directory.builders import (
    NOW,
    a_directory,
    a_jugendamt,
    a_participant,
    a_reader,
    a_reading_key,
    a_unit,
    an_admitted_step,
    an_entry,
)
from tests.unit.directory.duties import ASD as OFFICE_ASD
from tests.unit.directory.duties import SERVICE, a_line, a_roster, consent, on_file

ASD = "jugendamt:05170032.asd"
BEREITSCHAFT = "jugendamt:05170032.bereitschaft"
SCHOOL = "schule:999001"
DUTY = a_reading_key(f"{ASD} duty").kid
HEAD = a_reading_key(f"{ASD} head").kid


def test_a_unit_that_takes_part_is_addressed_with_its_own_keys() -> None:
    admitted = an_admitted_step(DUTY, HEAD)

    addressee = check_addressee(admitted, a_directory(), NOW)

    assert addressee.unit == ASD
    assert addressee.organisation == "jugendamt:05170032"
    assert addressee.admitted is admitted


@pytest.mark.parametrize("to", ["jugendamt:05170044.asd", "jugendamt:05170032"])
def test_nobody_is_addressed_who_is_not_a_unit(to: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        check_addressee(an_admitted_step(DUTY, to=to), a_directory(), NOW)

    assert refused.value.pointers == ("/aud",)


def test_a_unit_is_addressed_only_in_a_role_it_holds() -> None:
    """A misdirected notice would be read by people whom its legal basis does not name."""
    key = a_reading_key(f"{SCHOOL} desk").kid

    with pytest.raises(RecipientUnknown) as refused:
        check_addressee(an_admitted_step(key, to=SCHOOL), a_directory(), NOW)

    assert refused.value.pointers == ("/aud",)


def test_an_unconfirmed_unit_looks_like_one_that_does_not_exist() -> None:
    with pytest.raises(RecipientUnknown):
        check_addressee(an_admitted_step(DUTY), a_directory(a_jugendamt("enrolled")), NOW)


def test_a_suspended_unit_is_not_addressed() -> None:
    with pytest.raises(ParticipantSuspended):
        check_addressee(an_admitted_step(DUTY), a_directory(a_jugendamt("suspended")), NOW)


def test_a_key_of_the_next_office_is_stale_here() -> None:
    other = a_reading_key(f"{BEREITSCHAFT} duty").kid

    with pytest.raises(ReaderKeyStale) as refused:
        check_addressee(an_admitted_step(DUTY, other), a_directory(), NOW)

    assert refused.value.pointers == ("/readers/1",)


def test_every_stale_reader_is_named_by_its_place() -> None:
    gone, early = a_reading_key("gone", ends=NOW - 1), a_reading_key("early", begins=NOW + 1)
    reading = (a_reading_key("desk"), gone, early)
    unit = a_unit(ASD, roles=("jugendamt",), reading=reading)
    directory = a_directory(a_participant(an_entry(unit, organisation="jugendamt:05170032")))

    with pytest.raises(ReaderKeyStale) as refused:
        check_addressee(an_admitted_step(*(key.kid for key in reading)), directory, NOW)

    assert refused.value.pointers == ("/readers/1", "/readers/2")


@pytest.mark.parametrize("second", [NOW - 10, NOW + 10])
def test_a_key_is_current_to_its_last_second(second: int) -> None:
    key = a_reading_key("month", begins=NOW - 10, ends=NOW + 10)
    directory = a_directory(a_participant(an_entry(a_unit(reading=(key,)))))
    admitted = an_admitted_step(key.kid, to=SCHOOL, recipient="schule")

    assert check_addressee(admitted, directory, second).unit == SCHOOL


def test_what_was_entrusted_is_sealed_to_nobody_who_stands_in() -> None:
    """§ 65 Abs. 1 SGB VIII; the sender's software leaves it out, and here nobody relies on that."""
    line = a_line("Krisendienst", SERVICE)
    directory = on_file(a_roster(line), consent())
    desk, service = (a_reading_key(f"{unit} desk").kid for unit in (OFFICE_ASD, SERVICE))

    def admitted(*classes: str) -> AdmittedStep:
        readers = desk, a_reader(service, *classes)
        return an_admitted_step(*readers, to=OFFICE_ASD, urgency="sofort")

    assert check_addressee(admitted("main"), directory, NOW).first.unit == SERVICE
    with pytest.raises(ReadersInvalid) as refused:
        check_addressee(admitted("anvertraut", "main"), directory, NOW)

    assert refused.value.pointers == ("/readers/1",)


def test_the_desk_itself_waits_for_no_escalation() -> None:
    """Its second key would be lent with the first, before anything of it stands in the log."""
    admitted = an_admitted_step(DUTY, a_reader(HEAD, rel="escalation"))

    with pytest.raises(ReadersInvalid) as refused:
        check_addressee(admitted, a_directory(), NOW)

    assert refused.value.pointers == ("/readers/1",)


DESK = a_reading_key("school desk")
TEACHER = a_reading_key("teacher", "person")
COLLEAGUE = a_reading_key("colleague", "person")
THE_SCHOOL = a_participant(an_entry(a_unit(reading=(DESK, TEACHER, COLLEAGUE))))


def test_a_rueckmeldung_is_sealed_to_the_reporting_person() -> None:
    """§ 4 Abs. 4 KKG: "dieser Person", which is not her school."""
    admitted = an_admitted_step(TEACHER.kid, to=SCHOOL, recipient="schule", person_only=True)

    assert check_addressee(admitted, a_directory(THE_SCHOOL), NOW).unit == SCHOOL


def test_a_rueckmeldung_sealed_to_the_desk_is_refused() -> None:
    admitted = an_admitted_step(DESK.kid, to=SCHOOL, recipient="schule", person_only=True)

    with pytest.raises(ReaderKeyStale) as refused:
        check_addressee(admitted, a_directory(THE_SCHOOL), NOW)

    assert refused.value.pointers == ("/readers/0",)


@pytest.mark.parametrize("second", [DESK, COLLEAGUE])
def test_a_rueckmeldung_has_no_second_reader(second: ReadingKey) -> None:
    admitted = an_admitted_step(
        TEACHER.kid, second.kid, to=SCHOOL, recipient="schule", person_only=True
    )

    with pytest.raises(ReadersInvalid) as refused:
        check_addressee(admitted, a_directory(THE_SCHOOL), NOW)

    assert refused.value.pointers == ("/readers",)


def test_nothing_else_is_sealed_to_a_person() -> None:
    admitted = an_admitted_step(DESK.kid, TEACHER.kid, to=SCHOOL, recipient="schule")

    with pytest.raises(ReaderKeyStale) as refused:
        check_addressee(admitted, a_directory(THE_SCHOOL), NOW)

    assert refused.value.pointers == ("/readers/1",)
