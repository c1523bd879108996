# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""At the end of a shift somebody takes over what is open, by name, and the other side hears who."""

from typing import Any

import httpx2
from uuid_utils.compat import uuid7

from hub.adapters.inbox.assigned import assigned
from hub.client import Draft
from tests.eingang.acting import a_notice, acts, at_school, do
from tests.eingang.world import Inbox, Visitor, entrusted
from tests.world import KREIS


def holder(inbox: Inbox, notice: Draft) -> str:
    found = inbox.house.books.read_now(lambda c: assigned(c, notice.conversation))
    return "" if found is None else found.name


def take_over(by: Visitor, *notices: Draft, **fields: Any) -> httpx2.Response:
    fields = {"vorgang": str(uuid7()), "mitteilungen": [each.id for each in notices], **fields}
    return by.post("uebergabe", **fields)


def test_some_of_what_is_open_is_taken_over_and_the_rest_stays(inbox: Inbox) -> None:
    day = inbox.visitor("fachkraft", name="Dora Erfunden-Tag")
    taken, left = a_notice(inbox), a_notice(inbox)

    answer = take_over(day, taken)

    assert answer.status_code == httpx2.codes.SEE_OTHER
    assert (holder(inbox, taken), holder(inbox, left)) == ("Dora Erfunden-Tag", "")
    page = day.get("uebergabe").text
    assert left.id in page
    assert taken.id not in page


def test_all_of_it_goes_to_one_person(inbox: Inbox) -> None:
    night = inbox.visitor("bereitschaft", name="Nora Erfunden-Nacht")
    day = inbox.visitor("fachkraft", name="Egon Erfunden-Tag")
    several = [a_notice(inbox) for _ in range(2)]
    for each in several:
        do(night, each.id, "uebernahme")

    take_over(day, alle="ja", telefon="0221 4710111")

    assert {holder(inbox, each) for each in several} == {"Egon Erfunden-Tag"}
    assert "Es ist nichts offen" in day.text("uebergabe")


def test_a_page_that_is_sent_twice_takes_over_once(inbox: Inbox) -> None:
    day, notice, drawn = inbox.visitor("fachkraft"), a_notice(inbox), str(uuid7())

    take_over(day, notice, vorgang=drawn)
    take_over(day, notice, vorgang=drawn)

    assert [each.kind for each in acts(inbox, notice.id)] == ["uebernahme"]


def test_nothing_chosen_is_said_and_nothing_done(inbox: Inbox) -> None:
    day, notice = inbox.visitor("fachkraft"), a_notice(inbox)

    answer = take_over(day)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    assert 'href="#mitteilungen"' in answer.text
    assert not acts(inbox, notice.id)


def test_the_office_that_passed_it_on_hears_who_takes_it_over(inbox: Inbox) -> None:
    day = inbox.visitor("fachkraft", name="Frieda Erfunden-Tag")
    passed = entrusted(inbox)

    without_number = take_over(day, passed)
    take_over(day, passed, telefon="0171 3920011")

    assert without_number.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    assert [(each.kind, each.state) for each in acts(inbox, passed.id)] == [
        ("uebernahme", "vermerkt"), ("schritt", "gesendet"),
    ]  # fmt: skip
    [(step, content)] = at_school(inbox.world, KREIS)
    named = content["uebernommen_von"]
    assert step == "uebernahme"
    assert named["name"] == {"familienname": "Erfunden-Tag", "vorname": "Frieda"}
    assert named["kontakt"] == {"kanal": "03", "kennung": "0171 3920011"}


def test_taking_over_by_the_button_leads_to_the_form_that_says_so_there(inbox: Inbox) -> None:
    day = inbox.visitor("fachkraft", name="Gerda Erfunden-Tag")
    passed = entrusted(inbox)

    answer = do(day, passed.id, "uebernahme")

    assert answer.headers["location"].endswith(f"/mitteilung/{passed.id}/schritt/uebernahme")
    assert 'value="Erfunden-Tag"' in day.get(answer.headers["location"]).text


def test_whoever_only_manages_people_sees_nothing_of_it(inbox: Inbox) -> None:
    somebody = inbox.visitor("verwalten")

    assert somebody.get("uebergabe").status_code == httpx2.codes.FORBIDDEN
    assert take_over(somebody, alle="ja").status_code == httpx2.codes.FORBIDDEN
