# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A year of duty for all Jugendaemter of the land, in its short form (``make year`` for the long).

And an observer that finds nothing shows nothing: each thing that it looks for is broken once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from hub import record, remind, submit
from hub.deliver import leases, receipts
from hub.model.stored import StoredMessage
from hub.store.duty import StoredDuty, set_next
from tests.databases import sqlite_only
from tests.year.driver import Wanted, quick_home, simulate
from tests.year.observer import Observer
from tests.year.towns import towns
from tests.year.wall import easter, holidays, instant

pytestmark = sqlite_only
NOTICES: Final = 600
AUTUMN: Final = Wanted(60, seed=3, first=date(2027, 10, 18), days=30, offices=8, enough=3)
"""Eight offices, one with each kind of roster, around the night with the hour that is there twice.
"""


def kinds(observer: Observer) -> set[str]:
    return {finding.partition(":")[0] for finding in observer.findings}


@pytest.mark.timeout(600)
def test_in_a_whole_year_nobody_is_forgotten_and_nobody_asked_twice() -> None:
    with quick_home(NOTICES) as home:
        observer = simulate(home, Wanted(NOTICES))

    assert observer.findings == []
    seen = observer.counts
    assert seen["accepted"] + seen["refused: no-duty-desk"] == NOTICES
    # Otherwise the year was too quiet to show anything.
    expected = ("refused: no-duty-desk", "overdue", "first: krisendienst", "noted: leitung")
    assert all(seen[name] > 5 for name in (*expected, "outages of the hub"))
    assert seen["receipts: escalated"] > NOTICES // 20


@pytest.fixture
def home() -> Iterator[Path]:
    with quick_home(AUTUMN.notices) as folder:
        yield folder


def test_what_is_not_broken_is_not_found(home: Path) -> None:
    assert simulate(home, AUTUMN).findings == []


def _nothing(*_: object, **__: object) -> None:
    """Do nothing where something should happen."""


def _no_clock(connection: Any, message: str, _: object, of: Callable[..., None]) -> None:
    of(connection, message, None)


def _twice(*what: Any, of: Callable[..., Any], **more: Any) -> Any:
    said = of(*what, **more)
    return of(*what, **more) if what[3] == "escalated" else said


def _to_the_desk(*what: Any, of: Callable[..., StoredMessage]) -> StoredMessage:
    message = of(*what)
    return replace(message, on_duty=message.recipient)


def _deaf(message: Any, receipt: Any, of: Callable[..., set[str]]) -> set[str]:
    return set() if receipt.word == "overdue" else of(message, receipt)


def _all(connection: Any, unit: str, *_: object) -> tuple[str, ...]:
    """Offer whatever is addressed to the organisation, whoever was asked."""
    organisation = unit.partition(".")[0]
    query = "SELECT id FROM message WHERE state = 'accepted' AND recipient LIKE ?"
    return tuple(row[0] for row in connection.exec_driver_sql(query, (f"{organisation}.%",)))


def _asked(message: Any, unit: str, _: object) -> StoredDuty:
    return StoredDuty(message.id, 2, "escalated", unit, None, message.accepted_at, None, None)


BREAKS: Final[dict[str, tuple[tuple[Any, str, Callable[..., Any]], ...]]] = {
    "overdue, and not said": ((remind, "_report", _nothing),),
    "overdue, and the sender hears nothing": (
        (record, "_to_be_told", partial(_deaf, of=record._to_be_told)),
    ),
    "no clock": ((remind, "set_next", partial(_no_clock, of=set_next)),),
    "due after the turn": ((remind, "_ask_next", _nothing),),
    "was not asked": ((remind, "next_asked", _nothing),),
    "not one escalation for each": ((remind, "say", partial(_twice, of=record.say)),),
    "settled, and still has a clock": ((receipts, "was_acknowledged", _nothing),),
    "instead of": ((submit, "_message", partial(_to_the_desk, of=submit._message)),),
    "was never asked": ((leases, "offered_ids", _all), (leases, "turn_of", _asked)),
}
"""What the observer has to say, by what is broken for it."""


@pytest.mark.parametrize("finding", BREAKS)
def test_what_is_broken_is_found(finding: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, broken in BREAKS[finding]:
        monkeypatch.setattr(module, name, broken)

    observer = simulate(home, AUTUMN)

    assert any(finding in found for found in observer.findings), observer.findings[:5]


def test_the_calendar_beside_the_hub_knows_the_year() -> None:
    assert [easter(year) for year in (2026, 2027, 2038)] == [
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]
    assert date(2027, 5, 27) in holidays(2027), "Fronleichnam"
    assert len(holidays(2027)) == 11
    assert instant(date(2027, 3, 28), "02:30") == instant(date(2027, 3, 28), "03:00")
    assert instant(date(2027, 10, 31), "03:00") - instant(date(2027, 10, 31), "02:00") == 7200


def test_every_kind_of_roster_is_in_the_land() -> None:
    made = towns(2027, 1)

    assert len(made.offices) == 186
    assert any(office.may_have_gaps for office in made.offices)
    shared = {shift.unit for office in made.offices for shift in office.shifts if shift.unit}
    assert sum(unit.startswith("krisendienst:") for unit in shared) > 60
