# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an agreement switches on, for whom, on which days, and by when somebody has to act."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.errors import NoAgreement
from hub.model.agreement import Concluded, Direction
from hub.model.evidence import AdmittedStep
from hub.model.protocol import Deadline
from hub.protocols.admit import admit
from hub.protocols.agreements import (
    clocks_for,
    in_force_between,
    is_never_later,
    standing,
    today,
)
from tests.unit.protocols.agreed import (
    OFFICE_ITSELF,
    SCHOOL_ITSELF,
    TODAY,
    agreed_clocks,
    an_agreed,
    an_agreement,
    concluded,
    to_office,
)
from tests.unit.protocols.builders import (
    NOW,
    a_catalogue,
    a_conversation,
    a_form,
    a_protocol,
    an_envelope,
    some_parties,
    turned,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(FIRST - DAY, "agreed"), (FIRST, "in-force"), (LAST, "in-force"), (LAST + DAY, "expired")],
)
def test_an_agreement_binds_from_its_first_day_to_its_last(day: date, expected: str) -> None:
    assert standing(concluded(), day) == expected


def test_what_one_party_has_not_signed_binds_nobody() -> None:
    half = concluded(but=SCHOOL_ITSELF)

    assert standing(half, TODAY) == "proposed"
    assert in_force_between([half], SCHOOL_ITSELF, OFFICE_ITSELF, TODAY) == ()


def test_notice_ends_it_for_all_at_the_end_of_its_day() -> None:
    ended = concluded(ends=TODAY)

    assert standing(ended, TODAY) == "in-force"
    assert standing(ended, TODAY + DAY) == "ended"


def test_a_new_version_takes_the_place_of_the_one_before_once_all_have_signed() -> None:
    old = concluded()
    new = an_agreement(version=2)

    assert standing(old, TODAY, [old, concluded(new, but=OFFICE_ITSELF)]) == "in-force"
    assert standing(old, TODAY, [old, concluded(new)]) == "replaced"


def test_nobody_puts_an_end_to_an_agreement_by_a_version_without_the_others() -> None:
    old = concluded(an_agreement(parties=(OFFICE_ITSELF, SCHOOL_ITSELF, "schule:999002")))
    without = concluded(an_agreement(version=2))

    assert standing(old, TODAY, [old, without]) == "in-force"


def test_only_the_parties_are_covered() -> None:
    known = [concluded()]

    assert in_force_between(known, SCHOOL_ITSELF, OFFICE_ITSELF, TODAY) == tuple(known)
    assert in_force_between(known, "schule:999002", OFFICE_ITSELF, TODAY) == ()


def test_days_are_those_of_berlin() -> None:
    """A term that ends on 31 December ends when people there say so, not an hour later."""
    late = datetime(2026, 12, 31, 22, 59, tzinfo=UTC).timestamp()

    assert (today(late), today(late + 60)) == (LAST, LAST + DAY)


def opened(agreements: tuple[Concluded, ...], **members: Any) -> AdmittedStep:
    """Let a school open a conversation under a protocol that asks for an agreement."""
    protocol = a_protocol(agreement=True, **members)
    parties = some_parties(protocol, agreements=agreements)
    return admit(a_form(an_envelope("mitteilung")), None, parties, a_catalogue(protocol))


@pytest.mark.parametrize(
    "protocol", ["erfunden/1", "erfunden/1.0.0"], ids=["major number", "exact version"]
)
def test_an_agreement_about_the_protocol_opens_it(protocol: str) -> None:
    own = concluded(an_agreement(protocols=(an_agreed(protocol=protocol),)))

    assert opened((own,)).agreements == (own,)


NOT_COVERED = {
    "none": (),
    "another protocol": (an_agreed(protocol="anderes/1"),),
    "another major number": (an_agreed(protocol="erfunden/2"),),
    "a number that begins alike": (an_agreed(protocol="erfunden/10"),),
    "another exact version": (an_agreed(protocol="erfunden/1.0.1"),),
    "the other direction": (
        an_agreed(between=(Direction(sender="jugendamt", recipient="schule"),)),
    ),
}


