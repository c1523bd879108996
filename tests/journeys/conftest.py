# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journeys share a hub by module; whoever moves its clock puts it back."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.greedy import Greedy
from tests.world import Clock, World


@pytest.fixture(scope="module")
def greedy(world: World) -> Iterator[Callable[[str], Greedy]]:
    """Greedy clients by unit, each with one token and one connection for the whole module."""
    with ExitStack() as stack:
        known: dict[str, Greedy] = {}

        def client(unit: str) -> Greedy:
            if unit not in known:
                known[unit] = stack.enter_context(Greedy(world, unit))
            return known[unit]

        yield client


@pytest.fixture
def clock(world: World) -> Iterator[Clock]:
    """The clock of the hub, to be put ahead."""
    yield world.clock
    world.clock.ahead = 0
