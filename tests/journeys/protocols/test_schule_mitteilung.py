# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P01: a school tells, is asked, answers, and the person who told hears three facts."""

import pytest

from tests.journeys.protocols.cast import ASD, SCHOOL
from tests.journeys.protocols.notices import comes_back_as_three_facts
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
async def test_a_notice_of_a_school_comes_back_as_three_facts(
    everybody: World, version: str
) -> None:
    async with telling(everybody, "schule-mitteilung", SCHOOL, ASD, version) as tale:
        await comes_back_as_three_facts(tale)
