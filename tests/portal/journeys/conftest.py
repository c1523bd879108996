# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The head of a school at a browser, shared by a module; others come as they are needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.long import leave_out, name_marker
from tests.portal.arrivals import arrive_first
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld

HEAD = "Leitung Erfunden-Eins"


def pytest_configure(config: pytest.Config) -> None:
    name_marker(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items, Path(__file__).parent)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the profiles of browsers lie."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="module")
def head(portal: PortalWorld, place: Path) -> Iterator[Visit]:
    """Somebody who may do everything at the school, signed in."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with visiting(place / "leitung", portal.url, "leitung") as visit:
        arrive_first(visit, portal, place / "ablage", HEAD)
        yield visit


@pytest.fixture
def fresh(head: Visit) -> Visit:
    """The same person with nothing seen so far."""
    head.seen.clear()
    head.found.clear()
    head.page.objections.clear()
    return head
