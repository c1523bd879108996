# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit, place, claim, receipt or answer of the log can be changed without being refused.

Each property is tried with examples that hypothesis chooses, the same ones in every run. What a
change does not touch is named, with its reason, by a test of its own (``without_effect``).
"""

import asyncio

import pytest

from tests.tamper.exchange import PARTIES, Exchange, record
from tests.world import a_world


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """One exchange over a real hub, which is gone by now."""
    with a_world(tmp_path_factory.mktemp("exchange"), *PARTIES) as world:
        return asyncio.run(record(world))
