# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does somebody who has never seen the portal come in, and does the next one get the desk key?"""

import json
from collections.abc import Iterator

import pytest

from tests.portal.html import faults
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld

_KEEP_FILE = """(() => {
  const before = URL.createObjectURL;
  URL.createObjectURL = (file) => {
    file.text().then((text) => { window.datei = text; });
    return before(file);
  };
})();0"""
_FILES: dict[str, str] = {}
"""What a head has put into the safe, by portal."""


@pytest.fixture(scope="module")
def head(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The first person of the house, at her own browser."""
    with visiting(tmp_path_factory.mktemp("leitung"), portal.url, "leitung") as visit:
        visit.go(portal.link("Schulleitung Erfunden-Beispiel"))
        visit.look("willkommen")
        visit.press("Passkey einrichten und anmelden")
        visit.await_path("/portal/einrichten")
        visit.look("einrichten")
        visit.press("Schlüssel anlegen")
        visit.await_text("Wiederherstellungsdatei der Leitung")
        visit.look("wiederherstellung")
        visit.press("Fertig, Datei ist gesichert")
        visit.await_text("Bitte laden Sie zuerst")
        visit.js(_KEEP_FILE)
        visit.press("Datei herunterladen")
        visit.await_text("Die Datei ist heruntergeladen")
        visit.page.wait_for("String((window.datei || '').length > 100)", "true")
        _FILES[portal.url] = str(visit.js("window.datei"))
        visit.press("Fertig, Datei ist gesichert")
        visit.await_text("Alles ist eingerichtet")
        visit.look("eingerichtet")
        portal.confirm()
        yield visit


@pytest.fixture(scope="module")
def office(
    portal: PortalWorld, head: Visit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """Somebody who reads for the house, invited by the head on the page."""
    head.go("/portal/haus")
    head.look("haus")
    head.fill("Name", "Sekretariat Erfunden-Neu")
    head.choose("lesen: öffnet, was an das Haus gerichtet ist")
    head.press("Link machen")
    head.await_text("Link für Sekretariat Erfunden-Neu")
    head.look("einladung")
    link = str(head.js("document.getElementById('einladung-link').textContent"))
    with visiting(tmp_path_factory.mktemp("sekretariat"), portal.url, "sekretariat") as visit:
        visit.go(link)
        visit.press("Passkey einrichten und anmelden")
        visit.await_path("/portal/einrichten")
        visit.press("Schlüssel anlegen")
        visit.await_text("Alles ist eingerichtet")
        yield visit


def test_the_house_takes_part_once_its_fingerprint_was_compared(
    portal: PortalWorld, head: Visit
) -> None:
    head.go("/portal/haus")
    assert head.sees("nimmt teil")
    assert portal.house().state == "aktiv"


def test_the_key_of_the_house_is_passed_on_in_one_click(
    portal: PortalWorld, head: Visit, office: Visit
) -> None:
    head.go("/portal/haus")
    head.look("wartet auf den schluessel")
    head.press("Schlüssel weitergeben an Sekretariat Erfunden-Neu")
    head.await_text("Der Schlüssel ist weitergegeben")
    office.go("/portal/konto")
    share = office.js(
        "fetch('/portal/api/ich').then((a) => a.json())"
        ".then((m) => m.house_keys.find((k) => k.use === 'dienst').share)"
    )
    assert isinstance(share, str)
    assert len(share) > len(portal.house().fingerprint)


def test_a_new_key_of_the_house_is_made_and_passed_on_again(head: Visit, office: Visit) -> None:
    assert office.sees("Konto")
    head.go("/portal/haus")
    head.press("Jemand hat das Haus verlassen")
    head.press("Neuen Schlüssel anlegen")
    head.await_text("Der neue Schlüssel ist angelegt")
    head.press("Schlüssel weitergeben an Sekretariat Erfunden-Neu")
    head.await_text("Der Schlüssel ist weitergegeben")


def test_the_file_from_the_safe_opens_the_house_again(portal: PortalWorld, head: Visit) -> None:
    head.go("/portal/haus")
    head.press("Etwas lässt sich nicht mehr öffnen")
    head.look("wiederherstellen")
    for text, told in (
        ("keine solche Datei", "Das ist keine Wiederherstellungsdatei"),
        (_FILES[portal.url], "Die Datei passt"),
    ):
        head.js(f"""(() => {{
          const chosen = new DataTransfer();
          chosen.items.add(new File([{json.dumps(text)}], "datei.txt"));
          document.getElementById("wiederherstellung").files = chosen.files;
        }})();0""")
        head.press("Datei öffnen")
        head.await_text(told)


def test_a_device_that_has_a_passkey_already_says_so(office: Visit) -> None:
    office.go("/portal/konto")
    office.press("Weiteren Passkey einrichten")
    office.await_text("Auf diesem Gerät haben Sie schon einen Passkey")


def test_the_pages_speak_english_too(head: Visit) -> None:
    for path, words in (("/portal/konto", "Your passkeys"), ("/portal/haus", "Invite somebody")):
        head.go(f"{path}?lang=en")
        assert head.sees(words)
        head.look(f"englisch {path}")
    head.go("/portal/konto?lang=de")


def test_whoever_signs_out_comes_back_with_the_passkey(office: Visit) -> None:
    office.go("/portal/konto")
    office.look("konto")
    office.press("Abmelden")
    office.page.wait_for("location.pathname", "/portal/anmeldung")
    office.ready()
    office.look("anmeldung")
    office.press("Mit Passkey anmelden")
    office.await_path("/portal")
    assert office.violations == []


def test_a_link_that_was_used_says_so(portal: PortalWorld, head: Visit) -> None:
    head.go(f"{portal.url}/portal/anmeldung/einmal#code=verbraucht")
    assert head.sees("Dieser Link gilt nicht mehr")


def test_no_page_keeps_anybody_out(
    head: Visit, office: Visit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = head.found + office.found
    assert found == []
    assert faults(head.seen | office.seen, tmp_path_factory.mktemp("html")) == []
