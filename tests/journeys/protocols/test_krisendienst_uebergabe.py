# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P16: what happened in the night is handed over in the morning, to a person."""

import pytest

from tests.journeys.protocols.cast import ASD, CRISIS_LINE
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_the_night_is_handed_over_to_somebody_by_name(everybody: World) -> None:
    """§ 4 Abs. 2 LKiSchG NRW: „zu jeder Zeit“."""
    async with telling(everybody, "krisendienst-uebergabe", CRISIS_LINE, ASD) as tale:
        night, day = tale.sides
        handover = await night.says("uebergabe", urgency="sofort")
        assert await night.may_say() == set()
        assert await day.may_say() == {"rueckfrage", "uebernahme"}

        question = await day.says("rueckfrage", about=handover)
        await night.says("antwort", about=question)

        taken_over = await closes(day, "uebernahme", about=handover)
        await puts_right_and_takes_back(tale, handover)
        await puts_right_and_takes_back(tale, taken_over)
