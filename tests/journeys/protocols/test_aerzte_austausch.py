# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P04b: a doctor asks another, who answers; nobody else hears of it."""

import pytest

from tests.journeys.protocols.cast import CLINIC, PRACTICE
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_practice_asks_a_clinic_and_hears_what_it_saw(everybody: World) -> None:
    """§ 32 Nr. 1 HeilBerG NRW."""
    async with telling(everybody, "aerzte-austausch", PRACTICE, CLINIC) as tale:
        asking, asked = tale.sides
        request = await asking.says("anfrage", "vollstaendig")
        assert "auskunft" in await asked.may_say()
        assert "auskunft" not in await asking.may_say()

        given = await closes(asked, "auskunft", about=request)
        await puts_right_and_takes_back(tale, request)
        await puts_right_and_takes_back(tale, given)
