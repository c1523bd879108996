# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line to the hub breaks at each step; a filing is there once, or the person is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from deploy.demo.portal_client import Person, RefusedByPortal
from hub.people.change import OPERATOR
from hub.people.invitations import make_code
from hub.people.place import changing_now
from hub.portal.delivery_events import _kept
from hub.portal.desk import Desk
from tests import databases
from tests.portal.filing import a_notice, somebody
from tests.portal.test_filings import a_draft, accepted, filing_of
from tests.portal.weather import Weather, a_portal_in_weather
from tests.portal.world import PortalWorld
from tests.world import FEEDBACK, SCHOOL

EXPIRED = timedelta(seconds=301)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PortalWorld, Weather]]:
    home: Path = tmp_path_factory.mktemp("weather")
    with databases.given_back(), a_portal_in_weather(home) as made:
        yield made


@pytest.fixture(scope="module")
def portal(both: tuple[PortalWorld, Weather]) -> PortalWorld:
    return both[0]


@pytest.fixture
def weather(both: tuple[PortalWorld, Weather]) -> Iterator[Weather]:
    yield both[1]
    both[1].calm()
    both[1].up()


@pytest.fixture(scope="module")
def head(portal: PortalWorld) -> Iterator[Person]:
    with somebody(portal, "Petra Erfunden-Leitung") as person:
        yield person


def later(portal: PortalWorld, by: timedelta) -> None:
    """Let time pass for everybody."""
    portal.world.hands.ahead += by.total_seconds()


def sent_again(portal: PortalWorld) -> None:
    """Let so much time pass that the portal tries again, and let it."""
    later(portal, timedelta(seconds=61))
    portal.turn()


