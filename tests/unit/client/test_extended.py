# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A roster is made longer without anybody's contract being made longer with it."""

from datetime import date, timedelta

from hub.client.roster import extended
from hub.directory.roster import Bearer, Duty, unsound
from hub.model.roster import Roster
from tests.unit.directory.rosters import DESK, DUTY, FIRST, LAST, SERVICE, a_line, a_roster

DAY = timedelta(days=1)
TODAY = date(2027, 2, 1)
BASIS = {"basis": "lkischgnrw-4-2", "order": 2}


def longer(roster: Roster, until: date) -> Roster:
    return extended(roster, until, TODAY, "jugendamt:05170032")


def test_own_lines_and_calls_go_on_with_the_roster_and_contracts_do_not() -> None:
    roster = a_roster(
        a_line(),
        a_line(unit=SERVICE, **BASIS),
        a_line(unit=None, order=3),
        a_line(unit=DUTY, order=4, valid_until=LAST - DAY),
    )
    until = LAST + 30 * DAY

    made = longer(roster, until)

    assert [line.valid_until for line in made.lines] == [until, LAST, until, LAST - DAY]
    assert (made.valid_from, made.valid_until) == (FIRST, until)


def test_what_is_over_is_left_out_so_that_the_roster_stays_short_enough() -> None:
    roster = a_roster(a_line(valid_until=date(2026, 9, 30)), a_line(valid_from=date(2026, 10, 1)))

    made = longer(roster, LAST + 300 * DAY)

    assert made.valid_from == TODAY - 7 * DAY
    assert [line.valid_from for line in made.lines] == [TODAY - 7 * DAY]
    assert list(unsound(Duty(roster=made), Bearer(DESK, None, 6))) == []


def test_a_roster_may_also_end_earlier() -> None:
    made = longer(a_roster(a_line(), a_line(unit=SERVICE, **BASIS)), TODAY)

    assert made.valid_until == TODAY
    assert {line.valid_until for line in made.lines} == {TODAY}
