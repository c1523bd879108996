# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school files a notice in Firefox, signed in by its account, and hears back."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests import databases
from tests.interop_portal.firefox import Firefox, a_firefox, firefox
from tests.portal import notices
from tests.portal.html import faults
from tests.portal.oidc.certified import (
    a_certified_provider,
    come_with_account,
    let_time_pass,
    say_who,
)
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld, a_portal
from tests.trace import Trace
from tests.world import FEEDBACK, SCHOOL, free_port

ACCOUNT: Final = "leitung-firefox"
BROKEN: Final = ("Content-Security-Policy", "Content Security Policy", "TrustedType", "Error")
pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    if firefox() is None:
        wanted = os.environ.get("MELDEWEG_INTEROP") == "required"
        (pytest.fail if wanted else pytest.skip)(
            "firefox-esr is missing: tests/interop_portal/tools.sh"
        )
    home, port = tmp_path_factory.mktemp("firefox"), free_port()
    with (
        databases.given_back(),
        a_certified_provider(f"http://localhost:{port}") as said,
        a_portal(home, SCHOOL, port=port, **said) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with a_firefox(tmp_path_factory.mktemp("browser")) as made:
        yield made


def test_a_notice_is_filed_in_firefox_and_the_feedback_is_opened_there(
    portal: PortalWorld, page: Firefox, tmp_path: Path
) -> None:
    """Enrolment, keys, form, sealing, confirming by the account, receipt, feedback."""
    visit = Visit(page, portal.url, Trace(), "firefox")
    come_with_account(visit, portal, page.folder, ACCOUNT, visit.look)
    notices.begin(visit, visit.look)
    notices.write(visit, visit.look)
    visit.look("das verlässt Ihr Haus")
    let_time_pass(portal)
    visit.press("Jetzt an")
    say_who(visit, ACCOUNT)
    visit.await_path("/portal/mitteilung")
    visit.await_text(notices.REVIEW)
    visit.press("Jetzt an")
    visit.await_text("Ihre Mitteilung ist angenommen")
    visit.look("quittung")
    content = portal.fetched()
    portal.said("rueckmeldung", FEEDBACK)
    portal.turn()
    visit.go("/portal")
    visit.press("Rückmeldung")
    visit.await_path("/portal/vorgang/")
    visit.press("Nachricht öffnen")
    visit.await_text("tätig")
    visit.look("rückmeldung")

    assert content["kind"]["name"]["familienname"] == notices.FAMILY
    assert list(page.folder.glob("wiederherstellung*"))
    assert visit.found == []
    assert faults(visit.seen, tmp_path) == []
    assert [each for each in page.said() if any(word in each for word in BROKEN)] == []
