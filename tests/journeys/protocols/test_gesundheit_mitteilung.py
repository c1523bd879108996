# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P04a: a practice tells, is asked, and whoever told hears three facts."""

import pytest

from tests.journeys.protocols.cast import ASD, PRACTICE
from tests.journeys.protocols.notices import comes_back_as_three_facts
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_notice_of_a_practice_comes_back_as_three_facts(everybody: World) -> None:
    async with telling(everybody, "gesundheit-mitteilung", PRACTICE, ASD) as tale:
        await comes_back_as_three_facts(tale)
