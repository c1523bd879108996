# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What those see who look after the connector: what waits, what is refused, and no content."""

from collections.abc import Iterator

import pytest

from hub.adapters.base import TargetRefused
from hub.adapters.connector.rows import HANDED_OVER, QUARANTINE, RELEASED
from hub.adapters.memory import MemoryAdapter
from hub.client import Draft
from tests.adapters.world import until
from tests.eingang.acting import acts
from tests.eingang.world import Inbox, an_inbox
from tests.world import SCHOOL, World, example

TARGET = '[[target]]\nkind = "memory"\nname = "fachverfahren"\n'


@pytest.fixture(scope="module")
def office(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """An inbox beside case software that does not take everything."""
    with an_inbox(world, tmp_path_factory.mktemp("stelle"), TARGET) as made:
        yield made


def refused(office: Inbox) -> Draft:
    adapter = office.house.targets[0].adapter
    assert isinstance(adapter, MemoryAdapter)
    adapter.weather.append(TargetRefused("no-file", "Es fehlt ein Aktenzeichen."))
    content = example("schule-mitteilung", "mitteilung")
    return office.send(
        SCHOOL, protocol="schule-mitteilung", content=content, urgency="unverzueglich"
    )


def state_of(office: Inbox, message: str) -> str:
    row = office.row(message)
    return "" if row is None else row.state


@pytest.mark.parametrize("roles", [("bereitschaft",), ("fachkraft",), ("datenschutz",)])
def test_it_is_for_those_who_look_after_it(office: Inbox, roles: tuple[str, ...]) -> None:
    assert office.visitor(*roles).get("zustand").status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_way_in(office: Inbox) -> None:
    with office.stranger() as browser:
        answer = browser.get("/eingang/zustand")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/eingang/anmeldung")


def test_what_a_target_refuses_is_shown_with_its_reason_and_without_content(office: Inbox) -> None:
    notice = refused(office)

    page = office.visitor("verwalten").text("zustand")

    assert state_of(office, notice.id) == QUARANTINE
    assert "Jemand muss nachsehen" in page
    assert "Es fehlt ein Aktenzeichen." in page
    assert notice.id in page
    assert "Erfunden" not in page.replace("Bereitschaft Erfunden", "")


def test_what_was_refused_is_handed_over_once_more_at_the_press_of_a_button(
    office: Inbox,
) -> None:
    notice = refused(office)

    answer = office.visitor("leitung").post(f"zustand/{notice.id}/erneut")

    assert answer.status_code == 303
    office.run(until(lambda: state_of(office, notice.id) == HANDED_OVER))


def test_nobody_releases_a_notice_without_saying_that_it_was_passed_on(office: Inbox) -> None:
    notice, boss = refused(office), office.visitor("verwalten")

    first = boss.post(f"zustand/{notice.id}/entlassen")
    assert (first.status_code, state_of(office, notice.id)) == (422, QUARANTINE)
    assert "Bestätigen Sie" in first.text

    second = boss.post(f"zustand/{notice.id}/entlassen", erledigt="ja")
    assert (second.status_code, state_of(office, notice.id)) == (303, RELEASED)


def test_who_released_a_notice_stands_in_its_course(office: Inbox) -> None:
    notice = refused(office)
    boss = office.visitor("verwalten", name="Verwaltung Erfunden-Lager")

    boss.post(f"zustand/{notice.id}/entlassen", erledigt="ja")

    [done] = acts(office, notice.id)
    assert (done.kind, done.state) == ("entlassung", "vermerkt")
    assert (done.person, done.name, done.role) == (
        boss.person,
        "Verwaltung Erfunden-Lager",
        "verwalten",
    )
    course = office.visitor("fachkraft").text(f"mitteilung/{notice.id}")
    assert "Aus der Quarantäne entlassen" in course
    assert "Verwaltung Erfunden-Lager (" in course


def test_nothing_changes_without_the_token_of_the_page(office: Inbox) -> None:
    notice, boss = refused(office), office.visitor("verwalten")

    answer = boss.client.post(f"/eingang/zustand/{notice.id}/entlassen", data={"erledigt": "ja"})

    assert answer.status_code in {400, 403, 409}
    assert state_of(office, notice.id) == QUARANTINE


def test_what_lies_in_no_quarantine_cannot_be_released(office: Inbox) -> None:
    unknown = "0193504f-7c2a-7d41-8e5b-000000000009"

    answer = office.visitor("leitung").post(f"zustand/{unknown}/entlassen", erledigt="ja")

    assert answer.status_code == 404
