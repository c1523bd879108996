# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two people of a school, and what they see of what becomes of their notice elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal import notices
from tests.portal.arrivals import arrive_later, check
from tests.portal.visits import Visit, visiting
from tests.portal.world import EVERYTHING, PortalWorld
from tests.world import KREIS, example

SENT = "Ihre Mitteilung ist angenommen"
COLLEAGUE = "Kollegin Erfunden-Zwei"
HOURS = 3600


@pytest.fixture(scope="module")
def colleague(portal: PortalWorld, head: Visit, place: Path) -> Iterator[Visit]:
    """Somebody else who may do everything, at a browser of her own, with the key of the house."""
    with visiting(place / "kollegin", portal.url, "kollegin") as visit:
        arrive_later(visit, portal.link(COLLEAGUE, *EVERYTHING))
        head.go("/portal/haus")
        head.press(f"Schlüssel weitergeben an {COLLEAGUE}")
        head.await_text("Der Schlüssel ist weitergegeben")
        yield visit


def _file(visit: Visit) -> None:
    notices.begin(visit)
    notices.write(visit)
    visit.press("Jetzt an")
    visit.await_text(SENT)


@contextmanager
def _four_eyes(head: Visit) -> Iterator[None]:
    """Have the rule of the house for as long as the block lasts."""
    _switch(head)
    try:
        yield
    finally:
        _switch(head)


def _switch(head: Visit) -> None:
    head.go("/portal/haus")
    head.choose("Zu jeder Mitteilung gehören zwei Personen")
    head.js("seh.alle('button').filter((k) => seh.text(k) === 'Sichern').pop().click();0")
    head.await_text("Gesichert")


@pytest.mark.interop
def test_with_four_eyes_somebody_else_sends_what_one_has_written(
    portal: PortalWorld, fresh: Visit, colleague: Visit, tmp_path: Path
) -> None:
    with _four_eyes(fresh):
        notices.begin(fresh)
        notices.write(fresh)
        alone = fresh.has_button("Jetzt an")
        fresh.choose(COLLEAGUE)
        fresh.look("50 weitergeben")
        fresh.press("Entwurf weitergeben")
        fresh.await_text(f"Der Entwurf liegt bei {COLLEAGUE}")
        fresh.look("51 weitergegeben")

        colleague.go("/portal")
        colleague.look("1 übergebener entwurf")
        colleague.press("Weiter")
        colleague.await_path("/portal/mitteilung")
        colleague.await_text("hat diesen Entwurf geschrieben")
        colleague.look("2 zur freigabe")
        colleague.press("Jetzt an")
        colleague.await_text(SENT)
        content = portal.fetched()
    check(tmp_path, fresh, colleague)

    assert not alone
    assert content["beobachtungen"][0]["text"] == notices.SEEN


def test_a_notice_that_nobody_confirms_shows_whom_to_ring(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    _file(fresh)
    portal.fetched(acknowledged=False)
    portal.let_time_pass(5 * HOURS)
    fresh.go("/portal")
    fresh.await_text("Frist überschritten")
    fresh.look("60 frist überschritten")
    overdue = fresh.text
    check(tmp_path, fresh)

    assert "+49 221 4710 109" in overdue.partition("Frist überschritten")[2]


def test_a_notice_that_was_passed_on_shows_to_whom(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    _file(fresh)
    portal.fetched()
    portal.passed_on(KREIS, example("jugendamt-mitteilung", "mitteilung"))
    portal.turn()
    fresh.go("/portal")
    fresh.await_text("Weitergegeben")
    fresh.look("61 weitergegeben an ein anderes amt")
    check(tmp_path, fresh)

    assert "Kreises Wesel" in fresh.text


def test_who_has_lost_the_device_is_let_in_again_by_somebody_else(
    portal: PortalWorld, fresh: Visit, place: Path, tmp_path: Path
) -> None:
    """What was sealed for the lost key stays closed: nobody can bring it back."""
    with visiting(place / "verloren", portal.url, "verloren") as lost:
        arrive_later(lost, portal.link("Lehrkraft Erfunden-Verloren", "verfassen"))
    fresh.go("/portal/haus")
    fresh.press("Mehr zu Lehrkraft Erfunden-Verloren")
    fresh.look("70 mehr zu einer person")
    fresh.press("Lehrkraft Erfunden-Verloren neu beginnen lassen")
    fresh.look("71 neu beginnen")
    link = _link(fresh)
    with visiting(place / "wieder", portal.url, "wieder") as again:
        arrive_later(again, link)
        again.go("/portal")
        _file(again)
        check(tmp_path, again)
    check(tmp_path, fresh)

    assert portal.fetched()["kind"]["name"]["familienname"] == notices.FAMILY


def _link(visit: Visit) -> str:
    visit.page.wait_for("!!document.getElementById('einladung-link')", "true")
    return str(visit.js("document.getElementById('einladung-link').textContent")).strip()
