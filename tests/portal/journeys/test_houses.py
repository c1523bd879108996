# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Houses that are no school: an Ordnungsamt in the street, a practice; and nobody on duty."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests import databases
from tests.browser import chromium
from tests.journeys.networks.werne import publish
from tests.portal import notices
from tests.portal.arrivals import arrive, check
from tests.portal.test_upload_filing import drop
from tests.portal.visits import Visit, visiting
from tests.portal.world import OFFICES, PortalWorld, portal_beside
from tests.world import EVERY_ROLE, RHEINBERG, SCHOOL, founded

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
STREET: Final = "ordnungsamt:05170032"
PRACTICE: Final = "gesundheit:kinderpraxis-probe"
SUPERVISION: Final = "schulaufsicht:051"
ABSENCES: Final = "schulabsentismus/1.0.0"
PUPILS: Final = (
    "Nachname;Vorname;Geburtsdatum;Straße;PLZ;Ort;Note\n"
    "Kanarienvogel-Eins;Mia;01.02.2011;Weg 1;47495;Rheinberg;5\n"
    "Kanarienvogel-Zwei;Jon;03.04.2012;Weg 2;46519;Alpen;4\n"
    "Kanarienvogel-Drei;Lea;05.06.2010;Weg 3;46509;Xanten;3\n"
)
PROTOCOLS: Final = {
    SCHOOL: ABSENCES,
    STREET: "ordnungsamt-mitteilung/1.0.0",
    PRACTICE: "gesundheit-mitteilung/1.0.0",
}
PLANNED: Final = "Ein Kind fehlt unentschuldigt, und die Schulaufsicht soll entscheiden"
OVERSIGHT: Final = "Bezirksregierung Düsseldorf"
PUPIL: Final = "Schülerin oder Schüler"
SENT: Final = "Ihre Mitteilung ist angenommen"
NOBODY: Final = "Dort hat jetzt niemand Dienst"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal for an Ordnungsamt and a practice, before two Jugendaemter."""
    home = tmp_path_factory.mktemp("haeuser")
    with databases.given_back(), founded(home, EVERY_ROLE) as world:
        for organisation in OFFICES:
            world.join(organisation, protocols=PROTOCOLS.values())
        world.join(SUPERVISION, protocols=[ABSENCES])
        with portal_beside(world, home) as made:
            for house in PROTOCOLS:
                made.add_house(house)
            yield made


def _arrived(visit: Visit, portal: PortalWorld, unit: str, folder: Path) -> None:
    """Come as the first of a house, which adopts the one procedure it needs."""
    arrive(visit, portal.link("Kraft Erfunden-Erste", unit=unit))
    visit.await_text("Wiederherstellungsdatei")
    folder.mkdir()
    visit.page.download_to(folder)
    visit.press("Datei herunterladen")
    visit.await_text("heruntergeladen")
    visit.press("Fertig")
    visit.await_text("Alles ist eingerichtet")
    portal.confirm(unit, protocols=[PROTOCOLS[unit]])


def _moment(visit: Visit, field: str) -> None:
    for ending, part in zip(("", "-monat", "-jahr"), notices.day(), strict=True):
        visit.fill_in(f"{field}{ending}", part)
    visit.fill_in(f"{field}-uhr", "21:40")


def _in_the_street(visit: Visit) -> None:
    _moment(visit, "feld-feststellungen-0-zeitpunkt")
    visit.choose("Ich selbst")
    visit.fill_in("feld-feststellungen-0-text", notices.SEEN)


def _sender(visit: Visit) -> None:
    visit.choose("Telefon Festnetz")
    visit.fill_in("feld-absender-kontakt-kennung", notices.TELEPHONE)


def _treating(visit: Visit) -> None:
    profession = "Ärztlicher, zahnärztlicher"
    if "Ihre Berufsgruppe" in visit.text:
        visit.choose(profession)
    _sender(visit)


PAGES: Final[Mapping[str, Callable[[Visit], None]]] = {
    **notices.PAGES,
    "Wann und wo war das?": lambda visit: _moment(visit, "feld-anlass-zeitpunkt"),
    "Wo ist das Kind jetzt?": lambda visit: visit.choose("Zu Hause"),
    "Was haben Sie gesehen und gehört?": _in_the_street,
    "Was haben Sie für das Kind veranlasst?": lambda visit: visit.tick("feld-massnahmen"),
    "Sehen Sie eine dringende Gefahr?": lambda visit: visit.choose("Nein"),
    "Warum muss das Jugendamt tätig werden?": lambda visit: visit.fill_in(
        "feld-warum-jugendamt", notices.WHY
    ),
    "Für Rückfragen": _treating,
}
BARE: Final = ("Das Kind", "Wohnanschrift")
"""Pages that an Ordnungsamt leaves: it does not know the child."""


def _filed(visit: Visit, *bare: str, urgency: str = "Heute") -> None:
    """File with what the house has to say, and nothing more."""
    visit.go("/portal/mitteilung")
    visit.onward()
    visit.look("1 anlass")
    visit.tick("anliegen")
    visit.onward()
    visit.fill_in("ort", notices.TOWN)
    visit.await_text(f"{notices.TOWN} (Kreis Wesel)")
    visit.onward()
    visit.onward()
    visit.choose(urgency)
    visit.onward()
    for number in range(25):
        heading = visit.heading
        if heading == notices.REVIEW:
            break
        if heading in PAGES and heading not in bare:
            PAGES[heading](visit)
        visit.look(f"{number + 2} {heading}")
        visit.onward()
    visit.look("30 prüfen")
    visit.press("Jetzt an")
    visit.await_text(SENT)


def test_an_ordnungsamt_files_without_knowing_the_child(
    portal: PortalWorld, place: Path, tmp_path: Path
) -> None:
    with visiting(place / "strasse", portal.url, "ordnungsamt") as visit:
        _arrived(visit, portal, STREET, tmp_path / "ablage")
        _filed(visit, *BARE)
        content = portal.fetched()
        check(tmp_path, visit)

    assert content["feststellungen"][0]["text"] == notices.SEEN
    assert "name" not in content.get("kind", {})


def test_a_practice_files_and_nobody_on_duty_is_told_with_a_number_and_another_way(
    portal: PortalWorld, place: Path, tmp_path: Path
) -> None:
    """Whoever chooses „Sofort“ where nobody would read it hears at once whom to ring."""
    with visiting(place / "praxis", portal.url, "praxis") as visit:
        _arrived(visit, portal, PRACTICE, tmp_path / "ablage")
        _filed(visit)
        content = portal.fetched()
        publish(portal.world, RHEINBERG, roster=None)
        # What was asked half a minute ago is asked anew.
        portal.world.hands.ahead += 60
        visit.go("/portal/mitteilung")
        visit.onward()
        visit.tick("anliegen")
        visit.onward()
        visit.fill_in("ort", notices.TOWN)
        visit.await_text(f"{notices.TOWN} (Kreis Wesel)")
        visit.onward()
        visit.onward()
        visit.choose("Sofort")
        visit.press("Weiter")
        visit.await_text(NOBODY)
        visit.look("50 niemand hat dienst")
        told = visit.text
        visit.press("Als „unverzüglich“ senden")
        visit.await_other_heading("Wie eilig ist es?")
        check(tmp_path, visit)

    assert content["warum_jugendamt"] == notices.WHY
    assert "+49 221 4710 101" in told.partition(NOBODY)[2]


def test_a_list_of_planned_notices_becomes_a_draft_for_each_row(
    portal: PortalWorld, place: Path, tmp_path: Path
) -> None:
    """Nothing is decided for a class: each row is looked at, and each is a draft of its own."""
    with visiting(place / "liste", portal.url, "liste") as visit:
        _arrived(visit, portal, SCHOOL, tmp_path / "ablage")
        visit.go("/portal/mitteilung")
        visit.onward()
        visit.choose(PLANNED)
        visit.onward()
        visit.look("1 stelle")
        for _ in range(6):
            if visit.heading == PUPIL:
                break
            if visit.has_field(OVERSIGHT):
                visit.choose(OVERSIGHT)
            visit.onward()
        visit.press("Aus einer Liste übernehmen")
        drop(visit, "fehlzeiten.csv", PUPILS)
        for number in range(1, 4):
            visit.await_text(f"Zeile {number}")
            visit.look(f"2 zeile {number}")
            visit.press("Entwurf anlegen")
            visit.await_text(f"Zeile {number} von 3 ist als Entwurf gespeichert")
        visit.await_text("Alle Zeilen sind übernommen")
        visit.look("3 alle zeilen")
        visit.go("/portal")
        visit.look("4 entwürfe")
        drafts = visit.text
        sent = visit.trace.everything()
        check(tmp_path, visit)

    named = [name for name in ("Eins", "Zwei", "Drei") if f"Kanarienvogel-{name}" in drafts]
    assert named == ["Eins", "Zwei", "Drei"]
    assert b"Kanarienvogel" not in sent
