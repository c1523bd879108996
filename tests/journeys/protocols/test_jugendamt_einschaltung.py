# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P07: a Jugendamt calls others in, who say what they did."""

import pytest

from tests.journeys.protocols.cast import ASD, CLINIC, ORDNUNGSAMT, POLICE, TRAEGER
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("called", [POLICE, CLINIC, ORDNUNGSAMT, TRAEGER])
async def test_whoever_is_called_in_asks_once_and_says_what_was_done(
    everybody: World, called: str
) -> None:
    """§ 8a Abs. 3 S. 2 SGB VIII."""
    async with telling(everybody, "jugendamt-einschaltung", ASD, called) as tale:
        office, other = tale.sides
        request = await office.says("ersuchen", urgency="sofort")
        assert await office.may_say() == set()
        assert await other.may_say() == {"rueckfrage", "erledigung"}

        question = await other.says("rueckfrage", about=request)
        assert await other.may_say() == {"erledigung"}
        await office.says("antwort", about=question)

        done = await closes(other, "erledigung", about=request)
        await puts_right_and_takes_back(tale, request)
        await puts_right_and_takes_back(tale, done)
