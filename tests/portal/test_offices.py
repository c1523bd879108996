# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page is told whom a message reaches and who has duty, with what proves it."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

import pytest

from deploy.demo.portal_client import Person, RefusedByPortal
from hub import clock
from hub.directory.calendar import ORDINARY, Calendar
from hub.directory.duty import named_units
from hub.directory.hours import WEEKDAYS
from hub.model.roster import Hours, Roster
from hub.portal.offices import hours
from hub.sealing.canonical import digest
from tests.portal.filing import PROTOCOL, a_notice, somebody
from tests.portal.test_filings import code_of
from tests.portal.world import PortalWorld
from tests.world import RHEINBERG

OFFICE = f"/portal/api/stellen/{RHEINBERG}"


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=clock.BERLIN).timestamp())


def test_the_readers_are_current_keys_of_the_office_and_of_who_stands_in_for_it(
    demo: PortalWorld, head: Person
) -> None:
    said, directory = head.office(a_notice()), demo.world.node.directory

    own = {key.kid: key.pub for key in directory.desk_keys(RHEINBERG, demo.desk.second)}
    named = named_units(RHEINBERG, directory, demo.desk.second)
    others = [key for unit in named for key in directory.desk_keys(unit, demo.desk.second)]
    known = own | {key.kid: key.pub for key in others}
    told = {each["kid"]: each["pub"] for each in said["readers"]}
    assert own.items() <= told.items() <= known.items()
    assert {each["rel"] for each in said["readers"] if each["kid"] in own} == {"now"}


def test_entries_come_as_the_hub_gave_them_and_stand_in_the_signed_list(head: Person) -> None:
    said = head.office(a_notice())
    told = head.ask("GET", "/portal/api/verzeichnis")

    assert set(said["organisations"]) == {"jugendamt:05170032", "schule:999001"}
    for entry in said["organisations"].values():
        assert set(entry) == {"entry", "logged", "proof"}
        assert entry["logged"]["obj"]["d"] == digest(entry["entry"])
    assert told["list"].count(".") == 2
    assert not told["stale"]


def test_without_a_step_nobody_is_told_to_whom_to_seal(head: Person) -> None:
    assert head.ask("GET", OFFICE)["readers"] == []


def test_where_nobody_is_on_duty_for_what_cannot_wait_it_is_said_whom_to_ring(
    demo: PortalWorld, head: Person
) -> None:
    unit = demo.world.node.directory.unit(head.unit)
    assert unit is not None
    with pytest.raises(RefusedByPortal) as refused:
        head.ask("GET", f"/portal/api/stellen/{unit.id}?urgency=sofort")

    problem = refused.value.problem
    assert (refused.value.status, problem["code"]) == (409, "no-duty-desk")
    assert problem["allowed"] == ["unverzueglich"]
    assert [each["telephone"] for each in problem["turns"]] == [unit.telephone]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/portal/api/stellen/jugendamt:05999999.asd", "recipient-unknown"),
        ("/portal/api/stellen/..", "not-found"),
        ("/portal/api/stellen/<script>", "recipient-unknown"),
        (f"{OFFICE}?urgency=schnell", "request-invalid"),
        (f"{OFFICE}?protocol={PROTOCOL}&step=erfunden", "not-found"),
        (f"{OFFICE}?protocol=erfunden/1.0.0&step=mitteilung", "schema-unknown"),
    ],
)
def test_what_is_not_there_is_refused(head: Person, path: str, code: str) -> None:
    assert code_of(partial(head.ask, "GET", path)) == code


@pytest.mark.parametrize(
    ("at", "is_open", "text"),
    [
        ("2026-11-23T10:00", True, "heute bis 16:00 Uhr"),
        ("2026-11-23T07:00", False, "geschlossen, wieder heute ab 08:00 Uhr"),
        ("2026-11-23T17:00", False, "geschlossen, wieder ab morgen 08:00 Uhr"),
        ("2026-11-27T17:00", False, "geschlossen, wieder ab Montag 08:00 Uhr"),
        ("2026-12-24T17:00", False, "geschlossen, wieder ab Montag 08:00 Uhr"),
    ],
)
def test_hours_are_said_as_people_say_them(at: str, is_open: bool, text: str) -> None:
    assert hours(ORDINARY, second(at)) == {"open": is_open, "text": text}


def test_an_office_that_closes_on_holidays_alone_is_open_until_the_end_of_a_day() -> None:
    begins = date(2026, 1, 1)
    roster = Roster.model_construct(
        land="nw",
        lines=(),
        office_hours=(Hours(days=WEEKDAYS, begins="00:00", ends="00:00"),),
        closed=(),
        valid_from=begins,
        valid_until=begins.replace(year=2028),
    )

    assert hours(Calendar(roster), second("2027-02-01T10:00"))["text"] == (
        "bis Donnerstag, 25.03., 24:00 Uhr"
    )
