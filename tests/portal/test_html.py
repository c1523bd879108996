# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages that need nobody signed in are fit for every eye, in both languages and all colours.

Those behind the sign-in are looked at by the journeys, in the states into which they come.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.portal.arrivals import check
from tests.portal.html import faults
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
PAGES = (
    "/portal/anmeldung",
    "/portal/anmeldung/einmal?code=unbekannt",
    "/portal/hilfe",
    "/portal/leichte-sprache",
    "/portal/datenschutz",
    "/barrierefreiheit",
    "/portal/papier",
    "/portal/papier/schule-mitteilung/mitteilung",
)
BUDGET = 150_000
"""Bytes over the line for the first page, without fonts."""


@pytest.fixture(scope="module")
def stranger(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with visiting(tmp_path_factory.mktemp("fremd"), portal.url, "fremd") as visit:
        yield visit


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_fit_for_every_eye(stranger: Visit, path: str, tmp_path: Path) -> None:
    stranger.seen.clear()
    stranger.page.objections.clear()
    for language in ("de", "en"):
        mark = "&" if "?" in path else "?"
        stranger.page.open(f"{stranger.url}{path}{mark}lang={language}", width=stranger.width)
        stranger.page.wait_for("document.readyState", "complete")
        stranger.look(f"{path} {language}")
        assert stranger.page.evaluate("document.documentElement.lang") == language
    check(tmp_path, stranger)


def test_the_first_page_is_light(portal: PortalWorld, tmp_path: Path) -> None:
    with visiting(tmp_path / "profil", portal.url, "budget") as visit:
        visit.page.open(f"{portal.url}/portal", width=visit.width)
        visit.page.wait_for("location.pathname + document.readyState", "complete")
        visit.page.settle()

    assert 10_000 < visit.trace.bytes_without_fonts() < BUDGET


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = {"Probe": '<!DOCTYPE html><html lang="de"><title>x</title><button>a</button></html>'}

    assert [each for each in faults(wrong, tmp_path) if "no-implicit-button-type" in each]
