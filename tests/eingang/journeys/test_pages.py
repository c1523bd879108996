# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page in the states in which people meet it: can everybody read and work it?

The short form looks at all of them in usual colours; the long form in dark and forced ones as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from tests.browser import chromium
from tests.eingang.acting import a_notice
from tests.eingang.journeys.guest import Guest, at_a_browser, check
from tests.eingang.journeys.stories import entrusted_by_the_kreis
from tests.eingang.test_passing import OWN
from tests.eingang.world import Inbox, Visitor
from tests.world import KREIS

NOBODY = "0191d3a0-0000-7000-8000-000000000001"
FORMS = ("rueckmeldung", "rueckfrage", "weitergabe", "unverwertbar")
SEND = {
    "rueckmeldung": "Rückmeldung senden",
    "rueckfrage": "Senden",
    "weitergabe": "Weitergeben",
    "unverwertbar": "Zurückweisen",
    "benennung": "Benennen",
}
OPENS = ("", "?liste=meine", "?liste=alle", "uebergabe", "konto", "zustand", "barrierefreiheit")


@dataclass
class Tour:
    """Somebody who is shown around, and those in whose place they see the pages."""

    guest: Guest
    inbox: Inbox
    all: Visitor
    colleague: Visitor
    entrusted: str
    colours: bool = False

    def see(self, path: str, step: str) -> None:
        self.guest.go(f"/eingang/{path}".rstrip("/"))
        self.look(step)

    def look(self, step: str) -> None:
        self.guest.look(step, colours=self.colours)


@pytest.fixture(scope="module")
def tour(inbox: Inbox, profile: Path) -> Iterator[Tour]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    entrusted = entrusted_by_the_kreis(inbox).id
    everything = inbox.visitor("bereitschaft", "fachkraft", "leitung", name="Leitung Erfunden-Rund")
    colleague = inbox.visitor("fachkraft", name="Fachkraft Erfunden-Neben")
    with at_a_browser(profile, inbox.url, "rundgang") as guest:
        yield Tour(guest, inbox, everything, colleague, entrusted)


def test_no_page_keeps_anybody_out(tour: Tour, tmp_path: Path) -> None:
    _through(tour)
    check(tour.guest, tmp_path)


@pytest.mark.interop
def test_no_page_keeps_anybody_out_in_the_dark_or_in_colours_of_their_own(
    tour: Tour, tmp_path: Path
) -> None:
    tour.colours = True
    tour.guest.name = "rundgang farben"
    _through(tour)
    check(tour.guest, tmp_path)


def _through(tour: Tour) -> None:
    tour.guest.be(tour.all)
    for path in OPENS:
        tour.see(path, f"10 {path or 'liste'}")
    _a_notice(tour)
    _entrusted(tour)
    _without_content(tour)
    _astray(tour)


def _a_notice(tour: Tour) -> None:
    """A notice from its first sight to paper, and every form of it, empty and refused."""
    notice = f"mitteilung/{tour.inbox.sent['schule'].id}"
    tour.see(notice, "20 mitteilung")
    tour.see(f"{notice}/druck", "21 druck")
    tour.all.post(f"{notice}/kenntnis", vorgang=str(uuid7()), rolle="bereitschaft")
    for form in FORMS:
        tour.see(f"{notice}/{form}", f"22 {form}")
        tour.guest.press(SEND[form])
        tour.guest.page.wait_for("document.title", "Fehler")
        tour.look(f"23 {form} mit fehlern")
    tour.guest.go("/eingang/uebergabe")
    tour.guest.press("Ausgewählte übernehmen")
    tour.guest.page.wait_for("document.title", "Fehler")
    tour.look("24 übergabe mit fehlern")


def _entrusted(tour: Tour) -> None:
    """What was entrusted: hidden, taken over, open, and named for somebody else."""
    notice = f"mitteilung/{tour.entrusted}"
    tour.see(notice, "30 anvertraut, nicht übernommen")
    tour.all.post(f"{notice}/uebernahme", vorgang=str(uuid7()), rolle="fachkraft")
    tour.see(notice, "31 anvertraut, übernommen")
    tour.guest.press("Anvertrautes öffnen")
    tour.guest.arrive("/anvertraut")
    tour.look("32 anvertraut, geöffnet")
    tour.see(f"{notice}/benennung", "33 benennung")
    tour.guest.press(SEND["benennung"])
    tour.guest.page.wait_for("document.title", "Fehler")
    tour.look("34 benennung mit fehlern")
    _taken_over_from_another(tour, notice)


def _taken_over_from_another(tour: Tour, notice: str) -> None:
    """Whoever has a matter from somebody else says on which ground they open it, in both places."""
    school = f"mitteilung/{a_notice(tour.inbox).id}"
    trust = {"anvertrautes-grund": "wechsel-zustaendigkeit", "anvertrautes-text": "Erfunden."}
    for act in ("kenntnis", "uebernahme"):
        tour.all.post(f"{school}/{act}", vorgang=str(uuid7()), rolle="fachkraft")
    passed = str(uuid7())
    tour.all.post(
        f"{school}/weitergabe",
        vorgang=passed,
        stand="1",
        dringlichkeit_der_nachricht="unverzueglich",
        rolle="fachkraft",
        stelle=KREIS,
        **OWN,
        **trust,
    )
    for each in (notice, school):
        tour.colleague.post(f"{each}/uebernahme", vorgang=str(uuid7()), rolle="fachkraft")
    tour.guest.be(tour.colleague)
    for path in (notice, f"{school}/gesagt/{passed}"):
        tour.see(path, f"35 {path.count('gesagt')} mit grund")
        tour.guest.press("Anvertrautes öffnen")
        tour.guest.page.wait_for("document.body.innerText", "Bitte wählen Sie, worauf")
        tour.look(f"36 {path.count('gesagt')} ohne grund")
    tour.guest.be(tour.all)


def _without_content(tour: Tour) -> None:
    """Pages of those who manage and those who watch."""
    tour.guest.be(tour.inbox.visitor("verwalten", name="Verwaltung Erfunden-Rund"))
    for path in ("leute", "leute/neu", "zustand"):
        tour.see(path, f"40 {path}")
    tour.guest.be(tour.inbox.visitor("datenschutz", name="Datenschutz Erfunden-Rund"))
    tour.see("lesebuch", "41 lesebuch")
    tour.see(f"mitteilung/{tour.entrusted}", "42 mitteilung, nicht für datenschutz")


def _astray(tour: Tour) -> None:
    """Addresses that lead nowhere, and the way in."""
    tour.guest.be(tour.all)
    tour.see("nirgends", "50 nirgends")
    tour.see(f"mitteilung/{NOBODY}", "51 keine mitteilung")
    tour.guest.page.forget_cookies()
    for path in ("anmeldung/einmal", "datenschutz"):
        tour.see(path, f"52 {path}")
