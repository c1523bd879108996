# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does somebody who has never seen the inbox come in with a thumb, and come back with one touch?"""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from hub import clock
from hub.people.books.sessions import IDLE
from tests.browser import a_page
from tests.eingang.acting import a_notice
from tests.eingang.people import link_for
from tests.eingang.world import Inbox, an_inbox
from tests.portal.html import faults
from tests.portal.visits import Visit
from tests.trace import traced
from tests.world import World


class Guest(Visit):
    """Somebody at a page that the server has made; nothing has to be waited for but the page."""

    def ready(self) -> None:
        self.page.wait_for("document.readyState == 'complete' ? 'da' : '…'", "da")


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of an office that nothing has been sent to."""
    with an_inbox(world, tmp_path_factory.mktemp("browser"), "demo = false") as made:
        yield made


@pytest.fixture(scope="module")
def boss(inbox: Inbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """Who manages people and is on duty, at her own telephone, come in by her link."""
    with a_page(tmp_path_factory.mktemp("telefon")) as page:
        page.give_authenticator()
        guest = Guest(page, inbox.url, traced(page), "verwaltung")
        guest.go("/eingang/anmeldung/einmal")
        guest.look("code")
        guest.go(link_for(inbox, "Verwaltung Erfunden-Daumen", "bereitschaft", "verwalten"))
        guest.await_text("Willkommen, Verwaltung Erfunden-Daumen")
        assert "code=" not in str(guest.js("location.href"))
        guest.look("willkommen")
        guest.press("Passkey einrichten und anmelden")
        guest.page.wait_for("location.pathname", "/eingang")
        guest.await_text("Verwaltung Erfunden-Daumen")
        yield guest


def test_a_second_sign_in_takes_one_touch_of_the_thumb(boss: Guest) -> None:
    boss.go("/eingang/konto")
    boss.look("konto")
    boss.press("Abmelden")
    boss.await_text("Sie sind abgemeldet")
    boss.look("anmeldung")

    # Nothing is pressed: the page asks by itself, and the sensor of the device is all that is left.
    boss.go("/eingang/konto")

    boss.await_text("Ihr Konto")


def test_a_form_outlives_the_session_and_is_sent_after_one_touch(boss: Guest) -> None:
    boss.go("/eingang/leute/neu")
    boss.look("einladen")
    boss.fill("Name", "Fachkraft Erfunden-Browser")
    boss.choose("Fachkraft: liest Mitteilungen, übernimmt und beantwortet sie")
    with clock.ahead(IDLE + 60):
        boss.press("Link machen")
        boss.await_text("Noch nicht gesendet")
        boss.look("nochmal")
        boss.press("Mit Passkey anmelden")
        boss.await_text("Sie sind angemeldet als Verwaltung Erfunden-Daumen")
        boss.press("Jetzt senden")
        boss.await_text("Link für Fachkraft Erfunden-Browser")
        boss.look("link")
        boss.press("Fertig")
        boss.await_text("Fachkraft Erfunden-Browser eingeladen")
        boss.look("leute")


def test_the_passkey_is_shown_again_before_roles_change(boss: Guest) -> None:
    with clock.ahead(IDLE + 120):
        boss.go("/eingang/leute")
    with clock.ahead(2 * IDLE):
        boss.press("Fachkraft Erfunden-Browser")
        boss.await_text("Rollen sichern")
        boss.look("person")
        boss.choose("Leitung: liest Mitteilungen und handelt, sieht auch Schutzadressen")
        boss.press("Rollen sichern")
        boss.await_text("Zeigen Sie dafür bitte noch einmal")
        boss.look("nachweis")
        boss.press("Passkey zeigen und senden")
        boss.await_text("Die Rollen gelten ab sofort.")
        assert boss.sees("Fachkraft, Leitung")


def test_a_device_that_has_a_passkey_already_says_so(boss: Guest) -> None:
    with clock.ahead(2 * IDLE + 30):
        boss.go("/eingang/konto")
        boss.press("Weiteren Passkey einrichten")
        boss.await_text("Auf diesem Gerät ist schon ein Passkey")


def test_a_link_that_was_used_says_so(boss: Guest) -> None:
    boss.go("/eingang/anmeldung/einmal#code=" + "A" * 43)
    boss.await_text("Dieser Link gilt nicht mehr")


def test_no_page_keeps_anybody_out(boss: Guest, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert boss.found == []
    assert boss.violations == []
    found = faults(boss.seen, tmp_path_factory.mktemp("html"))
    assert found == [], json.dumps(found, indent=1)


def test_a_notice_leaves_the_screen_once_the_session_has_ended(inbox: Inbox, boss: Guest) -> None:
    """Whoever comes to the desk afterwards reads nothing; what somebody is typing stays."""
    notice = a_notice(inbox)
    path = f"/eingang/mitteilung/{notice.id}"
    boss.go("/eingang/konto")
    if "/anmeldung" in str(boss.js("location.pathname")):
        boss.await_text("Ihr Konto")
    boss.go(f"{path}/rueckfrage")
    assert boss.js("document.body.dataset.endetIn ?? 'bleibt'") == "bleibt"
    boss.go(path)
    left = int(str(boss.js("document.body.dataset.endetIn")))
    assert left > 0

    with clock.ahead(4 * IDLE):
        boss.js(f"""(() => {{ const now = Date.now() + {left + 5} * 1000;
            Date.now = () => now; document.dispatchEvent(new Event("visibilitychange")); }})()""")
        boss.page.wait_for("location.href", f"/eingang/anmeldung?weiter={quote(path, safe='')}")
