# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal is shared by a module: its hub, its houses and its people are made once."""

from collections.abc import Iterator

import pytest

from tests import databases
from tests.portal.world import PortalWorld, a_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal with one school that nobody of has been at yet."""
    with databases.given_back(), a_portal(tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal where a link alone opens a session; its school takes part."""
    home = tmp_path_factory.mktemp("demo")
    with databases.given_back(), a_portal(home, demo=True) as made:
        yield made
