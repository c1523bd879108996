# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The bell rings, the browser crashes, the hub is away: nothing that was typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.client import Hub
from tests import databases
from tests.browser import chromium
from tests.portal import notices
from tests.portal.arrivals import arrive_later, check
from tests.portal.visits import Visit, visiting
from tests.portal.weather import Weather, a_hub_in_weather, add_school
from tests.portal.world import PortalWorld, portal_beside
from tests.world import RHEINBERG, World

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
SENT = "Ihre Mitteilung ist angenommen"
WAITS = "Wartet auf den Hub"
OBSERVED = "Ihre Beobachtungen"
_VERSION = (
    "fetch('/portal/api/entwuerfe').then((answer) => answer.json())"
    ".then((said) => Math.max(0, ...(said.drafts ?? said).map((each) => each.version)))"
)
"""The newest version of anything that the portal keeps of this person's drafts."""


@pytest.fixture(scope="module")
def _line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Weather]]:
    with databases.given_back(), a_hub_in_weather(tmp_path_factory.mktemp("hub")) as made:
        yield made


@pytest.fixture(scope="module")
def weather(_line: tuple[World, Weather]) -> Weather:
    """The line from the portal to its hub."""
    return _line[1]


@pytest.fixture(scope="module")
def portal(
    _line: tuple[World, Weather], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalWorld]:
    """A portal whose school reaches the hub by a line that can be cut."""
    world, weather = _line
    with portal_beside(world, tmp_path_factory.mktemp("portal")) as made:
        add_school(made, weather)
        yield made


@pytest.fixture
def school(head: Visit, portal: PortalWorld) -> PortalWorld:
    """A portal with a school that takes part; who made its keys does nothing here."""
    assert head.url == portal.url
    return portal


@contextmanager
def _somebody(portal: PortalWorld, profile: Path, name: str) -> Iterator[Visit]:
    """Sit somebody down whose device alone opens the vault."""
    with visiting(profile, portal.url, name, prf=False) as visit:
        arrive_later(visit, portal.link(f"Lehrkraft Erfunden-{name}", "verfassen", "lesen"))
        yield visit


def _typed(visit: Visit) -> None:
    """Get as far as the observations, type there, and wait until it is kept."""
    notices.begin(visit)
    notices.write(visit, until=OBSERVED)
    before = _version(visit)
    visit.fill_in("feld-beobachtungen-0-text", notices.SEEN)
    visit.page.wait_for(f"(await {_VERSION}) > {before}", "true")


def _version(visit: Visit) -> int:
    return int(visit.js(_VERSION))


def _reopened(visit: Visit) -> str:
    """Open the draft from the start page; returns what stands in the observation."""
    visit.go("/portal")
    visit.press("Weiter")
    visit.await_path("/portal/mitteilung")
    for _ in range(25):
        if visit.heading == OBSERVED:
            break
        visit.onward()
    return str(visit.js("document.getElementById('feld-beobachtungen-0-text').value"))


def test_a_draft_survives_the_crash_of_the_browser(
    school: PortalWorld, place: Path, tmp_path: Path
) -> None:
    profile = place / "absturz"
    with _somebody(school, profile, "Absturz") as before:
        _typed(before)
        passkeys = before.page.passkeys()
        before.page.crash()
    with visiting(profile, school.url, "absturz", prf=False) as visit:
        visit.page.put_passkeys(passkeys)
        visit.go("/portal")
        if visit.sees("Anmelden") and not visit.sees("Abmelden"):
            visit.press("Mit Passkey anmelden")
            visit.await_path("/portal")
        visit.await_text("Guten Tag")
        visit.look("1 nach dem absturz")
        found = _reopened(visit)
        visit.look("2 entwurf")
        check(tmp_path, visit)

    assert found == notices.SEEN


