# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How somebody fills in the notice of a school: what is typed on which page, with marked words.

The marks begin in the same way, so that they can be looked for wherever they must not be.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from hub import clock
from tests.portal.visits import Visit

MARK: Final = "Kanarienvogel"
FAMILY: Final = "Kanarienvogel-Erfunden"
FIRST: Final = "Kanarienvogeline"
SEEN: Final = "Kanarienvogelsatz: kam zum dritten Mal ohne Jacke und ohne Frühstück."
WHY: Final = "Kanarienvogelgrund: Die Familie ist seit einer Woche nicht erreichbar."
SENDER: Final = "Kanarienvogellehrerin-Erfunden"
STREET: Final = "Kanarienvogelweg"
POSTCODE: Final = "47495"
TELEPHONE: Final = "0221 4710389"
BORN: Final = ("23", "4", "2017")
SAID: Final = (MARK, MARK.lower(), POSTCODE, TELEPHONE, "Rheinberg", "05170032", "2017-04-23")
"""What must stand nowhere outside of browser and Jugendamt; the child's town is one of them."""
TOPIC: Final = "Ich mache mir Sorgen um ein Kind"
TOWN: Final = "Rheinberg"
REVIEW: Final = "Das verlässt Ihr Haus – und warum"

Page = Callable[[Visit], None]


def day() -> tuple[str, str, str]:
    """Return yesterday in three parts, as people type it."""
    at = clock.today() - timedelta(days=1)
    return str(at.day), str(at.month), str(at.year)


def _date(visit: Visit, field: str, parts: tuple[str, str, str]) -> None:
    for ending, part in zip(("", "-monat", "-jahr"), parts, strict=True):
        visit.fill_in(f"{field}{ending}", part)


def _child(visit: Visit) -> None:
    visit.fill_in("feld-kind-name-familienname", FAMILY)
    visit.fill_in("feld-kind-name-vorname", FIRST)
    _date(visit, "feld-kind-geburt", BORN)


def _address(visit: Visit) -> None:
    visit.fill_in("feld-kind-anschrift-strasse", STREET)
    visit.fill_in("feld-kind-anschrift-postleitzahl", POSTCODE)
    visit.fill_in("feld-kind-anschrift-ort", TOWN)


def _seen(visit: Visit) -> None:
    _date(visit, "feld-beobachtungen-0-datum", day())
    visit.choose("Ich selbst")
    visit.fill_in("feld-beobachtungen-0-text", SEEN)


def _done(visit: Visit) -> None:
    visit.tick("feld-schritte-gespraech-kind-erfolgt-1")
    visit.fill_in("feld-schritte-gespraech-kind-ergebnis", f"{MARK} war zu erschöpft.")
    visit.tick("feld-schritte-gespraech-eltern-erfolgt-1")
    visit.fill_in("feld-schritte-gespraech-eltern-ergebnis", f"{MARK}: nicht erreichbar.")


def _sender(visit: Visit) -> None:
    visit.fill_in("feld-absender-name-familienname", SENDER)
    visit.choose("Lehrkraft oder Schulleitung")
    visit.choose("Telefon Festnetz")
    visit.fill_in("feld-absender-kontakt-kennung", TELEPHONE)


PAGES: Final[Mapping[str, Page]] = {
    "Haben Sie schon angerufen?": lambda visit: visit.choose("Nein"),
    "Das Kind": _child,
    "Wohnanschrift": _address,
    "Wo ist das Kind jetzt?": lambda visit: visit.choose("In der Schule"),
    "Ihre Beobachtungen": _seen,
    "Was bisher geschehen ist": _done,
    "Warum muss das Jugendamt jetzt tätig werden?": lambda visit: visit.fill_in(
        "feld-warum-jugendamt", WHY
    ),
    "Wissen die Betroffenen von dieser Mitteilung?": lambda visit: visit.choose("Ja"),
    "Was sollte man vor einem Besuch wissen?": lambda visit: visit.tick(
        "feld-hinweise-auskunftssperre-1"
    ),
    "Für Rückfragen": _sender,
}
"""Pages on which something has to be said; all others can be left as they are."""
_MOST: Final = 25


def begin(visit: Visit, look: Callable[[str], None] = lambda _: None, *, town: str = TOWN) -> None:
    """Go from the first page to the urgency: what it is about, where the child lives."""
    visit.go("/portal/mitteilung")
    look("vorab")
    visit.onward()
    visit.choose(TOPIC)
    look("anlass")
    visit.onward()
    visit.fill_in("ort", town)
    visit.await_text(f"{town} (Kreis Wesel)")
    look("ort")
    visit.onward()
    look("stelle")
    visit.onward()
    visit.choose("Heute")
    look("eile")
    visit.onward()


def write(
    visit: Visit, look: Callable[[str], None] = lambda _: None, *, until: str = REVIEW
) -> None:
    """Fill in page after page until the one with this heading is there."""
    for number in range(_MOST):
        heading = visit.heading
        if heading == until:
            return
        if heading in PAGES:
            PAGES[heading](visit)
        look(f"{number + 6} {heading}")
        visit.onward()
    raise AssertionError(f"{until} did not come")
