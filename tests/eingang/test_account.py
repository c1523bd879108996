# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does somebody see of their own account, and what can they end, add, or change there?"""

import re
from collections.abc import Iterator

import pytest

from hub import clock
from hub.adapters.inbox.roles import InboxRules
from hub.people.oidc_fresh import LASTS
from tests.eingang.people import SIGN_IN, Somebody, joined, link_for
from tests.eingang.world import Inbox, an_inbox
from tests.world import World

PAGE = "/eingang/konto"
_SESSION = re.compile(r'name="sitzung" value="([0-9a-f]{64})"')


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of an office that nothing has been sent to."""
    with an_inbox(world, tmp_path_factory.mktemp("konto")) as made:
        yield made


@pytest.fixture
def both(inbox: Inbox) -> Iterator[str]:
    """The same process serves another office too; returns its unit."""
    room, other = inbox.room, "jugendamt:05170032.zweite"
    before = room.houses, room.rules
    room.houses = {**room.houses, other: inbox.house}
    room.rules = InboxRules(units=frozenset(room.houses))
    yield other
    room.houses, room.rules = before


@pytest.fixture
def person(inbox: Inbox) -> Somebody:
    return joined(inbox, "Fachkraft Erfunden-Konto", "fachkraft")


def added(person: Somebody) -> Somebody:
    """Return a second device of somebody, with a passkey of its own."""
    headers = {"x-marke": person.marke}
    asked = person.ask(f"{PAGE}/passkey/frage", {}, **headers).raise_for_status()
    second = Somebody(person.inbox, system="Android 16")
    made = {"credential": second.device.make(asked.json()), "label": "Zweitgerät"}
    person.ask(f"{PAGE}/passkey", made, **headers).raise_for_status()
    return second


def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(
    inbox: Inbox, person: Somebody
) -> None:
    mine = set(_SESSION.findall(person.get(PAGE).text))
    there = Somebody(inbox, system="Android 16")
    there.device = person.device
    there.enter().raise_for_status()
    page = person.get(PAGE).text
    assert "Firefox, Windows" in page
    assert "Firefox, Android" in page
    (theirs,) = set(_SESSION.findall(page)) - mine

    assert person.post(f"{PAGE}/sitzung", sitzung=theirs).status_code == 303

    assert there.get(PAGE).status_code == 303
    assert person.get(PAGE).status_code == 200


def test_all_other_sessions_end_at_once(inbox: Inbox, person: Somebody) -> None:
    others = [Somebody(inbox), Somebody(inbox)]
    for each in others:
        each.device = person.device
        each.enter().raise_for_status()

    person.post(f"{PAGE}/sitzungen")

    assert [each.get(PAGE).status_code for each in others] == [303, 303]
    assert "Alle anderen beenden" not in person.text(PAGE)


def test_nobody_ends_the_session_of_somebody_else(inbox: Inbox, person: Somebody) -> None:
    other = joined(inbox, "Fachkraft Erfunden-Andere", "fachkraft")
    theirs = _SESSION.findall(other.get(PAGE).text)[0]

    foreign = person.post(f"{PAGE}/sitzung", sitzung=theirs)
    missing = person.post(f"{PAGE}/sitzung", sitzung="0" * 64)

    assert foreign.status_code == missing.status_code == 404
    assert other.get(PAGE).status_code == 200


def test_ending_ones_own_session_signs_out(person: Somebody) -> None:
    mine = _SESSION.findall(person.get(PAGE).text)[0]

    answer = person.post(f"{PAGE}/sitzung", sitzung=mine)

    assert answer.headers["location"].startswith(SIGN_IN)
    assert person.cookie == ""


def test_a_second_passkey_lets_the_same_person_in(person: Somebody) -> None:
    before = person.cookie
    assert "Sie haben nur einen Passkey" in person.text(PAGE)

    second = added(person)

    assert person.cookie != before
    second.enter().raise_for_status()
    assert second.id == person.id
    assert "Sie haben nur einen Passkey" not in person.text(PAGE)


def test_a_passkey_that_was_stolen_is_removed_with_what_it_opened(person: Somebody) -> None:
    second = added(person)
    second.enter().raise_for_status()

    answer = second.post(f"{PAGE}/passkey/entfernen", passkey=person.device.id)

    assert "entfernt" in second.text(answer.headers["location"])
    assert person.get(PAGE).status_code == 303
    assert person.enter().status_code == 401


def test_the_only_way_in_is_not_removed(person: Somebody) -> None:
    answer = person.post(f"{PAGE}/passkey/entfernen", passkey=person.device.id)

    assert "einziger Weg" in person.text(answer.headers["location"])
    assert person.enter().status_code == 200


def test_a_passkey_is_added_only_after_one_was_just_shown(person: Somebody) -> None:
    with clock.ahead(LASTS + 60):
        headers = {"x-marke": person.marke}
        unproven = person.ask(f"{PAGE}/passkey/frage", {}, **headers)
        assert unproven.status_code == 403
        person.prove().raise_for_status()
        assert person.ask(f"{PAGE}/passkey/frage", {}, **headers).status_code == 200


def test_the_passkey_of_somebody_else_proves_nothing(inbox: Inbox, person: Somebody) -> None:
    other = joined(inbox, "Fachkraft Erfunden-Fremd", "fachkraft")
    with clock.ahead(LASTS + 60):
        headers = {"x-marke": person.marke}
        asked = person.ask(f"{PAGE}/nachweis/frage", {}, **headers).json()
        shown = {"credential": other.device.show(asked["publicKey"])}

        assert person.ask(f"{PAGE}/nachweis", shown, **headers).status_code == 401


def test_a_code_adds_roles_to_the_account_one_has(inbox: Inbox, person: Somebody) -> None:
    code = link_for(inbox, "Fachkraft Erfunden-Konto", "leitung").partition("code=")[2]

    answer = person.post(f"{PAGE}/beitritt", code=code)

    assert "Leitung" in person.text(answer.headers["location"])
    again = person.post(f"{PAGE}/beitritt", code=code)
    assert "gilt nicht" in person.text(again.headers["location"])


def test_who_works_at_two_offices_changes_between_them(
    inbox: Inbox, person: Somebody, both: str
) -> None:
    code = link_for(inbox, "Fachkraft Erfunden-Konto", "verwalten", unit=both).partition("code=")[2]
    person.post(f"{PAGE}/beitritt", code=code)
    assert person.get("/eingang/leute").status_code == 403
    before = person.cookie

    person.post(f"{PAGE}/stelle", stelle=both)

    assert person.cookie != before
    assert person.get("/eingang/leute").status_code == 200
    assert person.get("/eingang/uebergabe").status_code == 403


def test_whoever_began_at_an_office_that_is_gone_begins_at_the_other(
    inbox: Inbox, both: str
) -> None:
    person = Somebody(inbox)
    person.join(link_for(inbox, "Fachkraft Erfunden-Zwei", "fachkraft", unit=both))
    code = link_for(inbox, "Fachkraft Erfunden-Zwei", "fachkraft").partition("code=")[2]
    person.post(f"{PAGE}/beitritt", code=code)
    inbox.room.houses = {inbox.unit: inbox.house}

    assert person.get(PAGE).status_code == 303
    assert person.enter().status_code == 200
    assert person.get(PAGE).status_code == 200


def test_nobody_changes_to_an_office_where_they_have_no_role(person: Somebody) -> None:
    answers = [
        person.post(f"{PAGE}/stelle", stelle=each)
        for each in ("jugendamt:05170000.asd", "jugendamt:05999999.asd", "")
    ]

    assert [each.status_code for each in answers] == [404, 404, 404]
