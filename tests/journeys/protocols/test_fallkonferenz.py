# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P13: a Jugendamt invites without a name; whoever contributes says on which basis."""

import pytest

from hub.errors import BasisNotAllowed
from tests.journeys.protocols.cast import ASD, CLINIC, JGH, POLICE, PROSECUTOR, SCHOOL, TRAEGER
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("invited", [SCHOOL, POLICE, PROSECUTOR, CLINIC, TRAEGER, JGH])
async def test_whoever_is_invited_contributes_on_a_basis_of_its_own(
    everybody: World, invited: str
) -> None:
    """§ 52 Abs. 1 S. 2 SGB VIII gives a form and no power of its own."""
    async with telling(everybody, "fallkonferenz", ASD, invited) as tale:
        office, guest = tale.sides
        invitation = await office.says("einladung")
        assert "beitrag" in await guest.may_say()
        assert "abschluss" not in await guest.may_say()

        own = await guest.says("beitrag")
        await office.says("beitrag")

        await closes(office, "abschluss")
        await puts_right_and_takes_back(tale, invitation)
        await puts_right_and_takes_back(tale, own)


@holds("basis_chosen:fallkonferenz/beitrag")
async def test_no_program_fills_in_the_basis_of_a_contribution(everybody: World) -> None:
    async with telling(everybody, "fallkonferenz", ASD, SCHOOL) as tale:
        office, school = tale.sides
        await office.says("einladung")
        with pytest.raises(BasisNotAllowed):
            await school.composes("beitrag", basis="")
