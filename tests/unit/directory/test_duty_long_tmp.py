# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act: a table written by hand, and a second way to work it out."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.directory.calendar import ORDINARY
from hub.directory.duty import (
    calendar_of,
    is_named,
    may_act,
    named_units,
    neighbour,
    on_duty,
)
from hub.model.roster import Hours, Line, Roster, Service
from tests.unit.directory.duties import (
    ASD,
    DAYS,
    HEAD,
    OFFICE,
    SERVICE,
    a_line,
    a_roster,
    an_office,
    consent,
    instant,
    on_file,
    table,
    who_covers,
)

KNOWN, CASES = table()
SATURDAY = instant("2026-11-21T21:52")
DAY = 86_400


def test_there_are_at_least_sixty_and_each_has_its_reason() -> None:
    assert len(CASES) >= 60
    assert all(case["because"] for case in CASES)
    assert len({(case["roster"], case["at"]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['roster']} {case['at']}")
def test_the_right_ones_are_asked_and_until_the_right_moment(case: dict[str, Any]) -> None:
    found = on_duty(ASD, KNOWN[case["roster"]], instant(case["at"]))

    expected = case["asked"] or ["Allgemeiner Sozialer Dienst"]
    assert [turn.name for turn in found.turns] == expected, case["because"]
    assert found.is_valid is bool(case["asked"])
    assert found.until == (instant(case["ends"]) if "ends" in case else None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['roster']} {case['at']}")
def test_whoever_is_asked_first_reads(case: dict[str, Any]) -> None:
    found = on_duty(ASD, KNOWN[case["roster"]], instant(case["at"]))

    reading = [turn.unit for turn in found.turns if turn.unit is not None]
    assert found.first == reading[0]
    assert found.reason.endswith(".")
    assert all(turn.reason.endswith(".") for turn in found.turns)


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.parametrize(
    "night", ["2026-10-25T00:00", "2027-03-28T00:00", "2026-11-21T00:00", "2026-06-04T00:00"]
)
def test_in_tricky_nights_both_ways_agree_minute_by_minute(name: str, night: str) -> None:
    known = KNOWN[name].unit(ASD)
    service = KNOWN[name].unit(SERVICE)
    assert known is not None
    assert service is not None
    begins = instant(night)

    for at in range(begins - 3 * 3600, begins + 9 * 3600, 60):
        covering = who_covers(known.roster, at, service.serves) if known.roster else []
        found = on_duty(ASD, KNOWN[name], at)
        names = [turn.name for turn in found.turns if turn.name != known.name]
        assert names == covering
        assert found.is_valid is bool(covering)


WALL = st.integers(0, 24 * 4).map(lambda each: f"{each // 4:02}:{each % 4 * 15:02}")
"""Every quarter of an hour, and ``24:00``."""
SOME_HOURS = st.builds(
    Hours,
    days=st.sets(st.sampled_from(DAYS), min_size=1).map(tuple),
    begins=WALL,
    ends=WALL,
)
START = date(2026, 1, 1)
DATES = st.integers(0, 730).map(lambda each: START + timedelta(days=each))
TERMS = st.tuples(DATES, DATES).map(lambda both: (min(both), max(both)))
WHEN: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["always", "office-hours", "outside"]),
    st.lists(SOME_HOURS, min_size=1, max_size=3).map(tuple),
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, ...]:
    count = draw(st.integers(1, 5))
    return tuple(
        a_line(
            f"Zeile {place}",
            draw(st.sampled_from([ASD, HEAD, SERVICE, None])),
            order=draw(st.integers(1, 3)),
            when=draw(WHEN),
            on_holidays=draw(st.booleans()),
            term=draw(TERMS),
        )
        for place in range(count)
    )


