# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P11: a child is handed over to the Jugendamt, brought to a place, and the court is told."""

import pytest

from tests.journeys.protocols.cast import ASD, CLINIC, CRISIS_LINE, JUDGE, POLICE, TRAEGER
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("finder", [POLICE, CLINIC, CRISIS_LINE])
async def test_a_child_is_handed_over_and_taken_into_care(everybody: World, finder: str) -> None:
    """§ 42 SGB VIII."""
    async with telling(everybody, "inobhutnahme", finder, ASD) as tale:
        one, office = tale.sides
        handover = await one.says("uebergabe", "vollstaendig")
        assert await one.may_say() == {"ende"}
        assert await office.may_say() == {"uebernahme", "ende"}

        taken_over = await office.says("uebernahme", about=handover)
        assert await office.may_say() == {"ende"}

        end = await closes(office, "ende", about=handover)
        await puts_right_and_takes_back(tale, handover)
        await puts_right_and_takes_back(tale, taken_over, "uebernahme")
        await puts_right_and_takes_back(tale, end, "noch-nicht-zu-ende")


async def test_whoever_takes_the_child_in_hears_no_more_than_that(everybody: World) -> None:
    async with telling(everybody, "inobhutnahme", ASD, TRAEGER) as tale:
        office, house = tale.sides
        notice = await office.says("unterbringung", "vollstaendig")
        assert await office.may_say() == await house.may_say() == {"ende"}

        end = await closes(house, "ende", about=notice)
        await puts_right_and_takes_back(tale, notice)
        await puts_right_and_takes_back(tale, end, "noch-nicht-zu-ende")


async def test_the_court_is_told_in_a_conversation_of_its_own(everybody: World) -> None:
    """§ 42 Abs. 3 SGB VIII; the court decides elsewhere, so the Jugendamt says that it is over."""
    async with telling(everybody, "inobhutnahme", ASD, JUDGE) as tale:
        office, court = tale.sides
        notice = await office.says("unterrichtung", "vollstaendig")
        assert await court.may_say() == set()

        end = await closes(office, "ende", about=notice)
        await puts_right_and_takes_back(tale, notice)
        await puts_right_and_takes_back(tale, end, "noch-nicht-zu-ende")
