# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P12: the Jugendgerichtshilfe hears in time, reports, tells of help, and hears the outcome."""

import pytest

from tests.journeys.protocols.cast import JGH, JUDGE, POLICE, PROSECUTOR
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("justice", [PROSECUTOR, JUDGE])
async def test_the_justice_tells_and_hears_a_report(everybody: World, justice: str) -> None:
    """§ 70 JGG, § 38 JGG, § 52 Abs. 2 SGB VIII."""
    async with telling(everybody, "jugendgerichtshilfe", justice, JGH) as tale:
        one, youth = tale.sides
        notice = await one.says("unterrichtung", "vollstaendig", urgency="sofort")
        assert await one.may_say() == {"ausgang"}
        assert await youth.may_say() == {"bericht", "hilfe"}

        report = await youth.says("bericht", "vollstaendig")
        help_given = await youth.says("hilfe")

        outcome = await closes(one, "ausgang")
        for said in (notice, report, help_given, outcome):
            await puts_right_and_takes_back(tale, said)


async def test_the_police_tell_and_hear_no_report(everybody: World) -> None:
    """§ 38 JGG names Staatsanwaltschaft and court."""
    async with telling(everybody, "jugendgerichtshilfe", POLICE, JGH) as tale:
        police, youth = tale.sides
        notice = await police.says("mitteilung", "vollstaendig", urgency="sofort")
        assert await youth.may_say() == set()
        for step in ("bericht", "hilfe"):
            assert (await youth.is_refused(step)).code in {"step-not-allowed", "recipient-unknown"}

        await closes(police, "ausgang")
        await puts_right_and_takes_back(tale, notice)
