# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A telephone is left in a taxi: what does its browser still hold of the notices it has shown?"""

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.browser import chromium
from tests.eingang.journeys.guest import Guest, at_a_browser
from tests.eingang.world import Inbox
from tests.journeys.canaries import found_in

NAMES = ("Musterkind-Erfunden", "Musterfrau-Erfunden", "Lehrerin-Erfunden", "Beamtin-Erfunden")
SAID = ("ohne Jacke und ohne", "Lautstarker Streit", "0221 4710123", "0171 3920019")
WRITTEN = "Wer holt das Kind heute ab? Erfunden."
MARKS = [*NAMES, *SAID, WRITTEN]


@pytest.fixture
def left(inbox: Inbox, profile: Path) -> Guest:
    """A browser that has shown, printed and answered notices, and was closed."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with at_a_browser(profile, inbox.url) as guest:
        guest.be(inbox.visitor("bereitschaft"))
        guest.go("/eingang")
        for each in inbox.sent.values():
            guest.go(f"/eingang/mitteilung/{each.id}")
            assert guest.sees("Musterkind-Erfunden")
            guest.go(f"/eingang/mitteilung/{each.id}/druck")
            guest.go(f"/eingang/mitteilung/{each.id}.pdf")
        guest.go(f"/eingang/mitteilung/{inbox.sent['schule'].id}/rueckfrage")
        guest.fill_in("frage", WRITTEN)
        guest.press("Senden")
        guest.page.wait_for("document.title", "Fehler")
        guest.go("/eingang")
    return guest


def test_a_browser_that_is_closed_keeps_nothing_of_what_it_has_shown(
    left: Guest, profile: Path
) -> None:
    kept = {
        str(path.relative_to(profile)): path.read_bytes()
        for path in profile.rglob("*")
        if path.is_file()
    }
    found = {name: found_in(content, MARKS) for name, content in kept.items()}

    # It does keep where it has been: an address tells nothing, and shows that the search sees.
    assert any(b"/eingang/mitteilung/" in content for content in kept.values())
    assert {name: marks for name, marks in found.items() if marks} == {}
    assert [url for url in map(unquote, left.trace.urls) if found_in(url.encode(), MARKS)] == []
