# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""At 23:40 with a telephone: how far is it from the passkey to the acknowledgement?"""

import asyncio
from pathlib import Path

from tests.adapters.world import words
from tests.eingang.journeys.conftest import DUTY
from tests.eingang.journeys.guest import Guest, check
from tests.eingang.people import link_for
from tests.eingang.world import Inbox
from tests.world import SCHOOL, example

TAPS = 3
"""Between the passkey and the acknowledgement of what cannot wait."""
STOPS_TO_NOTE = 25
"""Keys between signing in and the acknowledgement, with no use of the link to the content."""
STOPS = 50
"""Keys between the passkey and a feedback that is on its way."""
NOTICE = "Mitteilung gewichtiger Anhaltspunkte"
NOTE = "Zur Kenntnis genommen"
DONE = "?getan="


def test_what_cannot_wait_is_acknowledged_with_few_taps(
    inbox: Inbox, guest: Guest, tmp_path: Path
) -> None:
    guest.be_a_telephone()
    guest.go(link_for(inbox, DUTY, "bereitschaft"))
    guest.await_text(f"Willkommen, {DUTY}")
    guest.look("01 willkommen")
    guest.tap("Passkey einrichten und anmelden")
    guest.see_list()
    guest.look("02 liste")
    guest.taps, guest.unsighted = 0, []

    guest.tap(NOTICE)
    guest.arrive(f"/eingang/mitteilung/{inbox.sent['schule'].id}")
    guest.look("03 mitteilung")
    guest.tap(NOTE)
    guest.arrive(DONE)
    guest.look("04 zur kenntnis genommen")
    check(guest, tmp_path)

    said = asyncio.run(words(inbox.world, inbox.sent["schule"].id, unit=SCHOOL))
    assert "acknowledged" in said
    assert guest.taps <= TAPS
    assert guest.unsighted == []


def test_from_the_passkey_to_the_feedback_with_keys_alone(
    inbox: Inbox, guest: Guest, tmp_path: Path
) -> None:
    content = example("schule-mitteilung", "mitteilung")
    sent = inbox.send(SCHOOL, protocol="schule-mitteilung", content=content, urgency="sofort")
    guest.be_a_desk()
    guest.go("/eingang")
    guest.tab_to("Abmelden")
    guest.hit("Enter")
    guest.await_text("Sie sind abgemeldet")
    guest.look("05 abgemeldet")
    guest.stops = 0

    guest.tab_to("Mit Passkey anmelden")
    guest.hit("Enter")
    guest.see_list()
    guest.tab_to(NOTICE)
    guest.hit("Enter")
    guest.arrive("/eingang/mitteilung/")
    guest.tab_to(NOTE)
    guest.hit("Enter")
    guest.arrive(DONE)
    noted = guest.stops
    guest.tab_to("Rückmeldung geben")
    guest.hit("Enter")
    guest.arrive("/rueckmeldung")
    guest.look("06 rückmeldung")
    for _ in range(3):
        guest.tab_to("Ja")
        guest.hit(" ")
    guest.tab_to("Rückmeldung senden")
    guest.hit("Enter")
    guest.arrive(DONE)
    guest.look("07 rückmeldung gesendet")
    check(guest, tmp_path)

    assert noted <= STOPS_TO_NOTE
    assert guest.stops <= STOPS
    assert "acknowledged" in asyncio.run(words(inbox.world, sent.id, unit=SCHOOL))
    assert "Rückmeldung" in guest.text
