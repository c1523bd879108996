# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What nobody could rely on at night is not published."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.duty_changes import changed_duties
from hub.directory.entry import check_entry
from hub.directory.hours import ZONE, term
from hub.directory.roster import Bearer, Duty, gaps, unsound
from hub.errors import EnvelopeInvalid
from hub.model.participant import Unit
from hub.model.roster import Line, Roster
from tests.unit.directory.builders import (
    HUB,
    NOW,
    a_jugendamt_unit,
    a_participant,
    a_reading_key,
    an_entry,
)
from tests.unit.directory.rosters import (
    DESK,
    DUTY,
    FIRST,
    LAST,
    SERVICE,
    a_line,
    a_roster,
    a_service,
    by_day_and_by_night,
    hours,
)

DAY = timedelta(days=1)
BEARER = Bearer(DESK, frozenset({DESK, DUTY}), 6)


def wrong_places(duty: Duty, bearer: Bearer | None = BEARER) -> list[str]:
    return [pointer for pointer, _ in unsound(duty, bearer)]


def wrong_in(roster: Roster) -> list[str]:
    return wrong_places(Duty(roster=roster))


def second(day: date, clock: str) -> int:
    return int(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONE).timestamp())


def test_a_roster_by_day_and_by_night_is_sound() -> None:
    assert wrong_in(by_day_and_by_night()) == []


@pytest.mark.parametrize(
    ("roster", "pointer"),
    [
        (a_roster(valid_until=FIRST - DAY), "/roster/valid_until"),
        (a_roster(valid_until=FIRST + 401 * DAY), "/roster/valid_until"),
        (a_roster(a_line(valid_from=FIRST - DAY)), "/roster/lines/0/valid_from"),
        (a_roster(a_line(valid_until=LAST + DAY)), "/roster/lines/0/valid_until"),
        (
            a_roster(a_line(valid_from=LAST, valid_until=LAST - DAY)),
            "/roster/lines/0/valid_until",
        ),
        (a_roster(a_line(unit=SERVICE)), "/roster/lines/0/basis"),
        (a_roster(a_line(unit="jugendamt:05170032.nacht")), "/roster/lines/0/unit"),
        (a_roster(a_line(when=(hours("08:00", "08:00"),))), "/roster/lines/0/when/0/ends"),
        (a_roster(a_line(when=(hours("24:00", "08:00"),))), "/roster/lines/0/when/0/begins"),
        (a_roster(office_hours=(hours("00:00", "00:00"),)), "/roster/office_hours/0/ends"),
        (a_roster(a_line(), a_line(unit=DUTY)), "/roster/lines/1/order"),
    ],
)
def test_what_cannot_be_relied_on_is_refused_and_the_place_is_named(
    roster: Roster, pointer: str
) -> None:
    assert wrong_in(roster) == [pointer]


def test_a_roster_runs_four_hundred_days_and_no_more() -> None:
    last = FIRST + 400 * DAY

    assert wrong_in(a_roster(a_line(valid_until=last), valid_until=last)) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"valid_until": FIRST - DAY}, "/serves/0/valid_until"),
        ({"organisation": "jugendamt:05170032"}, "/serves/0/organisation"),
        ({"organisation": "jugendamt:05170044.asd"}, "/serves/0/organisation"),
    ],
)
def test_nobody_stands_in_for_itself_or_for_a_part_of_another(
    changes: dict[str, Any], pointer: str
) -> None:
    service = a_service(organisation="jugendamt:05170044").model_copy(update=changes)

    assert wrong_places(Duty(serves=(service,))) == [pointer]
    assert wrong_places(Duty(serves=(a_service(),)), Bearer(SERVICE, None, 6)) == []