def test_what_the_hub_did_not_hear_goes_out_once_it_is_back(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    draft, before = a_draft(head), accepted(portal)
    notice = head.prepare(a_notice())
    weather.down()

    said = head.submit(notice, draft)
    assert said["state"] == "wartet"
    assert filing_of(head, notice.id)["state_text"] == "Wartet auf den Hub"
    assert not head.inbox()["reachable"]
    weather.up()
    sent_again(portal)

    assert filing_of(head, notice.id)["state"] == "angenommen"
    assert accepted(portal) == before + 1
    assert all(each["id"] != draft for each in head.inbox()["drafts"])


def test_what_waits_goes_out_within_seconds_of_the_hubs_return_while_somebody_watches(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    """Two minutes of outage must not become three: the person sits before the page."""
    notice = head.prepare(a_notice())
    weather.down()
    head.submit(notice)
    for _ in range(12):
        later(portal, timedelta(seconds=10))
        portal.turn()
    weather.up()
    later(portal, timedelta(seconds=3))
    portal.turn()

    assert filing_of(head, notice.id)["state"] == "angenommen"


def test_a_receipt_that_does_not_hold_is_logged_once(portal: PortalWorld, head: Person) -> None:
    """The hub brings it at every poll, every two seconds, until somebody has looked into it."""
    said = head.submit(head.prepare(a_notice()))
    header, claims, _ = said["answer"]["receipt"].split(".")
    forged = f"{header}.{claims}.{'A' * 86}"

    async def brought(desk: Desk) -> bool:
        return await _kept(forged, desk.line(SCHOOL), desk)

    with capture_logs() as logged:
        forgettable = [portal.run(brought) for _ in range(3)]

    assert forgettable == [False] * 3
    assert [each["event"] for each in logged] == ["portal.receipt-doubtful"]


def test_what_never_left_the_house_in_time_is_confirmed_anew_and_its_draft_stays(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    draft, before = a_draft(head), accepted(portal)
    notice = head.prepare(a_notice())
    weather.down()
    head.submit(notice, draft)
    later(portal, EXPIRED)
    portal.turn()
    weather.up()
    portal.turn()

    assert filing_of(head, notice.id)["state"] == "abgelaufen"
    assert accepted(portal) == before
    head.refresh()
    assert head.submit(head.prepare(a_notice()), draft)["state"] == "angenommen"


def test_of_what_arrived_without_an_answer_nobody_has_to_make_a_second_one(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    notice, before = head.prepare(a_notice()), accepted(portal)
    weather.lose_answers(f"/v1/messages/{notice.id}")

    assert head.submit(notice)["state"] == "wartet"
    assert filing_of(head, notice.id)["state_text"] == "Abgesandt, aber noch ohne Antwort"
    later(portal, EXPIRED)
    portal.turn()
    assert filing_of(head, notice.id)["state"] == "wartet"
    weather.calm()
    sent_again(portal)

    assert filing_of(head, notice.id)["state"] == "angenommen"
    assert accepted(portal) == before + 1


def test_a_filing_that_got_no_answer_is_filed_again_by_its_browser_and_is_one(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    before = accepted(portal)
    notice = head.prepare(a_notice())
    weather.lose_answers(f"/v1/messages/{notice.id}")
    head.submit(notice)
    weather.calm()

    again = head.submit(notice)
    assert again["state"] == "angenommen"
    assert head.submit(notice) == again
    assert accepted(portal) == before + 1


def test_receipts_come_once_however_often_their_answers_get_lost(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    notice = head.prepare(a_notice())
    head.submit(notice)
    portal.fetched()
    weather.lose_answers("/v1/events/poll")
    portal.turn()
    weather.calm()
    portal.turn()
    portal.turn()

    words = [each["word"] for each in filing_of(head, notice.id)["events"]]
    assert words == ["accepted", "taken", "acknowledged"]


def test_a_letter_whose_taking_got_no_answer_is_taken_once(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    notice = head.prepare(a_notice())
    head.submit(notice)
    portal.answered("rueckmeldung", FEEDBACK)
    weather.lose_answers("/receipts/")
    portal.turn()
    weather.calm()
    later(portal, timedelta(seconds=61))
    portal.turn()
    portal.turn()

    [letter] = [each for each in head.inbox()["letters"] if each["cnv"] == notice.id]
    assert receipts_of(portal, letter["id"]) == ["accepted", "taken"]
    assert head.open(letter["id"]) == FEEDBACK


def test_the_directory_is_shown_as_it_was_while_the_hub_is_away(
    portal: PortalWorld, weather: Weather, head: Person
) -> None:
    fresh = head.office(a_notice())
    weather.down()
    later(portal, timedelta(seconds=31))

    stale = head.office(a_notice())
    assert (fresh["stale"], stale["stale"]) == (False, True)
    assert stale["organisations"].keys() == fresh["organisations"].keys()
    assert stale["telephone"] == fresh["telephone"]
    assert head.ask("GET", "/portal/api/verzeichnis")["stale"]


def test_an_answer_begun_while_the_hub_is_away_says_so(weather: Weather, head: Person) -> None:
    notice = head.prepare(a_notice())
    head.submit(notice)
    weather.down()

    thread = head.thread(notice.id)
    assert (thread["stale"], thread["allowed"]) == (True, [])
    assert [each["id"] for each in thread["filings"]] == [notice.id]
    weather.up()
    thread = head.thread(notice.id)
    assert (thread["stale"], thread["partner"]) == (False, a_notice().to)
    assert thread["pos"] == 1


def test_a_session_that_ends_in_the_middle_loses_nothing(portal: PortalWorld, head: Person) -> None:
    draft = a_draft(head)
    notice = head.prepare(a_notice())
    marke = head.me["marke"]
    head.client.cookies.clear()

    with pytest.raises(RefusedByPortal) as refused:
        head.submit(notice, draft)
    assert refused.value.status == 401
    with somebody_again(portal, head) as again:
        assert again.me["marke"] != marke
        assert [each for each in again.inbox()["drafts"] if each["id"] == draft]
        assert again.submit(notice, draft)["state"] == "angenommen"


def receipts_of(portal: PortalWorld, message: str) -> list[str]:
    """Return the visible words that the hub has about a message."""
    return portal.world.node.readers.run_now(
        lambda connection: [
            str(row[0])
            for row in connection.exec_driver_sql(
                "SELECT word FROM receipt WHERE message_id = ? AND chain = 'visible' ORDER BY seq",
                (message,),
            )
        ]
    )


def somebody_again(portal: PortalWorld, person: Person) -> Person:
    """Return the same person, come in anew."""
    who = person.me["person"]["id"]
    made = changing_now(portal.desk, OPERATOR, lambda change: make_code(change, who, SCHOOL))
    again = Person(portal.url, portal.desk.catalogue)
    again.enter(f"{portal.url}/portal/anmeldung/einmal#code={made.code}")
    again.own, again.vault, again.desk = person.own, person.vault, person.desk
    return again
