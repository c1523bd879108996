# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P17: somebody asks for what § 68 SGB X lists, and gets that, or a reason why not."""

import pytest

from hub.errors import BasisNotAllowed
from tests.journeys.protocols.cast import ASD, JUDGE, POLICE, PROSECUTOR
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("asking", [POLICE, PROSECUTOR, JUDGE])
async def test_a_request_is_answered_with_what_the_list_allows(
    everybody: World, asking: str
) -> None:
    async with telling(everybody, "auskunftsersuchen", asking, ASD) as tale:
        one, office = tale.sides
        request = await one.says("ersuchen", "minimal")
        assert await one.may_say() == set()
        assert await office.may_say() == {"auskunft", "ablehnung"}

        given = await closes(office, "auskunft", "vollstaendig", about=request)
        await puts_right_and_takes_back(tale, request, "person")
        await puts_right_and_takes_back(tale, given, "anschrift")


async def test_a_request_without_an_order_is_declined_with_a_code(everybody: World) -> None:
    async with telling(everybody, "auskunftsersuchen", POLICE, ASD) as tale:
        police, office = tale.sides
        request = await police.says("ersuchen", "minimal")

        no = await closes(office, "ablehnung", about=request)
        await puts_right_and_takes_back(tale, no)


@holds("basis_chosen:auskunftsersuchen/ersuchen", "basis_chosen:auskunftsersuchen/auskunft")
async def test_on_which_paragraph_somebody_asks_no_program_decides(everybody: World) -> None:
    """§ 68 SGB X has a closed list; § 73 SGB X needs the order of a judge."""
    async with telling(everybody, "auskunftsersuchen", POLICE, ASD) as tale:
        police, office = tale.sides
        with pytest.raises(BasisNotAllowed) as unnamed:
            await police.composes("ersuchen", "minimal", basis="")
        assert unnamed.value.allowed == ("sgb10-68", "sgb10-73")

        await police.says("ersuchen", "minimal")
        with pytest.raises(BasisNotAllowed):
            await office.composes("auskunft", "vollstaendig", basis="")
