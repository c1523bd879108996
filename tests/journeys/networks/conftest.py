# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Werne is founded once, and each test has a copy: time goes on for a whole hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.networks import werne
from tests.journeys.networks.places import a_place_at_rest, again
from tests.world import World


@pytest.fixture(scope="session")
def founded_werne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub that everybody in Werne and around it has joined, on an ordinary Thursday."""
    home: Path = tmp_path_factory.mktemp("werne")
    with a_place_at_rest(home, "kreis-unna-werne", werne.JOINING) as made:
        yield made


@pytest.fixture
def night(founded_werne: World, tmp_path: Path) -> Iterator[World]:
    """A hub of one's own, from that Thursday on."""
    with again(founded_werne, tmp_path / "world") as made:
        yield made