@pytest.mark.parametrize("name", NOT_COVERED)
def test_without_an_agreement_that_covers_it_nothing_is_opened(name: str) -> None:
    agreed = NOT_COVERED[name]
    known = (concluded(an_agreement(protocols=agreed)),) if agreed else ()

    with pytest.raises(NoAgreement) as refused:
        opened(known)

    assert refused.value.pointers == ("/aud",)


def test_a_protocol_that_asks_for_none_needs_none() -> None:
    """The duties of the law cannot be switched off by letting an agreement end."""
    form = a_form(an_envelope("mitteilung"))

    assert admit(form, None, some_parties(), a_catalogue()).agreements == ()


def test_a_conversation_goes_on_after_the_agreement_has_ended() -> None:
    protocol = a_protocol(agreement=True)
    form = a_form(an_envelope("rueckmeldung", a_conversation()))
    parties = turned(some_parties(protocol))

    assert admit(form, a_conversation(), parties, a_catalogue(protocol)).step.closes


def test_an_agreed_clock_takes_the_place_of_a_later_one_and_the_others_stay() -> None:
    own = an_agreed(between=to_office(), clocks={"planbar": agreed_clocks(acknowledged=5)})
    step = opened((concluded(an_agreement(protocols=(own,))),))

    clocks = clocks_for(step)

    assert clocks.acknowledged.within == timedelta(minutes=5)
    assert clocks.acknowledged.source == "Vereinbarung"
    assert (clocks.taken, clocks.overdue) == (step.clocks.taken, step.clocks.overdue)


def test_an_agreed_clock_is_never_later_than_that_of_the_protocol() -> None:
    """Whoever gets a later one past the check by another version still gains nothing."""
    own = an_agreed(clocks={"planbar": agreed_clocks(acknowledged=11)})
    step = opened((concluded(an_agreement(protocols=(own,))),))

    assert clocks_for(step) == step.clocks


def test_the_clock_of_another_urgency_is_left_alone() -> None:
    own = an_agreed(clocks={"sofort": agreed_clocks(acknowledged=5)})
    step = opened((concluded(an_agreement(protocols=(own,))),))

    assert clocks_for(step) == step.clocks


@pytest.mark.parametrize(
    ("hours", "expected"), [(11, True), (12, True), (13, False), (24, False), (72, False)]
)
def test_hours_are_held_against_working_days_at_every_hour_of_a_week(
    hours: int, expected: bool
) -> None:
    """Noon of the next working day is at the earliest twelve hours away: after 23 o'clock."""
    elapsed = Deadline(within=timedelta(hours=hours), source="Vereinbarung")
    days = Deadline(within=DAY, source="Vorgabe des Projekts", counted="working-days")

    assert is_never_later(elapsed, days) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("4 elapsed", "4 office-hours", True),
        ("5 elapsed", "4 office-hours", False),
        ("2 office-hours", "4 office-hours", True),
        ("1 office-hours", "24 elapsed", False),
        ("0 office-hours", "720 elapsed", False),
        ("1 office-hours", "24 working-days", False),
        ("24 working-days", "720 elapsed", False),
        ("24 working-days", "720 office-hours", False),
        ("24 working-days", "48 working-days", True),
        ("48 working-days", "24 working-days", False),
        ("180 elapsed", "144 working-days", False),
        ("179 elapsed", "144 working-days", True),
    ],
)
def test_what_is_counted_by_the_office_is_never_taken_for_the_earlier(
    one: str, other: str, *, expected: bool
) -> None:
    """Nobody knows whose office hours will count; six working days are an hour less in March."""

    def deadline(text: str) -> Deadline:
        hours, counted = text.split()
        within = timedelta(hours=int(hours))
        return Deadline.model_validate({"within": within, "source": "Probe", "counted": counted})

    assert is_never_later(deadline(one), deadline(other)) is expected


def test_the_day_of_the_examples_is_the_day_of_their_messages() -> None:
    assert today(NOW) == TODAY
