# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Something was wrong with a notice: withdrawn before it is taken, put right or taken back."""

from pathlib import Path

from tests.portal import notices
from tests.portal.arrivals import check
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld
from tests.world import RHEINBERG

SENT = "Ihre Mitteilung ist angenommen"
RIGHT = "Kanarienvogelstrasse 5, nicht 6."


def _filed(visit: Visit) -> str:
    """File a notice; returns the path of its matter."""
    notices.begin(visit)
    notices.write(visit)
    visit.press("Jetzt an")
    visit.await_text(SENT)
    number = str(visit.js("document.querySelector('code.mw-kennung').textContent"))
    return f"/portal/vorgang/{number}"


def _about(visit: Visit, matter: str, what: str) -> None:
    """Begin from the page of the matter what concerns the notice, as planned work."""
    visit.go(matter)
    number = matter.rpartition("/")[2]
    found = f"[...document.querySelectorAll('#mitteilung-{number} a')]"
    visit.js(f"{found}.find((a) => seh.text(a) === '{what}').click();0")
    visit.await_path("/portal/mitteilung?antwort=")
    visit.choose("In den nächsten Tagen")
    visit.onward()


def _sent(visit: Visit) -> None:
    visit.onward()
    visit.press("Jetzt an")
    visit.await_text(SENT)


def test_a_notice_is_put_right_and_then_taken_back_from_its_page(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    """Art. 16 and 17 DSGVO: both name the message that they concern, or the hub refuses them."""
    matter = _filed(fresh)
    portal.fetched()
    portal.turn()

    _about(fresh, matter, "Berichtigen")
    fresh.choose("Wohnanschrift")
    fresh.choose("Schreibfehler")
    fresh.fill_in("feld-richtig", RIGHT)
    fresh.look("50 berichtigung")
    _sent(fresh)
    correction = portal.fetched()
    portal.turn()
    named = portal.last[RHEINBERG].envelope.cau

    _about(fresh, matter, "Zurücknehmen")
    fresh.choose("Betrifft ein anderes Kind")
    fresh.look("51 ruecknahme")
    _sent(fresh)
    taken_back = portal.fetched()
    portal.turn()
    fresh.go(matter)
    fresh.look("52 berichtigt und zurückgenommen")
    check(tmp_path, fresh)

    assert (correction["teil"], correction["richtig"]) == ("anschrift", RIGHT)
    assert taken_back["grund"] == "falsche-person"
    assert named == portal.last[RHEINBERG].envelope.cau == matter.rpartition("/")[2]
    assert fresh.sees(f"Nummer {matter[-8:-4].upper()}-{matter[-4:].upper()}")
    assert fresh.sees("Zurückgenommen")
    # Nothing puts right what is taken back.
    assert not fresh.has_button("Berichtigen")


def test_what_nobody_has_taken_yet_is_withdrawn_and_does_not_arrive(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    matter = _filed(fresh)
    fresh.go(matter)
    fresh.press("Zurückziehen")
    fresh.await_text("Diese Mitteilung zurückziehen?")
    fresh.look("53 zurückziehen")
    fresh.tick("frage-ja")
    fresh.await_text("Zurückgezogen")
    fresh.look("54 zurückgezogen")
    check(tmp_path, fresh)

    assert not fresh.has_button("Zurückziehen")
    assert portal.office(lambda line: line.lease(limit=20)) == []
