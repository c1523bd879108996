# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tales of all protocols share one hub, in which every role has a unit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.world import World, a_world_of_every_role


@pytest.fixture(scope="session")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub in which every role takes part; founding it takes longer than telling a tale."""
    home: Path = tmp_path_factory.mktemp("everybody")
    with databases.given_back(), a_world_of_every_role(home) as made:
        yield made