def test_a_draft_survives_signing_out_and_a_session_that_has_ended(
    school: PortalWorld, place: Path, tmp_path: Path
) -> None:
    with _somebody(school, place / "sitzung", "Sitzung") as visit:
        _typed(visit)
        visit.press("Abmelden")
        visit.await_path("/portal/anmeldung")
        visit.look("1 abgemeldet")
        visit.press("Mit Passkey anmelden")
        visit.await_path("/portal")
        first = _reopened(visit)

        _end_sessions(school)
        visit.fill_in("feld-beobachtungen-0-text", notices.WHY)
        visit.press("Weiter")
        visit.await_text("Sie sind abgemeldet")
        visit.look("2 sitzung beendet")
        kept = visit.js("document.getElementById('feld-beobachtungen-0-text')?.value ?? ''")
        check(tmp_path, visit)

    assert first == notices.SEEN
    assert kept in {notices.WHY, ""}


def _end_sessions(portal: PortalWorld) -> None:
    """Let every session run out, as after a quarter of an hour without a word."""
    portal.desk.books.write_now(
        lambda connection: connection.exec_driver_sql("DELETE FROM session")
    )


def test_while_the_hub_is_away_the_page_says_whom_to_ring_and_sends_later(
    school: PortalWorld, weather: Weather, place: Path, tmp_path: Path
) -> None:
    with _somebody(school, place / "ohnehub", "Ohnehub") as visit:
        notices.begin(visit)
        notices.write(visit)
        weather.down()
        try:
            visit.press("Jetzt an")
            visit.await_text("Ihre Mitteilung wartet")
            visit.look("1 hub antwortet nicht")
            shown = visit.text
            visit.go("/portal")
            visit.look("2 start ohne hub")
            start = visit.text
        finally:
            weather.up()
        visit.page.wait_for(
            "(await fetch('/portal/api/eingang').then((a) => a.json())).filings[0].state",
            "angenommen",
        )
        visit.go("/portal")
        visit.await_text("Angenommen")
        visit.look("3 hub wieder da")
        check(tmp_path, visit)
    content = school.fetched()

    assert "+49 221 4710 109" in shown
    assert "110" in shown
    assert WAITS in start
    assert content["beobachtungen"][0]["text"] == notices.SEEN


def test_a_connection_lost_at_the_last_step_loses_and_doubles_nothing(
    school: PortalWorld, place: Path, tmp_path: Path
) -> None:
    with _somebody(school, place / "leitung-weg", "Leitung") as visit:
        notices.begin(visit)
        notices.write(visit)
        visit.page.connect(is_connected=False)
        visit.press("Jetzt an")
        visit.await_text("antwortet gerade nicht")
        visit.look("1 ohne netz")
        visit.page.connect(is_connected=True)
        visit.press("Jetzt an")
        visit.await_text(SENT)
        check(tmp_path, visit)

    assert _waiting(school) == 1


def test_who_presses_twice_sends_once(school: PortalWorld, place: Path) -> None:
    with _somebody(school, place / "doppelt", "Doppelt") as visit:
        notices.begin(visit)
        notices.write(visit)
        visit.js(
            "(() => { const k = seh.knopf('Jetzt an'); k.click(); k.click(); k.click(); })();0"
        )
        visit.await_text(SENT)

    assert _waiting(school) == 1


def test_a_clock_that_is_wrong_by_a_day_files_all_the_same(
    school: PortalWorld, place: Path
) -> None:
    """The time of a message is that of the portal; a browser's own is only counted from it."""
    with _somebody(school, place / "uhr", "Uhr") as visit:
        visit.page.tell(
            "Page.addScriptToEvaluateOnNewDocument",
            source="{const richtig = Date.now; Date.now = () => richtig() - 86_400_000;}",
        )
        notices.begin(visit)
        notices.write(visit)
        visit.press("Jetzt an")
        visit.await_text(SENT)

    assert _waiting(school) == 1


def _waiting(portal: PortalWorld) -> int:
    """Let the Jugendamt take what waits; returns how much it was."""

    async def take(line: Hub) -> int:
        found = await line.lease(limit=20)
        for message in found:
            await message.open()
            await message.take()
        return len(found)

    return portal.office(take, RHEINBERG)
