# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school and an office, each at its own browser: what one does is what the other reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.browser import chromium
from tests.eingang.journeys.conftest import DUTY
from tests.eingang.journeys.guest import Guest, arrived, check
from tests.eingang.world import Inbox, an_inbox
from tests.portal import notices
from tests.portal.arrivals import arrive_first
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld, a_portal

pytestmark = pytest.mark.interop
SENT = "Ihre Mitteilung ist angenommen"
CONFIRMED = "Eingang bestätigt"
DONE = "?getan="
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal with one school, beside the hub of the office."""
    with databases.given_back(), a_portal(tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture(scope="module")
def inbox(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of the office that the school writes to."""
    with an_inbox(portal.world, tmp_path_factory.mktemp("stelle"), "demo = false") as made:
        yield made


@pytest.fixture(scope="module")
def school(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The head of the school, signed in at the portal."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    place = tmp_path_factory.mktemp("schule")
    with visiting(place, portal.url, "schule") as visit:
        arrive_first(visit, portal, place / "ablage", "Leitung Erfunden-Eins")
        yield visit


def test_what_a_school_writes_is_acknowledged_and_answered(
    portal: PortalWorld, inbox: Inbox, school: Visit, guest: Guest, tmp_path: Path
) -> None:
    notices.begin(school)
    notices.write(school)
    school.press("Jetzt an")
    school.await_text(SENT)
    found = _ID.search(school.text)
    assert found is not None

    arrived(guest, inbox, DUTY, "bereitschaft", "fachkraft")
    guest.go_until(f"/eingang/mitteilung/{found[0]}", notices.FAMILY)
    assert guest.sees(notices.SEEN)
    guest.press("Zur Kenntnis genommen")
    guest.arrive(DONE)
    portal.turn()
    school.go("/portal")
    assert school.sees(CONFIRMED)

    guest.press("Rückmeldung geben")
    guest.arrive("/rueckmeldung")
    for field in ("anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig"):
        guest.pick(field)
    guest.press("Rückmeldung senden")
    guest.arrive(DONE)
    guest.look("rückmeldung an eine schule")
    portal.turn()
    school.go("/portal")
    school.press("Rückmeldung")
    school.await_path("/portal/vorgang/")
    school.press("Nachricht öffnen")
    school.await_gone("Wird geöffnet")
    school.await_text("noch tätig")
    check(guest, tmp_path)
