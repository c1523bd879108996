# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P14: a school tells of a measure, asks for it to be carried out, or for a fine."""

import pytest

from tests.journeys.protocols.cast import ASD, ORDNUNGSAMT, SCHOOL, SCHULAUFSICHT
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("told", "opening"),
    [(ASD, "unterrichtung"), (ORDNUNGSAMT, "ersuchen"), (SCHULAUFSICHT, "antrag")],
)
async def test_each_office_hears_its_part_and_says_that_it_is_done(
    everybody: World, told: str, opening: str
) -> None:
    """§ 41 Abs. 4 SchulG NRW; one conversation for each office, with nothing of the others."""
    async with telling(everybody, "schulabsentismus", SCHOOL, told) as tale:
        school, office = tale.sides
        notice = await school.says(opening, "vollstaendig")
        assert await office.may_say() == {"erledigung"}

        done = await closes(office, "erledigung", about=notice)
        await puts_right_and_takes_back(tale, notice)
        await puts_right_and_takes_back(tale, done)
