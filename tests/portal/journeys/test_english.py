# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who reads English better is led in English; the procedure's own words stay German."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal import notices
from tests.portal.arrivals import check
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld

pytestmark = pytest.mark.interop
WORDS = {"Ja": "Yes", "Nein": "No"}


class Reader(Visit):
    """A visit that finds in English what the pages themselves say."""

    def choose(self, label: str) -> None:
        """Click an answer; those of the procedure are German in every language."""
        super().choose(label if self.has_field(label) else WORDS.get(label, label))


@pytest.fixture
def guest(fresh: Visit) -> Iterator[Visit]:
    """The same person in English, and in German again for whoever comes after."""
    fresh.go("/portal?lang=en")
    yield Reader(**vars(fresh))
    fresh.go("/portal?lang=de")


def _on(visit: Visit) -> None:
    before = visit.heading
    visit.js("document.querySelector('[data-weiter]').click();0")
    visit.await_other_heading(before)


def test_a_notice_is_filed_in_english_from_the_start_page_to_the_receipt(
    portal: PortalWorld, guest: Visit, tmp_path: Path
) -> None:
    guest.look("80 start in english")
    guest.press("New notice")
    guest.await_path("/portal/mitteilung")
    guest.look("81 before you begin")
    _on(guest)
    guest.tick("anliegen")
    guest.look("82 topic")
    _on(guest)
    guest.fill_in("ort", notices.TOWN)
    guest.await_text(f"{notices.TOWN} (Kreis Wesel)")
    _on(guest)
    guest.look("83 office")
    _on(guest)
    guest.tick("dringlichkeit-1")
    guest.look("84 urgency")
    _on(guest)
    for number in range(25):
        heading = guest.heading
        if heading.startswith("What leaves your house"):
            break
        if heading in notices.PAGES:
            notices.PAGES[heading](guest)
        guest.look(f"85 {number} {heading}")
        _on(guest)
    guest.look("86 review")
    guest.js("document.querySelector('[data-weiter]').click();0")
    guest.await_text("Your notice is accepted")
    guest.look("87 receipt")
    content = portal.fetched()
    portal.turn()
    guest.go("/portal")
    guest.await_text("Receipt confirmed")
    guest.look("88 start again")
    check(tmp_path, guest)

    assert content["kind"]["name"]["familienname"] == notices.FAMILY
