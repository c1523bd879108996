# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P10: responsibility changes: notice, data, talk, and only then the other takes over."""

import pytest

from tests.journeys.protocols.cast import ASD, OTHER_ASD
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


@holds("after_each:fallabgabe/uebernahme")
async def test_a_case_is_handed_over_with_its_data_and_a_talk(everybody: World) -> None:
    """§ 86c Abs. 2 SGB VIII."""
    async with telling(everybody, "fallabgabe", ASD, OTHER_ASD) as tale:
        old, new = tale.sides
        notice = await old.says("unterrichtung")
        assert await old.may_say() == {"daten", "gespraech"}
        assert await new.may_say() == {"gespraech"}
        assert (await new.is_refused("uebernahme")).code == "step-not-allowed"

        data = await old.says("daten", "vollstaendig")
        assert (await new.is_refused("uebernahme")).code == "step-not-allowed"
        talk = await new.says("gespraech", "hilfeplanfall")
        assert "uebernahme" not in await old.may_say()

        taken_over = await closes(new, "uebernahme", about=notice)
        for said in (notice, data, talk, taken_over):
            await puts_right_and_takes_back(tale, said)
