# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One hub and one office for each module: what is there is shared, what is done is not undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.eingang.world import Inbox, a_world_of_offices, an_inbox, with_notices
from tests.long import leave_out, name_marker
from tests.world import World

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    name_marker(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items, HERE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub with those who send to the office, and one that it can pass on to."""
    home: Path = tmp_path_factory.mktemp("world")
    with databases.given_back(), a_world_of_offices(home) as made:
        yield made


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of an office, with a notice of a school and one of the police taken in."""
    with an_inbox(world, tmp_path_factory.mktemp("stelle")) as made:
        yield with_notices(made)
