# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P15: a child is missing, and it is told to an end: somebody says that it was found."""

import pytest

from tests.journeys.protocols.cast import ASD, POLICE, TRAEGER
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("opener", "partner"), [(TRAEGER, POLICE), (ASD, POLICE), (POLICE, ASD), (POLICE, TRAEGER)]
)
async def test_a_missing_child_is_searched_for_and_found(
    everybody: World, opener: str, partner: str
) -> None:
    """Either side opens, and either side may be the one that finds."""
    async with telling(everybody, "vermisste", opener, partner) as tale:
        one, other = tale.sides
        notice = await one.says("mitteilung", "vollstaendig")
        assert await one.may_say() == {"ergaenzung", "auffindung"}
        assert await other.may_say() == {"auffindung"}

        more = await one.says("ergaenzung")
        assert (await other.is_refused("ergaenzung")).code == "step-not-allowed"

        found = await closes(other, "auffindung", about=notice)
        for said in (notice, more, found):
            await puts_right_and_takes_back(tale, said)


@holds("sides:vermisste")
async def test_the_jugendamt_does_not_report_a_child_missing_to_a_traeger(
    everybody: World,
) -> None:
    """Both are on the side of those who miss it; the police are the other."""
    async with telling(everybody, "vermisste", ASD, TRAEGER) as tale:
        refused = await tale.opener.is_refused("mitteilung")

    assert refused.code == "recipient-unknown"