ROSTERS = st.builds(
    Roster,
    land=st.just("nw"),
    office_hours=st.lists(SOME_HOURS, max_size=3).map(tuple),
    closed=st.lists(DATES, max_size=3).map(tuple),
    valid_from=st.just(date(2026, 2, 1)),
    valid_until=st.just(date(2027, 11, 30)),
    lines=lines(),
)
SERVICES = st.lists(TERMS.map(lambda term: consent(*term)), max_size=2)
MINUTES = st.one_of(
    st.integers(instant("2026-01-01T00:00") // 60, instant("2027-12-31T00:00") // 60),
    st.integers(instant("2026-10-24T20:00") // 60, instant("2026-10-25T08:00") // 60),
    st.integers(instant("2027-03-27T20:00") // 60, instant("2027-03-28T08:00") // 60),
    st.integers(instant("2026-06-03T00:00") // 60, instant("2026-06-06T00:00") // 60),
).map(lambda minute: minute * 60)
HOLIDAY_SHIFT = a_roster(
    a_line(when=(Hours(days=DAYS, begins="24:00", ends="24:00"),), on_holidays=False), office=()
)


@settings(max_examples=5000)
@given(ROSTERS, SERVICES, MINUTES)
@example(HOLIDAY_SHIFT, [], instant("2026-06-05T12:00"))
@example(a_roster(), [], instant("2027-11-30T23:59"))
def test_at_every_minute_both_ways_agree_and_nothing_changes_before_it_is_said(
    roster: Roster, services: list[Service], at: int
) -> None:
    known = on_file(roster, *services)
    found = on_duty(ASD, known, at)
    covering = who_covers(roster, at, services)

    named = [turn.name for turn in found.turns if turn.name.startswith("Zeile")]
    assert named == [name for name in covering if name.startswith("Zeile")]
    assert found.is_valid is bool(covering)
    end = at + 2 * DAY if found.until is None else found.until
    # A day, then minute by minute the hour before the change, then the change itself.
    looked_at = {*range(at, min(end, at + DAY), 300), *range(max(at, end - 3600), end, 60)}
    assert all(who_covers(roster, each, services) == covering for each in looked_at)
    if found.until is not None:
        assert who_covers(roster, found.until, services) != covering
        assert found.until % 60 == 0


def test_a_service_that_is_suspended_is_not_waited_for() -> None:
    roster = a_roster(
        a_line("Krisendienst", SERVICE, when="outside"),
        a_line("Leitung", HEAD, order=2, when="outside"),
    )

    assert on_duty(ASD, on_file(roster, consent()), SATURDAY).first == SERVICE
    assert on_duty(ASD, on_file(roster, consent(), service="suspended"), SATURDAY).first == HEAD


def test_a_line_of_a_unit_that_nobody_knows_counts_for_nothing() -> None:
    roster = a_roster(a_line("Weg", f"{OFFICE}.weg"), a_line("Leitung", HEAD, order=2))

    assert [turn.name for turn in on_duty(ASD, on_file(roster), SATURDAY).turns] == ["Leitung"]


def test_consent_to_another_office_is_no_consent() -> None:
    known = on_file(a_roster(a_line(unit=SERVICE)), consent(to="jugendamt:05978028"))

    found = on_duty(ASD, known, SATURDAY)

    assert not found.is_valid
    assert "fehlt die Zusage" in found.reason


def test_consent_that_is_renewed_leaves_no_gap() -> None:
    first = consent(date(2026, 1, 1), date(2026, 6, 30))
    second = consent(date(2026, 7, 1), date(2026, 12, 31))

    found = on_duty(
        ASD, on_file(a_roster(a_line(unit=SERVICE)), first, second), instant("2026-06-30T23:59")
    )

    assert found.until == instant("2027-01-01T00:00")


def test_a_unit_that_nobody_knows_is_asked_itself_and_nobody_promised() -> None:
    found = on_duty("jugendamt:05978000.asd", on_file(None), SATURDAY)

    assert (found.first, found.is_valid, found.until) == ("jugendamt:05978000.asd", False, None)


@pytest.mark.parametrize(
    ("roster", "at", "says"),
    [
        ("werne", "2026-11-21T21:52", "Samstag 21:52 Uhr, das Amt ist geschlossen; laut Bereitsch"),
        ("werne", "2026-11-18T10:00", "Mittwoch 10:00 Uhr, das Amt ist geöffnet"),
        ("werne", "2026-06-04T10:00", "(Fronleichnam)"),
        ("werne", "2026-11-21T21:52", "bis Montag, 23.11.2026, 08:00 Uhr „Krisendienst“ zuerst"),
        ("vertrag-endet", "2026-11-20T23:00", "bis Freitag, 20.11.2026, 24:00 Uhr"),
        ("schichten", "2026-10-25T02:30+01:00", "02:30 Uhr (nach der Umstellung)"),
        ("nur-anruf", "2026-11-20T12:00", "nur „Leitstelle“ anzurufen"),
        ("nur-anruf", "2026-11-21T12:00", "galt bis zum 20.11.2026"),
        ("werne", "2025-12-31T23:59", "gilt erst ab dem 01.01.2026"),
        ("vertrag-endet", "2026-11-23T09:00", "nennt für diese Zeit niemanden."),
        ("ohne-zusage", "2026-11-21T21:52", "für „Krisendienst“ fehlt die Zusage"),
        ("keiner", "2026-11-21T21:52", "keinen Bereitschaftsplan"),
    ],
)
def test_the_reason_is_said_in_german(roster: str, at: str, says: str) -> None:
    assert says in on_duty(ASD, KNOWN[roster], instant(at)).reason


def test_sealed_is_to_whoever_may_be_asked_now_or_within_a_day() -> None:
    roster = a_roster(
        a_line("Krisendienst", SERVICE, order=2, when="outside"),
        a_line("Leitung", HEAD, order=1, term=(date(2026, 11, 1), date(2026, 11, 20))),
        a_line("ASD", ASD, order=3),
        a_line("Leitstelle", None, order=4),
    )
    known = on_file(roster, consent(last=date(2026, 11, 22)))

    assert named_units(ASD, known, instant("2026-11-20T12:00")) == (HEAD, SERVICE)
    assert named_units(ASD, known, instant("2026-11-21T00:00")) == (SERVICE,)
    assert named_units(ASD, known, instant("2026-11-23T00:00")) == ()
    assert named_units(ASD, known, instant("2026-10-31T00:30")) == (HEAD, SERVICE)
    assert named_units(ASD, known, instant("2026-10-30T23:30")) == (SERVICE,)


def test_a_service_acts_inside_its_shift_alone() -> None:
    known = KNOWN["werne"]

    assert may_act(SERVICE, ASD, known, SATURDAY)
    assert not may_act(SERVICE, ASD, known, instant("2026-11-23T08:00"))
    assert not may_act(SERVICE, HEAD, known, SATURDAY)
    assert may_act(ASD, ASD, known, SATURDAY)
    assert may_act(HEAD, ASD, known, SATURDAY)
    assert not may_act("krisendienst:anderer-dienst.05978040", ASD, known, SATURDAY)


def test_who_signed_at_the_end_of_a_contract_is_known_a_while_longer() -> None:
    known = KNOWN["zusage-endet"]

    assert is_named(SERVICE, ASD, known, instant("2026-11-21T00:05"))
    assert not is_named(SERVICE, ASD, known, instant("2026-11-28T00:05"))
    assert not is_named(SERVICE, ASD, KNOWN["ohne-zusage"], SATURDAY)
    assert is_named(ASD, ASD, known, SATURDAY)
    assert not is_named(HEAD, ASD, KNOWN["keiner"], SATURDAY)


def test_what_a_suspended_service_signed_before_is_still_its_signature() -> None:
    known = on_file(a_roster(a_line(unit=SERVICE)), consent(), service="suspended")

    assert is_named(SERVICE, ASD, known, SATURDAY)
    assert not may_act(SERVICE, ASD, known, SATURDAY)


def test_somebody_in_the_same_kreis_can_be_rung_up() -> None:
    near, far = "jugendamt:05978028.asd", "jugendamt:05170000.asd"
    open_all_day = a_roster(a_line("Bereitschaft", near), office=())
    known = on_file(
        None,
        beside=[
            an_office(a_roster(a_line("Fern", far)), far),
            an_office(None, "jugendamt:05978000.asd"),
            an_office(open_all_day, near),
        ],
    )

    found = neighbour(ASD, known, SATURDAY)

    assert found is not None
    assert found.unit == near
    assert found.name.endswith("Bereitschaft")
    assert neighbour(far, known, SATURDAY) is None
    assert neighbour(SERVICE, known, SATURDAY) is None
    assert neighbour("jugendamt:05978099.asd", known, SATURDAY) is None


def test_nobody_is_their_own_neighbour() -> None:
    known = on_file(None, beside=[])

    assert neighbour(ASD, known, SATURDAY) is None


def test_a_unit_without_roster_has_the_ordinary_hours() -> None:
    assert calendar_of(ASD, KNOWN["keiner"]) is ORDINARY
    assert not calendar_of(ASD, KNOWN["schichten"]).is_open(instant("2026-11-18T10:00"))


def test_what_was_worked_out_for_one_directory_is_not_said_of_the_next() -> None:
    before, after = on_file(a_roster()), on_file(None)

    assert on_duty(ASD, before, SATURDAY).is_valid
    assert not on_duty(ASD, after, SATURDAY).is_valid


def test_years_ahead_are_worked_out_and_let_go_of_again() -> None:
    known = on_file(a_roster(a_line(when="outside"), term=(date(2026, 1, 1), date(2036, 1, 1))))
    monday = instant("2026-01-05T09:00")

    assert not any(on_duty(ASD, known, monday + week * 7 * DAY).is_valid for week in range(8))
    assert on_duty(ASD, known, SATURDAY) == on_duty(ASD, known, SATURDAY)
