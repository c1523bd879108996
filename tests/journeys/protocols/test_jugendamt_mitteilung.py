# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P09: a Jugendamt tells the one that is responsible, which takes over by name."""

import pytest

from tests.journeys.protocols.cast import ASD, OTHER_ASD
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_danger_is_told_to_the_responsible_jugendamt_which_takes_over(
    everybody: World,
) -> None:
    """§ 8a Abs. 6 SGB VIII; until the other takes over, the first stays on duty (§ 86d)."""
    async with telling(everybody, "jugendamt-mitteilung", ASD, OTHER_ASD) as tale:
        first, responsible = tale.sides
        notice = await first.says("mitteilung", "vollstaendig", urgency="unverzueglich")
        assert await first.may_say() == set()
        assert await responsible.may_say() == {"rueckfrage", "uebernahme"}
        assert (await first.is_refused("uebernahme")).code == "step-not-allowed"

        question = await responsible.says("rueckfrage", about=notice)
        answer = await first.says("antwort", about=question)

        taken_over = await closes(responsible, "uebernahme", about=notice)
        for said in (notice, answer, taken_over):
            await puts_right_and_takes_back(tale, said)