def two(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return wrong_in(a_roster(a_line(**one), a_line(**{"unit": DUTY} | other)))


NIGHT = {"when": (hours("16:00", "08:00"),)}
TWICE = ["/roster/lines/1/order"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"when": "office-hours"}, NIGHT),
        ({"when": "office-hours"}, {"when": "outside"}),
        ({"valid_until": date(2026, 9, 30)}, {"valid_from": date(2026, 10, 1)}),
        ({}, {"order": 2}),
        ({}, {"unit": DESK, "telephone": "0221 4710102"}),
    ],
    ids=["day and night", "open and closed", "one after the other", "two places", "one unit"],
)
def test_two_may_have_one_place_at_different_times(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert two(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"when": (hours("08:00", "16:01"),)}, NIGHT),
        ({"when": "outside"}, NIGHT),
        ({"when": "outside"}, {"when": (hours(),)}),
        ({"valid_until": date(2026, 10, 1)}, {"valid_from": date(2026, 10, 1)}),
        ({"unit": None}, {"unit": None, "telephone": "0221 4710102"}),
    ],
    ids=["a minute", "at night", "on holidays alone", "on one day", "two who are called"],
)
def test_two_on_one_place_at_one_time_are_refused(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """On a holiday the office is closed, while hours of the clock go on unless they say so."""
    assert two(one, other) == TWICE


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_shifts_meet_in_the_nights_in_which_the_clock_is_changed(day: date) -> None:
    """Saturday 22:00 to Sunday 06:00, and on; in one of them two o'clock comes twice or never."""
    night = hours("22:00", "02:30", days=("sa",))
    morning = hours("02:30", "06:00", days=("so",))
    roster = a_roster(a_line(when=(night,)), a_line(unit=DUTY, when=(morning,)))

    assert wrong_in(roster) == []
    assert gaps(roster, (second(day, "22:00"), second(day + DAY, "06:00"))) == ()


def named(count: int, **changes: Any) -> tuple[Line, ...]:
    """Return lines of as many crisis services, each asked after the one before."""
    return tuple(
        a_line(
            unit=f"krisendienst:probe-{number}.05170032",
            order=number + 1,
            basis="lkischgnrw-4-2",
            **changes,
        )
        for number in range(count)
    )


def test_a_message_has_room_for_all_who_are_named() -> None:
    assert wrong_in(a_roster(*named(6))) == []
    assert wrong_in(a_roster(*named(7))) == ["/roster/lines"]


def test_those_who_come_one_after_the_other_need_no_room_together() -> None:
    change = date(2026, 8, 1)
    before = named(4, valid_until=change - 2 * DAY)
    after = [
        line.model_copy(update={"unit": f"krisendienst:neu-{place}.05170032"})
        for place, line in enumerate(named(4, valid_from=change))
    ]

    assert wrong_in(a_roster(*before, *after)) == []


def test_who_begins_tomorrow_reads_what_is_sent_today() -> None:
    change = date(2026, 8, 1)
    before = named(4, valid_until=change - DAY)
    after = [
        line.model_copy(update={"unit": f"krisendienst:neu-{place}.05170032"})
        for place, line in enumerate(named(4, valid_from=change))
    ]

    assert wrong_in(a_roster(*before, *after)) == ["/roster/lines"]


def test_without_a_bearer_only_what_is_wrong_for_everybody_is_found() -> None:
    anybodys = a_roster(a_line(unit="jugendamt:05170032.nacht"), *named(7)[1:])
    nobodys = a_roster(a_line(when=(hours("08:00", "08:00"),)))

    assert wrong_places(Duty(roster=anybodys), None) == []
    assert wrong_places(Duty(roster=nobodys), None) == ["/roster/lines/0/when/0/ends"]


def entry_with(roster: Roster, *keys: str) -> Unit:
    unit = a_jugendamt_unit(DESK)
    more = tuple(a_reading_key(key) for key in keys)
    return unit.model_copy(update={"roster": roster, "reading": (*unit.reading, *more)})


def check(unit: Unit) -> None:
    entry = an_entry(unit, a_jugendamt_unit(DUTY), organisation="jugendamt:05170032")
    invited = a_participant(status="invited").model_copy(
        update={"organisation": "jugendamt:05170032"}
    )
    check_entry(entry, invited, HUB, {}, NOW)


def test_an_entry_with_a_roster_is_checked_as_a_whole() -> None:
    """That the crisis service has not agreed yet is no reason: it may do so tomorrow."""
    check(entry_with(by_day_and_by_night()))
    with pytest.raises(EnvelopeInvalid) as refused:
        check(entry_with(a_roster(a_line(unit=SERVICE))))

    assert refused.value.pointers == ("/units/0/roster/lines/0/basis",)


def test_every_key_of_the_desk_takes_room() -> None:
    check(entry_with(a_roster(*named(5)), "third"))
    with pytest.raises(EnvelopeInvalid) as refused:
        check(entry_with(a_roster(*named(6)), "third"))

    assert refused.value.pointers == ("/units/0/roster/lines",)


def test_a_key_that_is_being_replaced_takes_no_room() -> None:
    """Or a revocation would have to wait for a contract with a crisis service."""
    unit = entry_with(a_roster(*named(6)))
    old = a_reading_key("old", ends=NOW + 60)

    check(unit.model_copy(update={"reading": (*unit.reading, old)}))


def test_gaps_are_found_and_no_mistake() -> None:
    roster = a_roster(a_line(when="office-hours"))
    monday = date(2026, 3, 2)

    assert wrong_in(roster) == []
    assert gaps(roster, (second(monday, "00:00"), second(monday + DAY, "12:00"))) == (
        (second(monday, "00:00"), second(monday, "08:00")),
        (second(monday, "16:00"), second(monday + DAY, "08:00")),
    )


def test_before_and_after_its_term_a_roster_is_one_gap() -> None:
    first, last = term(FIRST, LAST)

    assert gaps(a_roster(), (first - 10, last + 10)) == ((first - 10, first), (last, last + 10))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 300).map(lambda n: FIRST + n * DAY))
def test_two_shifts_that_share_a_day_leave_no_gap_and_share_no_place(
    change: int, back: int, day: date
) -> None:
    if change == back:
        return
    every = ("mo", "di", "mi", "do", "fr", "sa", "so")
    one = hours(f"{change:02}:00", f"{back:02}:00", days=every)
    other = hours(f"{back:02}:00", f"{change:02}:00", days=every)
    roster = a_roster(a_line(when=(one,)), a_line(unit=DUTY, when=(other,)))

    assert wrong_in(roster) == []
    assert gaps(roster, (second(day + 2 * DAY, "00:00"), second(day + 9 * DAY, "00:00"))) == ()


def said(**units: dict[str, Any]) -> dict[str, Any]:
    return {"units": [{"id": f"schule:{name}", **duty} for name, duty in units.items()]}


def test_the_log_is_told_whose_duty_changed_and_of_nothing_else() -> None:
    plan, other = {"roster": {"land": "nw"}}, {"roster": {"land": "nw"}, "serves": [{}]}
    known = said(a={}, b=plan, c=plan, d=plan)

    changed = changed_duties(known, said(a={"telephone": "1"}, b=plan, c=other, d={"serves": []}))

    assert list(changed) == ["schule:c", "schule:d"]
    assert changed["schule:d"] == ""
    assert changed["schule:c"] not in {"", changed_duties(None, said(c=plan))["schule:c"]}


def test_the_first_roster_is_a_change_and_so_is_the_end_of_a_unit() -> None:
    plan = said(a={"roster": {"land": "nw"}})

    assert changed_duties(None, said(a={})) == {}
    assert list(changed_duties(None, plan)) == ["schule:a"]
    assert changed_duties(plan, said(b={})) == {"schule:a": ""}
