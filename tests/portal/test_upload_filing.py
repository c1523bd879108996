# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Master data out of a file, in the form of a real notice: what is kept, and what never leaves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests import databases
from tests.browser import chromium
from tests.portal import notices
from tests.portal.arrivals import arrive_first, check
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld, a_portal
from tests.world import SCHOOL

PUPIL: Final = (
    "Nachname;Vorname;Geburtsdatum;Straße;PLZ;Ort;Religion;Note;Migrationshintergrund\n"
    "Kanarienvogel-Ödegård;Zoë Żaneta;23.04.2017;Kanarienvogelweg 12 a;47495;Rheinberg;"
    "Kanarienvogelkirche;2;Kanarienvogelland\n"
)
NEVER: Final = ("Kanarienvogelkirche", "Kanarienvogelland")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with databases.given_back(), a_portal(tmp_path_factory.mktemp("upload"), SCHOOL) as made:
        yield made


@pytest.fixture(scope="module")
def head(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    place = tmp_path_factory.mktemp("browser")
    with visiting(place / "leitung", portal.url, "datei") as visit:
        arrive_first(visit, portal, place / "ablage", "Leitung Erfunden-Eins")
        yield visit


def drop(visit: Visit, name: str, content: str) -> None:
    """Let a file fall on the place for it, as from a folder."""
    visit.page.wait_for("!!document.getElementById('datei-ablage')", "true")
    visit.page.evaluate(
        "(() => { const dt = new DataTransfer();"
        f"dt.items.add(new File([{json.dumps(content)}], {json.dumps(name)}));"
        "document.getElementById('datei-ablage').dispatchEvent("
        "new DragEvent('drop', {dataTransfer: dt, bubbles: true, cancelable: true})); })();0"
    )


def value_of(visit: Visit, field: str) -> str:
    return str(visit.page.evaluate(f"document.getElementById({json.dumps(field)})?.value"))


def test_a_pupil_comes_out_of_a_file_and_only_what_the_notice_has_a_field_for(
    head: Visit, tmp_path: Path
) -> None:
    notices.begin(head)
    notices.write(head, until="Das Kind")
    head.press("Aus einer Datei übernehmen")
    drop(head, "bild.pdf", "x")
    head.await_text("Aus einer PDF-Datei kann nichts übernommen werden")
    head.look("datei zurückgewiesen")
    drop(head, "schueler.csv", PUPIL)
    head.await_text("Das wird übernommen")
    head.look("vorschau")
    assert head.sees("Religion")
    assert not head.sees(NEVER[0])
    head.press("In das Formular übernehmen")
    head.page.wait_for(
        "document.getElementById('feld-kind-name-familienname')?.value", "Kanarienvogel-Ödegård"
    )
    child = [value_of(head, f"feld-kind-geburt{part}") for part in ("", "-monat", "-jahr")]
    head.look("übernommen")
    head.onward()
    street = value_of(head, "feld-kind-anschrift-strasse")
    number = value_of(head, "feld-kind-anschrift-hausnummer")
    everything = head.trace.everything()
    check(tmp_path, head)

    assert [int(each) for each in child] == [23, 4, 2017]
    assert (street, number) == ("Kanarienvogelweg", "12 a")
    assert [mark for mark in (*NEVER, "Ödegård", "Żaneta") if mark.encode() in everything] == []
